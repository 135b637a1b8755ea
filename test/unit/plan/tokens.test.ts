import { describe, expect, test } from "@jest/globals";
import { aToken, aTokenId } from "../../support/builders.ts";
import type { Lifetime } from "../../../src/model/lifetime.ts";
import { canonicalState } from "../../../src/plan/compare.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { applyWrite } from "../../../src/plan/simulate.ts";
import {
  aDelivery,
  aDesiredState,
  aPlan,
  aReadOf,
  changesOf,
  findingsOf,
  planBetween,
  planInstant as now,
  type TerseDesired,
  type TerseLive,
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

const day = 86_400;
const lifetime: Lifetime = { seconds: 90 * day, renewBeforeSeconds: 15 * day };
const kindsOf = ({ operations }: Plan): readonly string[] => operations.map(({ kind }) => kind);

describe("a token with a lifetime", () => {
  const declared = wants({ expire: lifetime, deliveries });
  const living = (expire: number): object => ({ ...owner, tokens: [aToken(id, { expire })] });

  test("is created to live that long, which a plan shows as a length", () => {
    const plan = aPlan(declared, owner);
    expect(plan.changes[0]?.fields).toContainEqual({ field: "expire", before: null, after: "in 90d" });
    expect(plan.after.tokens.get(aTokenId(id))?.expire).toBe(now + 90 * day);
  });

  test("gets a new secret in place when it is due, and is left alone until then", () => {
    expect(aPlan(declared, living(now + 16 * day)).changes).toEqual([]);
    const plan = aPlan(declared, living(now + 15 * day));
    expect(plan.operations).toMatchObject([
      { kind: "reissue-token", id, liveExpire: now + 15 * day },
      { kind: "update-token", set: { expire: now + 90 * day } },
    ]);
    expect(plan.changes[0]?.fields).toEqual([
      { field: "expire", before: now + 15 * day, after: "in 90d" },
      { field: "secret", before: null, after: expect.stringContaining("due") },
    ]);
    expect(plan.rotations).toEqual([{ token: id, expire: now + 90 * day, rotatesAt: now + 75 * day }]);
  });

  test("is planned alike some minutes later, and not at all once it is done, however long ago", () => {
    const live = living(now + 10 * day);
    const [first, later] = [now, now + 600].map((nowSeconds) => aPlan(declared, live, { nowSeconds }));
    expect(later?.changes).toEqual(first?.changes);
    const { after } = aPlan(declared, live);
    for (const passed of [0, 600, 60 * day]) {
      const again = planBetween(aDesiredState(declared), aReadOf(after), { nowSeconds: now + passed });
      expect(again.changes).toEqual([]);
    }
  });

  test("is shortened without a new secret", () => {
    expect(aPlan(declared, living(0)).operations).toEqual([
      { kind: "update-token", id, set: { expire: now + 90 * day }, changes: [0] },
    ]);
  });
});

describe("an end that is near", () => {
  test("bounds the hour that an undelivered secret lives", () => {
    const { operations } = aPlan(wants({ expire: now + 600, deliveries }), owner);
    expect(operations[0]).toMatchObject({ kind: "create-token", endsBefore: now + 600 });
  });
});

describe("a server that makes no new secrets in place", () => {
  const held = [
    ["/vms", `token:${id}`, "PVEAuditor"],
    ["/storage", `token:${id}`, "PVEDatastoreUser"],
  ] as const;
  const acl = held.map(([path, subject, role]) => [path, subject, [role]] as const);
  const live = (expire: number, version = "8.4.5"): object => ({
    users: ["ci@pve", "joe@pve"],
    tokens: [aToken(id, { expire })],
    acl: [["/", "user:ci@pve", "PVEAdmin"], ...held],
    version,
  });

  test("has it deleted, made and granted again where the manifest says replace, which is told", () => {
    const plan = aPlan(
      { ...wants({ expire: lifetime, rotation: "replace", deliveries }), acl },
      live(now + day),
    );
    expect(kindsOf(plan)).toEqual(["delete-token", "create-token", "update-token", "grant", "grant"]);
    expect(plan.operations.every(({ changes }) => changes.length === 1 && changes[0] === 0)).toBe(true);
    expect(plan.findings).toMatchObject([{ severity: "warning", code: "token-gap", count: 4, changes: [0] }]);
    expect(changesOf(plan)).toEqual([`update Token ${id}`]);
    const end = plan.operations.reduce(applyWrite, plan.before);
    expect(canonicalState(end)).toBe(canonicalState(plan.after));
  });

  test("grants what is new with it, and leaves what is to go", () => {
    const plan = aPlan(
      {
        ...wants({ expire: lifetime, rotation: "replace", deliveries }),
        acl: [
          ["/vms", `token:${id}`, ["PVEVMUser"]],
          ["/storage", `token:${id}`, "absent"],
        ],
      },
      live(now + day),
    );
    expect(kindsOf(plan)).toEqual(["delete-token", "create-token", "update-token", "grant"]);
    expect(changesOf(plan)).toEqual([
      `update Token ${id}`,
      `update ACL /vms token:${id}`,
      `delete ACL /storage token:${id}`,
    ]);
    const end = plan.operations.reduce(applyWrite, plan.before);
    expect(canonicalState(end)).toBe(canonicalState(plan.after));
    const carried = new Set(plan.operations.flatMap(({ changes }) => changes));
    expect([...carried].sort()).toEqual([0, 1, 2]);
  });

  test("grants first what takes away further down", () => {
    const below = ["/vms/100", `token:${id}`, "NoAccess"] as const;
    const plan = aPlan(
      {
        ...wants({ expire: lifetime, rotation: "replace", deliveries }),
        acl: [...acl, ["/vms/100", `token:${id}`, ["NoAccess"]]],
      },
      { ...live(now + day), acl: [["/", "user:ci@pve", "PVEAdmin"], ...held, below] },
    );
    const paths: readonly string[] = plan.operations.flatMap((write) =>
      write.kind === "grant" ? [write.path] : [],
    );
    expect(paths.indexOf("/vms/100")).toBeLessThan(paths.indexOf("/vms"));
    expect(findingsOf(plan)).toEqual(["warning token-gap"]);
  });

  test.each<[string, TerseDesired, number, string | undefined]>([
    ["that is due, waits", wants({ expire: lifetime, deliveries }), now + day, "rotation-unsupported"],
    ["that was not delivered, is replaced", wants({ expire: lifetime, deliveries }), now + 60, "token-gap"],
    ["that has ended, is replaced", wants({ expire: 0, deliveries }), now - 60, "token-gap"],
    ["that is later than declared, is lowered", wants({ expire: now + day, deliveries }), 0, undefined],
  ])("without a word in the manifest, one %s", (_, desired, expire, code) => {
    const plan = aPlan({ ...desired, acl }, live(expire));
    expect(plan.findings.map((finding) => finding.code)).toEqual(code === undefined ? [] : [code]);
    if (code === "rotation-unsupported") expect(plan.changes).toEqual([]);
    expect(plan.operations.some(({ kind }) => kind === "reissue-token")).toBe(false);
  });

  test.each<[string, TerseDesired]>([
    ["an entry that nobody declares", { acl: acl.slice(1) }],
    [
      "an entry that the annotation leaves alone",
      { acl: [...acl.slice(1), ["/vms", `token:${id}`, "ignored"]] },
    ],
    [
      "an entry of which a manifest only takes a role away",
      {
        acl: [...acl.slice(1), ["/vms", `token:${id}`, { without: ["PVEAdmin"] }]],
      },
    ],
    ["protection", { acl, safety: { protect: [`token:${id}`] } }],
  ])("%s keeps a token from being replaced, since it could be lost", (_, desired) => {
    const token = wants({ expire: lifetime, rotation: "replace", deliveries });
    const plan = aPlan({ ...token, ...desired }, live(now + day));
    expect(plan.findings.map(({ code }) => code)).toEqual(["rotation-unsupported"]);
    expect(plan.operations).toEqual([]);
    expect(plan.after.tokens.get(aTokenId(id))?.expire).toBe(now + day);
  });

  test.each([
    ["9.0.3", undefined, "replace"],
    ["9.1.2", undefined, "inPlace"],
    ["9.1.2", false, "replace"],
    ["9.2.11", undefined, "inPlace"],
    ["strange", undefined, "inPlace"],
  ] as const)("is told by its release, %s, or by a try: %p", (version, regenerates, way) => {
    const desired = { ...wants({ expire: lifetime, rotation: "replace" as const, deliveries }), acl };
    const found = regenerates === undefined ? {} : { regenerates };
    const kinds = kindsOf(aPlan(desired, live(now + day, version), { found }));
    expect(kinds[0]).toBe(way === "inPlace" ? "reissue-token" : "delete-token");
  });
});

describe("a new secret that is asked for", () => {
  const asked = new Set([aTokenId(id)]);
  const live = { ...owner, tokens: [aToken(id)] };

  test("is made, whenever it is due", () => {
    const plan = aPlan(wants({ expire: 0, deliveries }), live, { asked });
    expect(kindsOf(plan)).toEqual(["reissue-token", "update-token"]);
    expect(plan.changes).toMatchObject([{ action: "update", fields: [{ field: "secret" }] }]);
  });

  test("is made by replacing what ends within the hour, where the server can't", () => {
    const ending = { ...owner, tokens: [aToken(id, { expire: now + 60 })], version: "8.4.5" };
    const plan = aPlan(wants({ expire: 0, deliveries }), ending, { asked });
    expect(findingsOf(plan)).toEqual(["warning token-gap"]);
  });

  test.each<[string, TerseDesired, object, string]>([
    ["without a sink", wants({ expire: 0 }), live, "token-without-sink"],
    [
      "where the server can't",
      wants({ expire: 0, deliveries }),
      { ...live, version: "8.4.5" },
      "rotation-unsupported",
    ],
  ])("%s refuses the plan", (_, desired, state, code) => {
    expect(findingsOf(aPlan(desired, state, { asked }))).toEqual([`error ${code}`]);
  });
});

test("a secret that is in no sink is made anew, which a plan says that apply found", () => {
  const found = { notInSink: new Set([aTokenId(id)]) };
  const plan = aPlan(wants({ expire: 0, deliveries }), { ...owner, tokens: [aToken(id)] }, { found });
  expect(plan.changes[0]?.fields).toMatchObject([{ field: "secret", foundByApply: true }]);
  expect(kindsOf(plan)).toEqual(["reissue-token", "update-token"]);
});

test("the caller's own new secret comes last, whatever else there is to do", () => {
  const own = "rolecall@pve!gitops";
  const plan = aPlan(
    {
      tokens: { [own]: { expire: lifetime, deliveries } },
      groups: { zz: {} },
      users: { "zz@pve": { groups: ["zz"] } },
    },
    { users: ["rolecall@pve", "old@pve"], tokens: [aToken(own, { expire: now + day })] },
  );
  expect(kindsOf(plan).slice(-2)).toEqual(["reissue-token", "update-token"]);
  expect(kindsOf(plan)).toHaveLength(4);
});

describe("a comment that is to go", () => {
  const live = (version: string): TerseLive => ({
    users: ["ci@pve"],
    tokens: [aToken("ci@pve!deploy", { comment: "old" })],
    version,
  });
  const declares = (comment: string): TerseDesired => ({ tokens: { "ci@pve!deploy": { comment } } });

  test.each(["7.4-16", "8.4.5", "9.0.3"])("stays on %s, and the plan says so", (version) => {
    const plan = aPlan(declares(""), live(version));
    expect(changesOf(plan)).toEqual([]);
    expect(findingsOf(plan)).toContain("warning token-comment-stays");
    expect(changesOf(aPlan(declares("new"), live(version)))).toEqual(["update Token ci@pve!deploy"]);
  });

  test.each(["9.1.1", "9.2.11"])("goes on %s", (version) => {
    const plan = aPlan(declares(""), live(version));
    expect(changesOf(plan)).toEqual(["update Token ci@pve!deploy"]);
    expect(findingsOf(plan)).not.toContain("warning token-comment-stays");
  });
});
