import type { Plan } from "../plan/plan.ts";
import type { Palette } from "../support/palette.ts";
import { accessLines, type AccessLine } from "./access.ts";
import { visible } from "./escape.ts";
import type { Detail } from "./values.ts";

/** Who gains and who loses what: before all else, since an object's change does not tell. */
export function accessSection(
  plan: Plan,
  options: { readonly palette: Palette; readonly detail: Detail },
): string[] {
  const lines = accessLines(plan, options.detail);
  if (lines.length === 0) return [];
  return [options.palette.bold("Access"), ...lines.flatMap((line) => wordLine(line, options.palette))];
}

function wordLine(
  { who, where, gained, lost, because, isDangerous }: AccessLine,
  palette: Palette,
): string[] {
  const mark = isDangerous ? palette.red("!") : gained === "" ? palette.yellow("-") : palette.green("+");
  return [
    `  ${mark} ${visible(who)}  on ${visible(where)}`,
    ...(gained === "" ? [] : [`      ${isDangerous ? palette.red("gains") : "gains"} ${visible(gained)}`]),
    ...(lost === "" ? [] : [`      loses ${visible(lost)}`]),
    ...(because === "" ? [] : [palette.dim(`      since ${visible(because)}`)]),
  ];
}
