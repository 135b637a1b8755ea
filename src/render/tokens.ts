// What `rolecall tokens` and `tokens verify` say.

import { isLost, type SinkState } from "../apply/held.ts";
import type { OwnerStanding, TokenStanding } from "../plan/token-list.ts";
import type { TokenReport, TokensReport } from "../reconcile/token-passes.ts";
import type { Palette } from "../support/palette.ts";
import { countOf } from "./count.ts";
import { printableJson, visible } from "./escape.ts";
import { wordExpiry } from "./values.ts";

const standingWords: Readonly<Record<TokenStanding, string>> = {
  "in-order": "in order",
  adopted: "adopted",
  due: "due for a new secret",
  undelivered: "not delivered",
  missing: "not made yet",
  ignored: "left alone",
  undeclared: "not declared",
  unwanted: "to be deleted",
};

const ownerWords: Readonly<Record<OwnerStanding, string>> = {
  usable: "",
  unusable: " (can't log in)",
  missing: " (not created yet)",
};

export function renderTokens(reports: readonly TokensReport[], palette: Palette): string {
  return blocks(reports, palette, (tokens) => {
    if (tokens.length === 0) return ["  no tokens"];
    const rows = tokens.map((token) => cellsOf(token));
    return table([["token", "owner", "expires", "next secret", "state", "sinks"], ...rows], palette);
  });
}

function cellsOf({ token, owner, ownerStanding, expire, rotatesAt, standing, sinks }: TokenReport): string[] {
  return [
    visible(token),
    `${visible(owner)}${ownerWords[ownerStanding]}`,
    expire === undefined ? "" : wordExpiry(expire),
    rotatesAt === undefined ? "" : wordExpiry(rotatesAt),
    standingWords[standing],
    sinks.map(({ sink, place }) => `${visible(sink)} (${visible(place)})`).join(", "),
  ];
}

/** As wide as its widest cell; the last column is not padded. */
function table(rows: readonly (readonly string[])[], palette: Palette): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ")}`.trimEnd(),
  );
  return lines.map((line, index) => (index === 0 ? palette.dim(line) : line));
}

export function renderVerified(reports: readonly TokensReport[], palette: Palette): string {
  return blocks(reports, palette, (tokens) => {
    const held = tokens.flatMap((token) => (token.held ?? []).map((state) => ({ token, state })));
    const lost = tokens.filter(hasLostSecret);
    return [
      ...held.map(({ token, state }) => heldLine(token, state, palette)),
      ...lost.map((token) => `  ${palette.yellow("warning")} ${wordLost(token)}`),
      `  ${countOf(held.length, "sink")} of ${countOf(tokens.length, "token")} looked at, ${lost.length} to mend`,
    ];
  });
}

/** A secret that a sink lacks, or that the server refuses. */
export function hasLostSecret({ held = [] }: TokenReport): boolean {
  return held.some(isLost);
}

const stateWords: Readonly<Record<SinkState["state"], string>> = {
  accepted: "the server takes it",
  refused: "the server refuses it",
  missing: "not there",
  unknown: "can't be told",
};

function heldLine(
  { token }: TokenReport,
  { sink, place, state, message }: SinkState,
  palette: Palette,
): string {
  const colour = {
    accepted: palette.green,
    refused: palette.red,
    missing: palette.red,
    unknown: palette.dim,
  }[state];
  const why = message === undefined ? "" : `: ${visible(message)}`;
  return `  ${visible(token)}  sink ${visible(sink)} (${visible(place)}): ${colour(stateWords[state])}${why}`;
}

/** What is in the way would make a rotation be refused. */
function wordLost({ token, held = [] }: TokenReport): string {
  const first = held.some(({ occupied }) => occupied === true) ? "make room in it, then " : "";
  return (
    `secret-not-delivered: a sink of ${visible(token)} does not hold a secret that the server takes: ` +
    `${first}rolecall tokens rotate '${visible(token)}' makes a new one`
  );
}

function blocks(
  reports: readonly TokensReport[],
  palette: Palette,
  body: (tokens: readonly TokenReport[]) => readonly string[],
): string {
  const texts = reports.map((report) => {
    const head = palette.bold(visible(report.name));
    if (report.status === "ok") {
      return [`${head} (${report.product} ${visible(report.version)})`, ...body(report.tokens)].join("\n");
    }
    const { code, message, hint } = report.error;
    return [
      `${head} (${report.product})`,
      `${palette.red("error")} ${palette.bold(visible(code))}: ${visible(message)}`,
      ...(hint === undefined ? [] : [`  hint: ${visible(hint)}`]),
    ].join("\n");
  });
  return `${texts.join("\n\n")}\n`;
}

/** The findings are those of `verify`; the list has none. */
export function renderTokensJson(reports: readonly TokensReport[]): string {
  return printableJson({ formatVersion: 1, targets: reports.map(documentOf) });
}

function documentOf(report: TokensReport): object {
  const { name, product, status } = report;
  if (report.status !== "ok") return { name, product, status, error: report.error };
  const findings = report.tokens.filter(hasLostSecret).map(({ token }) => ({
    severity: "warning",
    code: "secret-not-delivered",
    message: `a sink of ${token} does not hold a secret that the server takes`,
  }));
  return {
    name,
    product,
    version: report.version,
    status,
    tokens: report.tokens.map(
      ({ token, owner, ownerStanding, expire, rotatesAt, standing, sinks, held, source }) => ({
        token,
        owner,
        ownerUsable: ownerStanding === "usable",
        expire: expire ?? null,
        rotatesAt: rotatesAt ?? null,
        state: standing,
        sinks: held ?? sinks,
        ...(source && { source: { file: source.file, line: source.line } }),
      }),
    ),
    findings,
  };
}
