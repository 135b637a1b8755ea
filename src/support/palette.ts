/** How a piece of text is to stand out. A value that is handed in: nobody asks here what kind of terminal there is. */
export interface Palette {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

function asIs(text: string): string {
  return text;
}

/** Select Graphic Rendition (ECMA-48): `on` switches a property on, `off` only this one off again. */
function sgr(on: number, off: number): (text: string) => string {
  return (text) => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`);
}

export const plain: Palette = { red: asIs, green: asIs, yellow: asIs, bold: asIs, dim: asIs };

export const coloured: Palette = {
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  bold: sgr(1, 22),
  dim: sgr(2, 22),
};
