import { describe, expect, test } from "@jest/globals";
import type { AskedQuestion, Reply } from "../../../src/daemon/pages.ts";
import type { StatusDocument, TargetDocument } from "../../../src/daemon/status.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { answerQuestion } from "../../../src/access/question.ts";
import { pve } from "../../../src/model/pve.ts";
import { pages } from "../../../src/page/pages.ts";
import { aState } from "../../support/builders.ts";
import { expectGolden } from "../../support/golden.ts";
import { aRefusedTarget, aStatus, aTargetStatus, at, now } from "../../support/status.ts";

const nothing = { target: undefined, subject: undefined, path: undefined, privilege: undefined };
const hostile = `"><script>alert(1)</script></td></table><img src=x onerror='x'>`;

/** Every page, made of a status in which each text is this one. */
function pagesOf(word: string): readonly string[] {
  const { target, plan } = aRefusedTarget("dc1", word);
  const diagnostic = {
    severity: "error",
    code: word,
    message: word,
    hint: word,
    file: word,
    line: 1,
    column: 2,
  } as const;
  const status = {
    ...aStatus([target], { notices: [word], diagnostics: [diagnostic], valid: false }),
    auditLog: { writable: false, problem: word, intact: false, breach: word, lastHash: word },
  };
  const asked: AskedQuestion = { target: "dc1", subject: word, path: word, privilege: word };
  const mistake = { field: "subject", problem: word, hint: word } as const;
  const server = { version: word, caller: word, readMs: Date.parse(now) };
  const replies: readonly Reply[] = [
    { kind: "nothing-asked" },
    { kind: "no-such-target" },
    { kind: "not-allowed", askers: "local" },
    { kind: "not-allowed", askers: "nobody" },
    { kind: "not-confirmed" },
    { kind: "busy" },
    { kind: "unread", error: { code: word, message: word, hint: word } },
    { kind: "answered", answer: { kind: "mistakes", mistakes: [mistake] }, ...server },
    ...answersOf(word).map((answer): Reply => ({ kind: "answered", answer, ...server })),
  ];
  return [
    pages.overview(status, new URLSearchParams({ name: word })),
    pages.overview(status, new URLSearchParams()),
    pages.target(status, target, plan),
    pages.missing(status, word),
    ...replies.map((reply) => pages.access(status, asked, reply)),
  ];
}

/** Of a server with a user of this name, as far as a server lets one have it. */
function answersOf(word: string): readonly Extract<Reply, { readonly kind: "answered" }>["answer"][] {
  const user = `${word.replace(/[\s:/]/gu, "").slice(0, 40)}@pve`;
  const state = aState({
    users: [user],
    groups: { ops: [user] },
    acl: [
      ["/vms", "group:ops", "PVEVMUser"],
      ["/vms/1", `user:${user}`, "NoAccess"],
    ],
  });
  const asked = { index: indexAccess(state), product: pve, server: "dc1", nowSeconds: 1 };
  const questions = [
    { subject: user, path: undefined, privilege: undefined },
    { subject: undefined, path: "/vms", privilege: "VM.Console" },
    { subject: user, path: "/vms", privilege: "VM.Console" },
    { subject: user, path: "/vms/1", privilege: "VM.Console" },
  ];
  return questions.map((question) => answerQuestion(question, asked));
}

const skeleton = (page: string): readonly string[] => page.match(/<[/!]?[a-z]+|\s[a-z-]+="/gu) ?? [];

test("whatever servers and manifests call things, a page has the same elements and attributes", () => {
  expect(pagesOf(hostile).map(skeleton)).toEqual(
    pagesOf("harmless".padEnd(hostile.length, "-")).map(skeleton),
  );
});

test("every page has one heading of the first level, no level left out, and no id twice", () => {
  for (const page of pagesOf("x")) {
    const levels = [...page.matchAll(/<h([1-6])/gu)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, place) => expect(level - (levels[place - 1] ?? 0)).toBeLessThanOrEqual(1));
    const ids = [...page.matchAll(/\sid="([^"]*)"/gu)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(page).not.toMatch(/<script|\son[a-z]+="|\sstyle="|<style|https?:/u);
  }
});

test("says of an audit log that is well nothing, and first of all what is wrong with it", () => {
  const status = aStatus([aTargetStatus("dc1")]);
  const told = (auditLog: StatusDocument["auditLog"]): readonly string[] =>
    pages
      .overview({ ...status, ...(auditLog && { auditLog }) }, new URLSearchParams())
      .match(/audit log[^<]*/giu) ?? [];
  expect([told(undefined), told({ writable: true, intact: true, lastHash: "5b" })]).toEqual([[], []]);
  expect(told({ writable: false, problem: "the disk is full", intact: true })).toEqual([
    "audit log needs you.",
    "audit log",
  ]);
  expect(told({ writable: true, intact: false, breach: "the audit log a was changed" })).toEqual([
    "audit log needs you.",
    "audit log",
    "audit log a was changed. ",
  ]);
});

test("says of sinks nothing where nobody looks into them", () => {
  const [unseen, seen] = [aTargetStatus("dc1"), aRefusedTarget("dc1", "x").target];
  const pageOf = (target: TargetDocument): string => pages.target(aStatus([target]), target, undefined);
  expect(pageOf(unseen)).not.toContain('id="sinks"');
  const words = [...pageOf(seen).matchAll(/>(not there|refused by the server|not known|delivered)</gu)];
  expect(words.map(([, word]) => word)).toEqual([
    "not there",
    "refused by the server",
    "not known",
    "delivered",
  ]);
});

test("the style and the icon load nothing", () => {
  for (const { body } of pages.files.values())
    expect(body.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/url\(|@import|https?:|<script/u);
});

describe("as reviewed:", () => {
  const { target, plan } = aRefusedTarget("dc1", "ops");
  const status = aStatus([
    target,
    aTargetStatus("dc2"),
    aTargetStatus("lab", { mode: "observe" }),
    aTargetStatus("old", { suspended: true }),
    aTargetStatus("new", { history: [], nextPassAt: at(5) }),
  ]);

  test.each([
    ["overview.html", pages.overview(status, new URLSearchParams())],
    ["target.html", pages.target(status, target, plan)],
    ["access.html", pages.access(status, { ...nothing, target: "dc2" }, { kind: "nothing-asked" })],
  ])("%s", (file, page) => expectGolden({ case: "page", file }, page));
});
