// Laws of exports: whatever a server holds, what is exported of it is valid, and a plan of it changes nothing.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AccessState } from "../../src/model/access-state.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { realmsOfUsers } from "../../src/usercfg/domains.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { arbitraryState } from "../support/arbitrary-state.ts";
import { aReadOf, changesOf, planBetween, planInstant } from "../support/desired-builders.ts";
import { desiredFrom, exportedTexts } from "../support/exported.ts";
import { desiredAt } from "../../src/desired/at-instant.ts";
import { targetText } from "../support/manifest-text.ts";

const release = releaseOf("9.2.11")!;

/** What is left out because no manifest can say it must not be pruned: here the target prunes nothing. */
const keeping = targetText().replace("prune: true", "prune: false");

function expectEmptyPlan(state: AccessState, target?: string): void {
  const texts = exportedTexts(state);
  const desired = desiredAt(desiredFrom(texts, target), planInstant);
  const plan = planBetween(desired, aReadOf(state));
  expect(changesOf(plan)).toEqual([]);
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
}

test("a state whose objects can all be said, with prune", () => {
  fc.assert(
    fc.property(arbitraryState, (state) => {
      const sayable = state.acl.filter(({ path }) => path !== "/vms/100/deep");
      expectEmptyPlan({ ...state, acl: sayable });
    }),
    { numRuns: 150 },
  );
});

const encoded = (text: string): string =>
  [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const note = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constantFrom("0", " x", "x ", "yes", "---"),
);
const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }).filter((text) => /^[^\s:/,;%]+$/u.test(text)),
  fc.constantFrom("null", "a'b", '"', "#x", "-", "ü", "a!b", "x".repeat(50), "{}", "*", "&a", "\u0001"),
);
const id = fc.tuple(word, fc.constantFrom("pve", "pam", "corp")).map(([name, realm]) => `${name}@${realm}`);
const expire = fc.constantFrom(0, 1, 1_800_000_000, 1_798_761_599, 2 ** 40, 2 ** 60);

/** A user.cfg as anybody may have written it, with whatever in its fields. */
const hostile = fc
  .record({
    users: fc.array(fc.tuple(id, fc.boolean(), expire, note, note, note), { maxLength: 6 }),
    groups: fc.array(
      fc.tuple(fc.constantFrom("g", "G", "-", "a.b", "staff-corp", "rolecall-pause"), fc.nat(5), note),
      {
        maxLength: 4,
      },
    ),
    roles: fc.constantFrom(
      "",
      "role:PVEx:VM.Audit:\n",
      "role:-:VM.Audit:\nrole:ops::\nrole:Ops:VM.Console:\n",
    ),
    rows: fc.array(
      fc.tuple(
        fc.constantFrom("/", "/vms", "/vms/100/deep", "/pool/a", "/odd path", "/access/realm/x"),
        fc.nat(6),
        fc.constantFrom("PVEAuditor", "ops", "Ops", "-", "PVEx"),
        fc.boolean(),
      ),
      { maxLength: 8 },
    ),
    pools: fc.constantFrom("", "pool:a:%00%0A:100,101:local:\n", "pool:a/9:0:100::\npool:-:::x:\n"),
  })
  .map(({ users, groups, roles, rows, pools }) => {
    const ids = users.map(([name]) => name);
    const at = (index: number): string => ids[index % Math.max(1, ids.length)] ?? "gone@pve";
    return [
      ...users.flatMap(([name, enabled, end, first, mail, comment]) => [
        `user:${name}:${enabled ? 1 : 0}:${end}:${encoded(first)}::${mail.replace(/[:\n\r]/gu, "")}:${encoded(comment)}::`,
        `token:${name}!tok:${end}:1:${encoded(comment)}:`,
      ]),
      ...groups.map(([name, index, comment]) => `group:${name}:${at(index)},gone@pve:${encoded(comment)}:`),
      `${roles}${pools}`,
      ...rows.map(
        ([path, index, role, propagate]) =>
          `acl:${propagate ? 1 : 0}:${path}:${index === 6 ? "@g" : index === 5 ? `${at(0)}!tok` : at(index)}:${role}:`,
      ),
      "",
    ].join("\n");
  });

test("whatever a user.cfg holds", () => {
  fc.assert(
    fc.property(hostile, (cfg) => {
      const text = Buffer.from(cfg, "utf8").toString("latin1");
      const state = accessStateFrom(parseUserCfg(text, release), release);
      expectEmptyPlan({ ...state, realms: realmsOfUsers(state.users.keys()) }, keeping);
    }),
    { numRuns: 500 },
  );
});

test("the order in which a server lists what it has changes nothing", () => {
  const reversed = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> => new Map([...map].reverse());
  fc.assert(
    fc.property(arbitraryState, (state) => {
      const { users, groups, roles, tokens, pools, acl } = state;
      const other: AccessState = {
        ...state,
        users: reversed(users),
        groups: reversed(groups),
        roles: reversed(roles),
        tokens: reversed(tokens),
        pools: reversed(pools),
        acl: [...acl].reverse(),
      };
      expect(exportedTexts(other)).toEqual(exportedTexts(state));
    }),
    { numRuns: 100 },
  );
});
