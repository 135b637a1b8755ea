// Colours, letters, the frame. Every pair of text and ground has a contrast of 4.5 or more, light and dark.

export const baseStyle = `:root {
  color-scheme: light dark;
  --ground: #f6f5f2; --sheet: #ffffff; --ink: #1d1f21; --quiet: #565b61; --rule: #dedcd6; --strong-rule: #8a8f96;
  --link: #1f5675; --bar: #24506b; --on-bar: #ffffff; --chip: #efede8;
  --good: #1d6b3f; --good-ground: #e3f1e7; --warn: #7a4b00; --warn-ground: #faeed3; --bad: #a3231c; --bad-ground: #fbe5e2;
  --plain-ground: #eae8e3;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", "Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131517; --sheet: #1b1e21; --ink: #e4e5e7; --quiet: #a3a9b0; --rule: #2f3338; --strong-rule: #6d747c;
    --link: #8cc3e6; --bar: #1b1e21; --on-bar: #e4e5e7; --chip: #272b30;
    --good: #7fd3a0; --good-ground: #17301f; --warn: #efbd69; --warn-ground: #35290f; --bad: #ff9a90; --bad-ground: #401b18;
    --plain-ground: #2a2e33;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 0.9375rem/1.5 var(--sans); overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.75rem; padding: 0.5rem max(1rem, calc((100vw - 76rem) / 2)); background: var(--bar); color: var(--on-bar); border-bottom: 1px solid var(--rule); }
header a { color: inherit; text-decoration: none; }
header a:focus-visible { outline-color: currentcolor; }
.mark { font-weight: 650; font-size: 1.0625rem; letter-spacing: 0.01em; padding: 0.25rem 0; }
header nav { display: flex; gap: 1.25rem; }
header nav a { padding: 0.375rem 0; border-bottom: 2px solid transparent; }
header nav a:hover, header nav a[aria-current] { border-bottom-color: currentcolor; }
main { max-width: 76rem; margin: 0 auto; padding: 1.25rem 1rem 2.5rem; }
main:focus { outline: none; }
footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem 2rem; color: var(--quiet); font-size: 0.8125rem; }
h1 { font-size: 1.625rem; line-height: 1.25; font-weight: 620; letter-spacing: -0.012em; margin: 0.25rem 0 0.5rem; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.35; font-weight: 640; margin: 2rem 0 0.5rem; }
h3 { font-size: 0.9375rem; font-weight: 620; margin: 1.25rem 0 0.25rem; }
p { margin: 0.375rem 0; max-width: 76ch; }
small { font-size: 0.8125rem; color: var(--quiet); font-weight: 400; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.17em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre { font-family: var(--mono); font-size: 0.86em; }
pre { background: var(--chip); padding: 0.5rem 0.75rem; border-radius: 4px; white-space: pre-wrap; margin: 0.5rem 0; }
abbr { text-decoration: none; }
time { white-space: nowrap; }
ul { margin: 0.25rem 0; padding-left: 1.125rem; }
summary { cursor: pointer; color: var(--link); }
.skip { position: absolute; left: -100vw; top: 0; padding: 0.5rem 1rem; background: var(--sheet); color: var(--link); z-index: 1; }
.skip:focus { left: 0; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print {
  :root { --ground: #fff; --bar: #fff; --on-bar: #000; }
  .skip, .filters, header nav, .button, form { display: none; }
  time[title]::after { content: " (" attr(title) ")"; }
  section, tr, li { break-inside: avoid; }
}
`;
