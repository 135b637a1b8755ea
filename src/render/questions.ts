// Answers to `access of` and `access who-can`.

import type { Statement } from "../access/everywhere.ts";
import type { Explanation } from "../access/explain.ts";
import type { LogInNow } from "../access/usable.ts";
import type { Holding } from "../access/who-can.ts";
import { wordReason } from "../access/words.ts";
import type { AclPath, Privilege, SubjectKey } from "../model/ids.ts";
import type { Palette } from "../support/palette.ts";
import { countOf } from "./count.ts";
import { printableJson, visible } from "./escape.ts";
import {
  heldTogether,
  wordLogIn,
  wordPrivileges,
  wordRefusals,
  type AllPrivileges,
} from "./questions-words.ts";

export interface SubjectAnswer {
  readonly subject: SubjectKey;
  readonly logIn: LogInNow;
  readonly statements: readonly Statement[];
  readonly all: AllPrivileges;
}

export function renderSubject({ subject, logIn, statements, all }: SubjectAnswer, palette: Palette): string {
  const usable =
    logIn === "open" ? "" : palette.yellow(", so it can use nothing now; what follows is what it would have");
  const head = `${palette.bold(visible(subject))} ${wordLogIn(logIn)}${usable}.`;
  const body = statements.flatMap((statement) => ["", ...wordStatement(statement, all, palette)]);
  const none = statements.length === 0 ? ["", "It holds nothing anywhere."] : [];
  return `${[head, ...body, ...none].join("\n")}\n`;
}

function wordStatement(
  { path, extent, explanation }: Statement,
  all: AllPrivileges,
  palette: Palette,
): string[] {
  const rows = heldTogether(explanation);
  const held = rows.flatMap(({ privileges, because }) => [
    `  ${palette.green(visible(wordPrivileges(privileges, all)))}`,
    ...because.map((words) => `    ${visible(words)}`),
  ]);
  return [
    palette.bold(extents[extent](visible(path))),
    ...(rows.length === 0 ? ["  nothing"] : held),
    ...wordRefusals(explanation).map((words) => palette.dim(`  ${visible(words)}`)),
  ];
}

const extents: Readonly<Record<Statement["extent"], (path: string) => string>> = {
  "here-and-below": (path) => `on ${path} and below`,
  here: (path) => `on ${path} itself`,
  below: (path) => `below ${path}`,
};

export function renderSubjectJson(
  { subject, logIn }: Pick<SubjectAnswer, "subject" | "logIn">,
  explanations: readonly Explanation[],
): string {
  return printableJson({ subject, logIn, usable: logIn === "open", paths: explanations.map(pathDocument) });
}

function pathDocument({ path, privileges, cut, replaced }: Explanation): unknown {
  return {
    path,
    privileges: [...privileges].map(([privilege, { propagate, because }]) => ({
      privilege,
      propagate,
      because: because.map(wordReason),
    })),
    cut: cut.map((one) => ({ ...one, because: one.because.map(wordReason) })),
    replaced: replaced.map(({ reason, by }) => ({ entry: wordReason(reason), by: by.map(wordReason) })),
  };
}

export interface PrivilegeAnswer {
  readonly privilege: Privilege;
  readonly path: AclPath;
  readonly holdings: readonly Holding[];
}

export function renderWhoCan({ privilege, path, holdings }: PrivilegeAnswer, palette: Palette): string {
  const who = holdings.length === 0 ? "nobody" : countOf(holdings.length, "subject");
  const rows = holdings.flatMap(({ subject, propagate, because }) => [
    `  ${palette.bold(visible(subject))}${propagate ? "" : "  not below it"}`,
    ...because.map((reason) => `    ${visible(wordReason(reason))}`),
  ]);
  return `${[`${privilege} on ${visible(path)}: ${who}`, ...rows].join("\n")}\n`;
}

export function renderWhoCanJson({ privilege, path, holdings }: PrivilegeAnswer): string {
  const holders = holdings.map(({ subject, propagate, because }) => ({
    subject,
    propagate,
    because: because.map(wordReason),
  }));
  return printableJson({ privilege, path, holders });
}
