import { describe, expect, test } from "@jest/globals";
import { indexAccess } from "../../../src/access/lookup.ts";
import { answerQuestion, type Answer, type Question } from "../../../src/access/question.ts";
import { pve } from "../../../src/model/pve.ts";
import { aState, aUser } from "../../support/builders.ts";

const index = indexAccess(
  aState({
    users: ["joe@pve", aUser("off@pve", { enabled: false })],
    groups: { ops: ["joe@pve", "off@pve"] },
    tokens: ["joe@pve!bare"],
    acl: [
      ["/vms", "group:ops", "PVEVMUser"],
      ["/", "group:ops", "PVEAuditor"],
      ["/vms/101", "user:joe@pve", "NoAccess"],
    ],
  }),
);

function ask(question: Partial<Question>): Answer {
  const words = { subject: undefined, path: undefined, privilege: undefined, ...question };
  return answerQuestion(words, { index, product: pve, server: "dc1 (pve 9.2.11)", nowSeconds: 1 });
}

describe("what a question names decides which it is", () => {
  test("somebody alone: everything", () => {
    const answer = ask({ subject: "joe@pve" });
    expect(answer).toMatchObject({
      kind: "access-of",
      subject: "user:joe@pve",
      logIn: "open",
      path: undefined,
    });
    expect(answer.kind === "access-of" && answer.statements.map(({ path }) => path)).toEqual([
      "/",
      "/vms",
      "/vms/101",
    ]);
  });

  test("somebody and a path: what is there", () => {
    const answer = ask({ subject: "token:joe@pve!bare", path: "/vms/100/" });
    expect(answer).toMatchObject({ kind: "access-of", subject: "token:joe@pve!bare", path: "/vms/100" });
  });

  test("a privilege and a path: who", () => {
    expect(ask({ privilege: "VM.Console", path: "/vms" })).toMatchObject({
      kind: "who-can",
      holdings: [{ subject: "user:joe@pve" }, { subject: "user:root@pam" }],
    });
  });

  test("all three: whether, with what speaks for and against this privilege alone", () => {
    const there = ask({ subject: "joe@pve", privilege: "VM.Console", path: "/vms/100" });
    expect(there.kind === "can" && [...there.explanation.privileges.keys()]).toEqual(["VM.Console"]);
    // What the auditors' role gave on / is replaced there too, and says nothing of a console.
    expect(there.kind === "can" && there.explanation.replaced).toEqual([]);
    const hidden = ask({ subject: "joe@pve", privilege: "VM.Console", path: "/vms/101" });
    expect(hidden.kind === "can" && hidden.explanation.privileges.size).toBe(0);
    expect(
      hidden.kind === "can" && hidden.explanation.replaced.map(({ reason }) => reason.entry.path),
    ).toEqual(["/vms"]);
  });

  test("of who cannot log in it says so", () => {
    expect(ask({ subject: "off@pve", privilege: "VM.Console", path: "/vms" })).toMatchObject({
      kind: "can",
      logIn: "disabled",
    });
  });
});

test.each<[string, Partial<Question>, readonly string[]]>([
  ["nothing", {}, ["subject"]],
  ["a path alone", { path: "/vms" }, ["subject"]],
  ["a privilege without a path", { privilege: "VM.Console" }, ["path"]],
  ["a group", { subject: "group:ops" }, ["subject"]],
  ["somebody of another kind", { subject: "token:joe@pve" }, ["subject"]],
  [
    "all of it wrong",
    { subject: "jo@pve", path: "vms", privilege: "VM.Consol" },
    ["subject", "path", "privilege"],
  ],
])("mistakes are told all at once: %s", (_, question, fields) => {
  const answer = ask(question);
  expect(answer.kind === "mistakes" && answer.mistakes.map(({ field }) => field)).toEqual(fields);
});

test("a path that no entry can be at is answered, with the doubt", () => {
  expect(ask({ subject: "joe@pve", path: "/nonsense/x" })).toMatchObject({
    kind: "access-of",
    path: "/nonsense/x",
    doubt: expect.stringContaining("/nonsense/x"),
  });
});
