import { describe, expect, test } from "@jest/globals";
import type { TargetDocument } from "../../../src/daemon/status.ts";
import { choiceFrom, chosen, countsOf, inOrder } from "../../../src/page/choice.ts";
import { headline } from "../../../src/page/headline.ts";
import { documentText } from "../../../src/page/html.ts";
import { overview } from "../../../src/page/overview.ts";
import { groundOf, standingOf } from "../../../src/page/standing.ts";
import { exact, wordDistance, wordLength } from "../../../src/page/time.ts";
import { aCondition, aPass, aStatus, aTargetStatus, now } from "../../support/status.ts";

const stalled = [
  aCondition("Synced", "False", "MaxDeletes", "s"),
  aCondition("Stalled", "True", "MaxDeletes", "too many"),
];
const open = (synced: "True" | "False" | "Unknown", message: string): TargetDocument["conditions"] => [
  aCondition("Synced", synced, "X", message),
  aCondition("Stalled", "False", "X", "retrying"),
];

const examples = {
  fine: aTargetStatus("fine"),
  refused: aTargetStatus("refused", { conditions: stalled }),
  down: aTargetStatus("down", { conditions: open("Unknown", "no answer"), failuresInARow: 1 }),
  drift: aTargetStatus("drift", {
    conditions: open("False", "3 changes"),
    history: [aPass({ result: "drift" })],
  }),
  moved: aTargetStatus("moved", {
    conditions: open("False", "moved"),
    history: [aPass({ result: "moved" })],
  }),
  new: aTargetStatus("new", { conditions: open("Unknown", "no pass yet"), history: [] }),
  quiet: aTargetStatus("quiet", { conditions: stalled, suspended: true }),
};

test.each([
  [examples.fine, "as-declared", "the live state is as declared"],
  [examples.refused, "needs-you", "too many"],
  [examples.down, "in-trouble", "retrying"],
  [examples.drift, "differs", "3 changes"],
  [examples.moved, "under-way", "moved"],
  [examples.new, "unseen", "no pass yet"],
  [examples.quiet, "suspended", "s"],
])("how $name stands, and why", (target, standing, ground) => {
  expect([standingOf(target), groundOf(target)]).toEqual([standing, ground]);
});

type Name = keyof typeof examples;

test.each<[readonly Name[], string]>([
  [[], "No target is declared."],
  [["fine"], "The target is as declared."],
  [["fine", "fine"], "All 2 targets are as declared."],
  [["fine", "quiet"], "One target is as declared, and 1 suspended."],
  [["fine", "fine", "quiet"], "2 targets are as declared, and 1 suspended."],
  [["quiet"], "The target is suspended."],
  [["quiet", "quiet"], "All 2 targets are suspended."],
  [["refused"], "1 target needs you."],
  [["refused", "fine", "down"], "1 of 3 targets needs you."],
  [["refused", "refused", "fine"], "2 of 3 targets need you."],
  [["down", "fine"], "1 of 2 targets is in trouble, and tried again."],
  [["drift", "fine", "new"], "1 of 3 targets differs, and is only observed."],
  [["moved", "new"], "2 targets are not done yet."],
])("the headline of %j", (names, words) => {
  const targets = names.map((name) => examples[name]);
  expect(documentText(headline(aStatus(targets), countsOf(inOrder(targets))))).toContain(`>${words}</h1>`);
});

test("mistakes in the manifests are in the headline, and listed", () => {
  const diagnostic = {
    severity: "error",
    code: "unknown-kind",
    message: "no kind Usr",
    file: "a.yaml",
    line: 2,
    column: 7,
  } as const;
  const page = overview(
    aStatus([examples.fine], { valid: false, diagnostics: [diagnostic], waiting: "git-lock" }),
    new URLSearchParams(),
  );
  expect(page).toContain(
    "The target is as declared. The last manifests have mistakes; those before are in force.",
  );
  expect(page).toContain("a.yaml:2:7");
  expect(page).toContain("Git holds its lock on newer ones");
});

describe("of many targets", () => {
  const many = [
    ...Array.from({ length: 120 }, (_, number) => aTargetStatus(`site-${number}`)),
    examples.refused,
    examples.down,
  ];
  const show = (query: string): string => overview(aStatus(many), new URLSearchParams(query));
  const rows = (page: string): number => page.split("</h2>")[1]?.match(/<th scope="row"/gu)?.length ?? 0;

  test("those that need somebody come first", () => {
    expect(
      inOrder(many)
        .slice(0, 3)
        .map(({ target }) => target.name),
    ).toEqual(["refused", "down", "site-0"]);
  });

  test("a hundred are shown, and all where that is asked for", () => {
    expect([rows(show("")), rows(show("show=all"))]).toEqual([100, 122]);
    expect(show("")).toContain("Show all 122");
  });

  test.each([
    ["state=needs-you", 1],
    ["state=as-declared&name=SITE-11", 11],
    ["name=%20down%20", 1],
    ["state=nonsense", 122],
  ])("%s", (query, count) => {
    expect(chosen(inOrder(many), choiceFrom(new URLSearchParams(query)))).toHaveLength(count);
  });

  test("none found is said, in the words that were asked for", () => {
    expect(show("state=differs&name=%3Cx%3E")).toContain("whose name has “&#60;x&#62;” in it that differs");
  });

  test("the page asks for itself again only where that is asked for, and keeps the choice", () => {
    expect(show("")).not.toContain("http-equiv");
    const page = show("refresh=on&state=needs-you&name=r");
    expect(page).toContain('<meta http-equiv="refresh" content="15" />');
    expect(page).toContain('href="/?name=r&#38;state=needs-you"');
    // A name that is typed next is looked for among the same.
    for (const [name, value] of [
      ["state", "needs-you"],
      ["refresh", "on"],
    ])
      expect(page).toContain(`<input type="hidden" name="${name}" value="${value}" />`);
  });
});

test.each([
  [0, "now"],
  [-1_000, "1 s ago"],
  [119_000, "in 119 s"],
  [120_000, "in 2 min"],
  [-7_200_000, "2 h ago"],
  [3 * 86_400_000, "in 3 d"],
])("%d ms away is %s", (ms, words) => {
  expect(wordDistance(new Date(Date.parse(now) + ms).toISOString(), now)).toBe(words);
});

test("instants and lengths in words", () => {
  expect([exact("2026-11-25T07:02:45.123Z"), wordLength(300_000)]).toEqual(["2026-11-25 07:02:45Z", "5 min"]);
});
