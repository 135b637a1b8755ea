// Words with a tone, the sentence at the top, facts, filters.

export const partsStyle = `.badge, .word { display: inline-block; white-space: nowrap; }
.badge { padding: 0.0625rem 0.5rem; border-radius: 1rem; font-size: 0.8125rem; font-weight: 560; background: var(--plain-ground); }
.badge.as-declared { color: var(--good); background: var(--good-ground); }
.badge.needs-you { color: var(--bad); background: var(--bad-ground); }
.badge.in-trouble, .badge.differs { color: var(--warn); background: var(--warn-ground); }
.word { font-weight: 560; }
.word.good { color: var(--good); } .word.warn { color: var(--warn); } .word.bad { color: var(--bad); }
.headline { padding-left: 0.875rem; border-left: 0.3125rem solid var(--strong-rule); }
.headline.as-declared { border-color: var(--good); }
.headline.needs-you { border-color: var(--bad); }
.headline.in-trouble, .headline.differs { border-color: var(--warn); }
.manifests, .read, .lead { color: var(--quiet); }
.manifests { font-size: 0.875rem; padding-left: 1.1875rem; }
.lead { font-size: 1rem; }
.crumbs { font-size: 0.875rem; margin: 0; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.875rem; }
.title h1 { margin: 0.25rem 0; }
.hint { color: var(--quiet); font-size: 0.875rem; }
.none { color: var(--quiet); }
.button, button { display: inline-block; font: inherit; font-weight: 560; padding: 0.3125rem 0.875rem; border: 1px solid var(--strong-rule); border-radius: 5px; background: var(--sheet); color: var(--link); text-decoration: none; cursor: pointer; }
.button:hover, button:hover { border-color: var(--link); }
input, select { font: inherit; color: var(--ink); background: var(--sheet); border: 1px solid var(--strong-rule); border-radius: 5px; padding: 0.3125rem 0.5rem; max-width: 100%; min-width: 0; }
input::placeholder { color: var(--quiet); opacity: 1; }
input[aria-invalid] { border-color: var(--bad); border-width: 2px; }
label { font-size: 0.8125rem; color: var(--quiet); }
.filters { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1.5rem; margin-bottom: 0.75rem; }
.filters nav { display: flex; flex-wrap: wrap; gap: 0.375rem; }
.filters nav a { padding: 0.125rem 0.625rem; border: 1px solid var(--rule); border-radius: 1rem; text-decoration: none; color: var(--ink); background: var(--sheet); font-size: 0.875rem; }
.filters nav a:hover { border-color: var(--strong-rule); }
.filters nav a[aria-current] { border-color: var(--link); color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }
.filters nav b { font-weight: 640; font-variant-numeric: tabular-nums; }
.filters form { display: flex; flex-wrap: wrap; align-items: center; gap: 0.375rem 0.5rem; }
.filters input { width: 11rem; }
.refresh { font-size: 0.875rem; margin-left: auto; }
dl { margin: 0.75rem 0; }
dt { font-size: 0.8125rem; color: var(--quiet); }
dd { margin: 0; }
main > dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr)); gap: 0.75rem 1.5rem; padding: 0.875rem 1rem; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; }
.changes, .findings { list-style: none; padding: 0; margin: 0.25rem 0; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; }
.changes li, .findings > li { padding: 0.375rem 0.875rem; border-top: 1px solid var(--rule); }
.changes li:first-child, .findings > li:first-child { border-top: 0; }
.changes p { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.75rem; margin: 0; max-width: none; }
.changes small { margin-left: auto; font-family: var(--mono); font-size: 0.75rem; }
.mark-of { font-family: var(--mono); font-weight: 700; }
.create .mark-of { color: var(--good); } .update .mark-of { color: var(--warn); } .delete .mark-of { color: var(--bad); }
.fields { margin: 0.125rem 0 0.25rem 1.375rem; }
.fields div { display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
.fields dt { min-width: 6.5rem; }
.fields dd { flex: 1 1 14rem; font-family: var(--mono); font-size: 0.8125rem; }
.findings > li { border-left: 4px solid var(--warn); padding-block: 0.5rem; }
.findings > li.error { border-left-color: var(--bad); }
.ground { color: var(--quiet); }
`;
