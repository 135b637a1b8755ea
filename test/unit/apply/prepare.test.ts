import { expect, test } from "@jest/globals";
import { prepareApply } from "../../../src/apply/prepare.ts";
import { resolved, unresolved } from "../../../src/secrets/resolved.ts";
import { pve } from "../../../src/model/pve.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { Place } from "../../../src/support/place.ts";
import { aDelivery, aPlan } from "../../support/desired-builders.ts";

const from = { source: "env", name: "P" } as const;
const plan = aPlan(
  {
    users: {
      "joe@pve": { password: { origin: { kind: "given", from }, policy: "initial" } },
      "old@pve": { password: { origin: { kind: "given", from }, policy: "initial" } },
    },
    tokens: { "joe@pve!ci": { deliveries: [aDelivery()] } },
  },
  { users: ["old@pve"] },
);

test("reads what the operations need, and only that, and proves every sink", async () => {
  const asked: string[] = [];
  const { secrets, problems } = await prepareApply(plan, {
    secretFor: (reference) => {
      asked.push(JSON.stringify(reference));
      return Promise.resolve(resolved(new Secret("long enough")));
    },
    passwordLengths: pve.passwordLengths,
    proveSink: ({ as }) => {
      asked.push(as);
      return Promise.resolve(resolved(as));
    },
  });
  expect(problems).toEqual([]);
  expect([...secrets.keys()]).toEqual(["env P"]);
  expect(asked).toEqual([JSON.stringify(from), aDelivery().as]);
});

test("tells all that is missing at once, and whose it is", async () => {
  const { problems } = await prepareApply(plan, {
    secretFor: () => Promise.resolve(unresolved("secret-missing", "no variable P")),
    passwordLengths: pve.passwordLengths,
    proveSink: () => Promise.resolve(unresolved("sink-unwritable", "no folder")),
  });
  expect(problems.map(({ code }) => code)).toEqual(["secret-missing", "sink-unwritable"]);
  expect(problems[0]?.message).toContain("joe@pve");
});

test.each([
  ["1234567", ["password-length"]],
  ["12345678", []],
  ["ä".repeat(64), []],
  ["x".repeat(65), ["password-length"]],
])("a password of the wrong length is found before anything is written: %s", async (text, codes) => {
  const { problems } = await prepareApply(plan, {
    secretFor: () => Promise.resolve(resolved(new Secret(text))),
    passwordLengths: pve.passwordLengths,
    proveSink: ({ as }) => Promise.resolve(resolved(as)),
  });
  expect(problems.map(({ code }) => code)).toEqual(codes);
  expect(JSON.stringify(problems)).not.toContain(text);
});

test("a problem says where the manifest names the sink, and what a secret is read from", async () => {
  const at = (line: number): Place => ({ file: "joe.yaml", line, column: 1 });
  const named = aPlan({
    users: { "joe@pve": { password: { origin: { kind: "given", from, source: at(7) }, policy: "initial" } } },
    tokens: {
      "joe@pve!ci": {
        deliveries: [
          { ...aDelivery(), source: at(20) },
          { ...aDelivery("b"), source: at(21) },
        ],
      },
    },
  });
  const { problems } = await prepareApply(named, {
    secretFor: () => Promise.resolve(unresolved("secret-missing", "env P is not set")),
    passwordLengths: pve.passwordLengths,
    proveSink: () => Promise.resolve(unresolved("sink-unwritable", "no folder")),
  });
  expect(problems.map(({ message }) => message)).toEqual([
    "joe.yaml:7: password of joe@pve: env P is not set",
    "joe.yaml:20: secret of joe@pve!ci: no folder",
    "joe.yaml:21: secret of joe@pve!ci: no folder",
  ]);
});

test("a problem says where the manifest asks for it", async () => {
  const { problems } = await prepareApply(plan, {
    secretFor: () => Promise.resolve(unresolved("secret-missing", "env P is not set")),
    passwordLengths: pve.passwordLengths,
    proveSink: () => Promise.resolve(unresolved("sink-unwritable", "no folder")),
  });
  expect(problems.map(({ message }) => message)).toEqual([
    "joe@pve.yaml:1: password of joe@pve: env P is not set",
    "joe@pve!ci.yaml:1: secret of joe@pve!ci: no folder",
  ]);
});
