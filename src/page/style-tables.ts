// Tables, and the cards that their rows are on a narrow screen.

export const tableStyle = `table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); font-size: 0.8125rem; padding: 0 0 0.25rem; }
th, td { overflow-wrap: break-word; text-align: left; vertical-align: baseline; padding: 0.4375rem 0.875rem; border-top: 1px solid var(--rule); font-weight: 400; }
thead th { border-top: 0; font-size: 0.8125rem; color: var(--quiet); white-space: nowrap; padding-block: 0.375rem; }
tbody tr:hover > * { background: color-mix(in srgb, var(--chip) 55%, transparent); }
tbody th { font-weight: 480; min-width: 6.5rem; }
.delta table { table-layout: fixed; }
.delta th:nth-child(-n + 2) { width: 19%; } .delta th:nth-child(4) { width: 26%; }
@media (max-width: 46rem) { .delta th:nth-child(n) { width: auto; } }
.long, .ground, .delta th, .delta td, td li, th small { overflow-wrap: anywhere; }
td > ul, td > p, th > p { margin: 0; }
.targets tbody th a { font-weight: 600; }
.targets tbody th small { display: block; }
.targets td:nth-child(n + 4) { white-space: nowrap; }
.targets .ground { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.gain { max-width: none; }
.dangerous { color: var(--bad); font-weight: 700; }
.more { display: inline; }
.more summary { display: inline; }
@media (max-width: 46rem) {
  table, tbody, tr, th, td, caption { display: block; width: auto; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table { border: 0; background: none; }
  tbody tr { background: var(--sheet); border: 1px solid var(--rule); border-radius: 6px; padding: 0.5rem 0.75rem; margin-bottom: 0.5rem; }
  tbody th, tbody td { min-width: 0; overflow-wrap: anywhere; border: 0; padding: 0.125rem 0; }
  tbody td { position: relative; padding-left: 7rem; min-height: 1.5rem; }
  tbody td::before { content: attr(data-name); position: absolute; left: 0; top: 0.1875rem; width: 6.5rem; color: var(--quiet); font-size: 0.8125rem; }
  tbody td.empty { display: none; }
  .targets td:nth-child(n + 4) { white-space: normal; }
  .filters { align-items: stretch; flex-direction: column; }
  .filters input { flex: 1; width: auto; }
  .refresh { margin-left: 0; }
  .changes small { margin-left: 0; flex-basis: 100%; padding-left: 1.375rem; }
  h1 { font-size: 1.375rem; }
}
`;
