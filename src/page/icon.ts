/** A list of names, one of them ticked. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#24506b"/>
<g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">
<path d="M15 10h9M15 16h9M15 22h9"/><path d="m6.5 15.5 2.2 2.4 3.4-4.4"/></g>
<g fill="#fff" opacity=".6"><circle cx="9" cy="9.5" r="1.7"/><circle cx="9" cy="22.5" r="1.7"/></g>
</svg>
`;
