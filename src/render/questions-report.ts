// `access report`, one subject at a time: all of it together may be larger than memory.

import type { LogInNow } from "../access/usable.ts";
import { authKey, type AuthId, type Privilege } from "../model/ids.ts";
import type { Permissions } from "../model/live-state.ts";
import { compareText, sortedBy } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Palette } from "../support/palette.ts";
import { markdownCode, printableLine, visible } from "./escape.ts";
import { wordLogIn, wordPrivileges, type AllPrivileges } from "./questions-words.ts";

export interface ReportRow {
  readonly id: AuthId;
  readonly logIn: LogInNow;
  /** Computed: who cannot log in can use nothing of it. */
  readonly permissions: Permissions;
}

export interface Report {
  /** What was asked: `office (pve 9.2.11)`. */
  readonly source: string;
  readonly all: AllPrivileges;
  readonly rows: Iterable<ReportRow>;
}

type Chunks = Generator<string, void, undefined>;

/** One subject a line, each part as GET /access/permissions answers it. */
export function* reportJson({ rows }: Report): Chunks {
  const textOf = remembered((permissions) => printableLine(permissionsDocument(permissions)));
  let separator = "\n";
  yield '{ "subjects": {';
  for (const { id, permissions } of rows) {
    yield `${separator}${printableLine(id)}: ${textOf(permissions)}`;
    separator = ",\n";
  }
  yield "\n} }\n";
}

function permissionsDocument(permissions: Permissions): unknown {
  const paths = sortedBy(permissions, ([path]) => path).map(([path, privileges]) => [
    path,
    Object.fromEntries(sortedBy(privileges, ([name]) => name).map(([name, flag]) => [name, flag ? 1 : 0])),
  ]);
  return Object.fromEntries(paths);
}

export function* reportText({ source, all, rows }: Report, palette: Palette): Chunks {
  const textOf = remembered((permissions) =>
    groupsFrom(permissions, all)
      .map(({ paths, below, here }) => [
        `  on ${paths.map(visible).join(", ")}\n`,
        ...(below === undefined ? [] : [`    ${visible(below)}\n`]),
        ...(here === undefined ? [] : [`    not below: ${visible(here)}\n`]),
      ])
      .flat()
      .join(""),
  );
  yield `Access of ${visible(source)}\n`;
  for (const { id, logIn, permissions } of rows) {
    const stop = logIn === "open" ? "" : palette.yellow(`  ${wordLogIn(logIn)}`);
    yield `\n${palette.bold(visible(authKey(id)))}${stop}\n${textOf(permissions) || "  nothing\n"}`;
  }
}

export function* reportMarkdown({ source, all, rows }: Report): Chunks {
  const linesOf = remembered((permissions) =>
    groupsFrom(permissions, all).map(({ paths, below, here }) =>
      [
        paths.map(markdownCode).join("<br>"),
        below === undefined ? "" : markdownCode(below),
        here === undefined ? "" : markdownCode(here),
      ].join(" | "),
    ),
  );
  yield `# Access of ${markdownCode(source)}\n\n`;
  yield "| subject | log-in | on | here and below | here only |\n| --- | --- | --- | --- | --- |\n";
  for (const { id, logIn, permissions } of rows) {
    const head = `| ${markdownCode(authKey(id))} | ${wordLogIn(logIn)} |`;
    const lines = linesOf(permissions);
    yield (lines.length === 0 ? [" |  | "] : lines).map((line) => `${head} ${line} |\n`).join("");
  }
}

/** RFC 4180, for spreadsheets: one privilege a row; who holds nothing has a row without. */
export function* reportCsv({ rows }: Report): Chunks {
  yield csvLine(["subject", "log_in", "path", "privilege", "propagate"]);
  for (const { id, logIn, permissions } of rows) {
    const head = [authKey(id), logIn];
    const lines = sortedBy(permissions, ([path]) => path).flatMap(([path, privileges]) =>
      sortedBy(privileges, ([name]) => name).map(([name, flag]) =>
        csvLine([...head, path, name, flag ? "1" : "0"]),
      ),
    );
    yield lines.length === 0 ? csvLine([...head, "", "", ""]) : lines.join("");
  }
}

/** No cell begins with a sign that a spreadsheet takes for a formula: subjects have their kind, paths a slash. */
function csvLine(cells: readonly string[]): string {
  const quote = (cell: string): string => (/[",]/u.test(cell) ? `"${cell.replace(/"/gu, '""')}"` : cell);
  return `${cells.map((cell) => quote(visible(cell))).join(",")}\r\n`;
}

interface PathGroup {
  readonly paths: readonly string[];
  readonly below: string | undefined;
  readonly here: string | undefined;
}

/** Paths with the same privileges together, in the order of the first of each. */
function groupsFrom(permissions: Permissions, all: AllPrivileges): readonly PathGroup[] {
  const groups = new Map<string, PathGroup & { readonly paths: string[] }>();
  for (const [path, privileges] of sortedBy(permissions, ([name]) => name)) {
    const below = wordHeld(privileges, true, all);
    const here = wordHeld(privileges, false, all);
    getOrAdd(groups, JSON.stringify([below, here]), () => ({ paths: [], below, here })).paths.push(path);
  }
  return [...groups.values()];
}

function wordHeld(
  privileges: ReadonlyMap<Privilege, boolean>,
  propagate: boolean,
  all: AllPrivileges,
): string | undefined {
  const names = [...privileges].flatMap(([name, flag]) => (flag === propagate ? [name] : []));
  return names.length === 0 ? undefined : wordPrivileges(names.sort(compareText), all);
}

/** Those whom the same entries speak of share one value, so its text is made once. */
function remembered<T>(make: (permissions: Permissions) => T): (permissions: Permissions) => T {
  const made = new WeakMap<Permissions, { readonly value: T }>();
  return (permissions) => {
    const known = made.get(permissions) ?? { value: make(permissions) };
    made.set(permissions, known);
    return known.value;
  };
}
