// The explorer.

export const answerStyle = `.question { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 0.5rem 0.75rem; align-items: end; padding: 0.875rem 1rem; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; }
.question > div { display: flex; flex-direction: column; gap: 0.125rem; }
.question input, .question select, .question button { height: 2.25rem; }
.question input { font-family: var(--mono); font-size: 0.875rem; }
.question button { background: var(--link); border-color: var(--link); color: var(--sheet); }
.notice { padding: 0.75rem 1rem; margin-top: 1rem; background: var(--sheet); border: 1px solid var(--rule); border-left: 4px solid var(--warn); border-radius: 6px; }
.notice h2 { margin-top: 0; }
.privileges { font-family: var(--mono); font-size: 0.8125rem; line-height: 1.6; max-width: none; }
.answer td ul { color: var(--quiet); }
.answer td ul:not(.refusals) { list-style: none; padding: 0; }
.refusals { color: var(--quiet); list-style: "× "; }
.read { font-size: 0.8125rem; margin-top: 0.75rem; }
`;
