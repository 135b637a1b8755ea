import { describe, expect, test } from "@jest/globals";
import { aToken, aTokenId } from "../../support/builders.ts";
import {
  aDelivery,
  aPlan,
  changesOf,
  findingsOf,
  type TerseDesired,
} from "../../support/desired-builders.ts";

const id = "ci@pve!deploy";
const owner = { users: ["ci@pve"] };
const deliveries = [aDelivery()];

function wants(fields: NonNullable<TerseDesired["tokens"]>[string]): TerseDesired {
  return { tokens: { [id]: fields } };
}

describe("tokens", () => {
  test("a new one is two writes: made to live an hour, and confirmed once its secret is delivered", () => {
    const plan = aPlan(wants({ expire: 1_900_000_000, comment: "CI", deliveries }), owner);
    expect(changesOf(plan)).toEqual([`create Token ${id}`]);
    expect(plan.operations).toMatchObject([
      {
        kind: "create-token",
        token: { expire: 1_900_000_000, privilegeSeparation: true },
        deliveries,
        changes: [0],
      },
      { kind: "update-token", id, set: { expire: 1_900_000_000 }, changes: [0] },
    ]);
  });

  test("one that never expires is confirmed too", () => {
    const { operations } = aPlan(wants({ expire: 0, deliveries }), owner);
    expect(operations).toMatchObject([
      { kind: "create-token" },
      { kind: "update-token", set: { expire: 0 } },
    ]);
  });

  test("it is granted its entries after that", () => {
    const plan = aPlan({ ...wants({ deliveries }), acl: [["/", `token:${id}`, ["PVEAuditor"]]] }, owner);
    expect(plan.operations.map(({ kind }) => kind)).toEqual(["create-token", "update-token", "grant"]);
  });

  test.each<[string, number, number, readonly string[]]>([
    ["later than declared is lowered", 1_900_000_000, 1_800_000_000, ["update-token"]],
    ["never, where a date is declared, is lowered", 0, 1_800_000_000, ["update-token"]],
    [
      "earlier than declared is mended by a new secret",
      1_700_000_000,
      1_800_000_000,
      ["reissue-token", "update-token"],
    ],
    ["a date, where never is declared, likewise", 1_700_000_000, 0, ["reissue-token", "update-token"]],
    ["as declared is no change", 1_800_000_000, 1_800_000_000, []],
  ])("a live expiry %s", (_, expire, declared, kinds) => {
    const live = { ...owner, tokens: [aToken(id, { expire })] };
    const plan = aPlan(wants({ expire: declared, deliveries }), live);
    expect(plan.operations.map(({ kind }) => kind)).toEqual(kinds);
    expect(plan.after.tokens.get(aTokenId(id))?.expire).toBe(declared);
  });

  test("other fields of one that is reissued travel before", () => {
    const live = { ...owner, tokens: [aToken(id, { expire: 5, comment: "old" })] };
    expect(aPlan(wants({ expire: 0, comment: "new", deliveries }), live).operations).toMatchObject([
      { kind: "update-token", set: { comment: "new" } },
      { kind: "reissue-token" },
      { kind: "update-token", set: { expire: 0 } },
    ]);
  });

  test("adopting one that lives is no change, sink or not", () => {
    const live = { ...owner, tokens: [aToken(id, { comment: "CI" })] };
    expect(aPlan(wants({ expire: 0, comment: "CI", privilegeSeparation: true }), live)).toMatchObject({
      changes: [],
      findings: [],
    });
  });

  test.each<[string, TerseDesired, object]>([
    ["created", wants({}), owner],
    ["reissued", wants({ expire: 0 }), { ...owner, tokens: [aToken(id, { expire: 5 })] }],
  ])("one that would be %s without a sink refuses the plan, and is not written", (_, desired, live) => {
    const plan = aPlan(desired, live);
    expect(findingsOf(plan)).toEqual(["error token-without-sink"]);
    expect(plan.findings[0]).toMatchObject({ changes: [0], source: { file: `${id}.yaml` } });
    expect(plan.operations).toEqual([]);
  });

  test.each<[string, TerseDesired, object, readonly string[]]>([
    ["that nobody has", wants({ deliveries }), {}, ["error reference-unknown"]],
    [
      "that prune deletes",
      { ...wants({ deliveries }), users: { "joe@pve": {} }, prune: { users: true } },
      owner,
      ["error reference-unmanaged"],
    ],
    ["that is declared", { ...wants({ deliveries }), users: { "ci@pve": {} } }, {}, []],
    ["that is the superuser", { tokens: { "root@pam!ci": { deliveries } } }, {}, []],
  ])("an owner %s", (_, desired, live, findings) => {
    expect(findingsOf(aPlan(desired, live))).toEqual(findings);
  });
});
