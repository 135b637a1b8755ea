import { describe, expect, test } from "@jest/globals";
import type { Plan } from "../../../src/plan/plan.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import { aPool } from "../../support/builders.ts";
import {
  aDesiredState,
  aLiveState,
  changesOf,
  findingsOf,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

interface Told {
  readonly desired: TerseDesired;
  readonly live?: TerseLive;
  readonly version?: string;
  readonly changes?: readonly string[];
  /** `PUT poolid=dev vms=100`, as PUT /pools takes it. */
  readonly requests?: readonly string[];
  readonly findings?: readonly string[];
}

function planOf({ desired, live = {}, version = "9.2.11" }: Told): Plan {
  return planBetween(aDesiredState(desired), { ...aLiveState(live), version });
}

function requestsOf({ operations }: Plan): readonly string[] {
  return operations.map((operation) => {
    const { method, path, parameters } = requestFor(operation);
    const fields = Object.entries(parameters).map(([name, value]) => `${name}=${value as string}`);
    return [method, ...(path === "/pools" ? [] : [path]), ...fields].join(" ");
  });
}

const absent = { ensure: "absent" } as const;

describe("pools", () => {
  test.each<[string, Told]>([
    [
      "a new one takes one write, and one more for all that is in it",
      {
        desired: { pools: { dev: { comment: "c", vms: [101, 100], storages: ["fast", "local"] } } },
        changes: ["create Pool dev"],
        requests: ["POST poolid=dev comment=c", "PUT poolid=dev vms=100,101 storage=fast,local"],
      },
    ],
    [
      "a pool comes after the one that it is in",
      {
        desired: { pools: { "a/b/c": {}, "a/b": {}, a: {} } },
        changes: ["create Pool a", "create Pool a/b", "create Pool a/b/c"],
        requests: ["POST poolid=a", "POST poolid=a/b", "POST poolid=a/b/c"],
      },
    ],
    [
      "what is left out is left alone",
      {
        desired: { pools: { dev: {} } },
        live: { pools: [aPool("dev", [100], ["local"], "c")] },
        changes: [],
      },
    ],
    [
      "what is empty is emptied, in one write",
      {
        desired: { pools: { dev: { comment: "", vms: [], storages: [] } } },
        live: { pools: [aPool("dev", [100, 101], ["local"], "c")] },
        changes: ["update Pool dev"],
        requests: ["PUT poolid=dev comment= vms=100,101 storage=local delete=1"],
      },
    ],
    [
      "a comment travels with what comes in, and what goes out takes a write of its own",
      {
        desired: { pools: { dev: { comment: "new", vms: [101] } } },
        live: { pools: [aPool("dev", [100])] },
        changes: ["update Pool dev"],
        requests: ["PUT poolid=dev comment=new vms=101", "PUT poolid=dev vms=100 delete=1"],
      },
    ],
    [
      "a guest moves in one write",
      {
        desired: { pools: { a: { vms: [] }, b: { vms: [100, 101] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        changes: ["update Pool a", "update Pool b"],
        requests: ["PUT poolid=b vms=100,101 allow-move=1"],
      },
    ],
    [
      "it was called otherwise in 8.0.5",
      {
        desired: { pools: { a: {}, b: { vms: [100] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        version: "8.0.5",
        requests: ["PUT /pools/b vms=100 transfer=1"],
      },
    ],
    [
      "and before that a guest goes out, then in",
      {
        desired: { pools: { a: {}, b: { vms: [100] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        version: "7.4-16",
        changes: ["update Pool a", "update Pool b"],
        requests: ["PUT /pools/a vms=100 delete=1", "PUT /pools/b vms=100"],
      },
    ],
    [
      "a storage may be in several pools",
      {
        desired: { pools: { b: { storages: ["local"] } } },
        live: { pools: [aPool("a", [], ["local"]), aPool("b")] },
        changes: ["update Pool b"],
        requests: ["PUT poolid=b storage=local"],
      },
    ],
    [
      "deletes come after the emptying, those of pools in pools first",
      {
        desired: { pools: { a: absent, "a/b": absent, keep: { vms: [101] } } },
        live: { pools: [aPool("a", [100]), aPool("a/b", [101], ["local"]), aPool("keep")] },
        changes: ["update Pool keep", "delete Pool a/b", "delete Pool a"],
        requests: [
          "PUT poolid=keep vms=101 allow-move=1",
          "PUT poolid=a/b storage=local delete=1",
          "PUT poolid=a vms=100 delete=1",
          "DELETE poolid=a/b",
          "DELETE poolid=a",
        ],
      },
    ],
    [
      "entries at a deleted pool and below go with it",
      {
        desired: { pools: { a: absent } },
        live: {
          users: ["joe@pve"],
          pools: [aPool("a")],
          acl: [
            ["/pool/a", "user:joe@pve", "PVEPoolUser"],
            ["/pool/a/old", "user:joe@pve", "PVEPoolUser"],
            ["/pool/ab", "user:joe@pve", "PVEPoolUser"],
          ],
        },
        changes: [
          "delete Pool a",
          "delete ACL /pool/a user:joe@pve",
          "delete ACL /pool/a/old user:joe@pve",
        ].sort(),
        requests: ["DELETE poolid=a"],
      },
    ],
  ])("%s", (_, told) => {
    const plan = planOf(told);
    if (told.changes) expect([...changesOf(plan)].sort()).toEqual([...told.changes].sort());
    expect(requestsOf(plan)).toEqual(told.requests ?? []);
    expect(findingsOf(plan)).toEqual(told.findings ?? []);
  });

  test("a guest that moves is a change of both pools, and one write carries both", () => {
    const { changes, operations } = planOf({
      desired: { pools: { a: { vms: [] }, b: { vms: [100] } } },
      live: { pools: [aPool("a", [100]), aPool("b")] },
    });
    expect(changes.map(({ name, fields }) => [name, fields])).toEqual([
      ["a", [{ field: "vms", before: ["100"], after: [] }]],
      ["b", [{ field: "vms", before: [], after: ["100"] }]],
    ]);
    expect(operations.map((operation) => operation.changes)).toEqual([[0, 1]]);
  });
});

describe("prune", () => {
  const live: TerseLive = { pools: [aPool("keep"), aPool("old", [100]), aPool("out/of"), aPool("out")] };
  const scope = { pools: { exclude: ["out/**"] } };
  test.each<[string, TerseDesired, readonly string[], readonly string[]]>([
    ["takes what nobody declares", { prune: true, scope, pools: { keep: {} } }, ["delete Pool old"], []],
    ["is off", { scope, pools: { keep: {} } }, [], ["old prune-off"]],
    [
      "waits until something is declared",
      { prune: true, scope },
      [],
      ["keep kind-undeclared", "old kind-undeclared"],
    ],
    [
      "unless nothing is meant to be",
      { prune: true, scope, safety: { allowEmpty: ["pools"] } },
      ["delete Pool keep", "delete Pool old"],
      [],
    ],
  ])("%s", (_, desired, changes, unmanaged) => {
    const plan = planOf({ desired, live });
    expect([...changesOf(plan)].sort()).toEqual(changes);
    expect(plan.unmanaged.map(({ name, reason }) => `${name} ${reason}`)).toEqual(unmanaged);
  });

  test("leaves the pool that the caller has an entry at", () => {
    const plan = planOf({
      desired: { prune: { pools: true }, safety: { allowEmpty: ["pools"] } },
      live: {
        users: ["rolecall@pve"],
        pools: [aPool("a"), aPool("a/b")],
        acl: [["/pool/a/b", "user:rolecall@pve", "PVEPoolAdmin"]],
      },
    });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.unmanaged.map(({ kind, name, reason }) => `${kind} ${name} ${reason}`)).toContain(
      "Pool a/b caller",
    );
  });
});

describe("what can't be so is said", () => {
  test.each<[string, Told]>([
    [
      "a guest is not taken from a pool that nobody declares",
      {
        desired: { pools: { b: { vms: [100] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        changes: [],
        findings: ["error guest-in-other-pool"],
      },
    ],
    [
      "nor from one whose manifest leaves it alone",
      {
        desired: { pools: { a: { ensure: "ignored" }, b: { vms: [100, 101] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        changes: ["update Pool b"],
        requests: ["PUT poolid=b vms=101"],
        findings: ["error guest-in-other-pool"],
      },
    ],
    [
      "nor from one out of scope, whatever prune says",
      {
        desired: { prune: true, scope: { pools: { exclude: ["a"] } }, pools: { b: { vms: [100] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        changes: [],
        findings: ["error guest-in-other-pool"],
      },
    ],
    [
      "but from one that prune takes",
      {
        desired: { prune: true, pools: { b: { vms: [100] } } },
        live: { pools: [aPool("a", [100]), aPool("b")] },
        changes: ["update Pool b", "delete Pool a"],
        requests: ["PUT poolid=b vms=100 allow-move=1", "DELETE poolid=a"],
      },
    ],
    [
      "a pool in a pool that is nowhere",
      { desired: { pools: { "a/b": {}, "a/b/c": {} } }, changes: [], findings: ["error reference-unknown"] },
    ],
    [
      "a pool in one that prune would take",
      {
        desired: { prune: true, pools: { "a/b": {} } },
        live: { pools: [aPool("a")] },
        changes: ["delete Pool a"],
        requests: ["DELETE poolid=a"],
        findings: ["error reference-unmanaged"],
      },
    ],
    [
      "a pool is absent, and another in it stays",
      {
        desired: { pools: { a: absent } },
        live: { pools: [aPool("a", [100]), aPool("a/b")] },
        changes: ["(delete Pool a)"],
        findings: ["error pool-not-empty"],
      },
    ],
    [
      "an entry at a pool that prune would take",
      {
        desired: {
          prune: true,
          users: { "joe@pve": {} },
          pools: { keep: {} },
          acl: [["/pool/a", "user:joe@pve", ["PVEPoolUser"]]],
        },
        live: { users: ["joe@pve"], pools: [aPool("a"), aPool("keep")] },
        changes: ["delete Pool a"],
        requests: ["DELETE poolid=a"],
        findings: ["error reference-unmanaged"],
      },
    ],
    [
      "an entry that is not this target's goes with a pool",
      {
        desired: { scope: { subjects: { exclude: ["user:boss@pve"] } }, pools: { a: absent } },
        live: {
          users: ["boss@pve"],
          pools: [aPool("a")],
          acl: [["/pool/a", "user:boss@pve", "PVEPoolUser"]],
        },
        findings: ["error cascade-out-of-scope"],
        requests: ["DELETE poolid=a"],
      },
    ],
    [
      "a name that release 9 refuses",
      { desired: { pools: { "1st": {} } }, changes: [], findings: ["error pool-not-creatable"] },
    ],
    [
      "which release 8 does not",
      { desired: { pools: { "1st": {} } }, version: "8.4.1", requests: ["POST poolid=1st"] },
    ],
    [
      "and which may be there already",
      {
        desired: { pools: { "1st": { comment: "c" } } },
        live: { pools: [aPool("1st")] },
        requests: ["PUT poolid=1st comment=c"],
      },
    ],
    [
      "a pool in a pool before there were any",
      {
        desired: { pools: { a: {}, "a/b": {} } },
        version: "8.0.4",
        requests: ["POST poolid=a"],
        findings: ["error pool-not-creatable"],
      },
    ],
  ])("%s", (_, told) => {
    const plan = planOf(told);
    expect(findingsOf(plan).filter((found) => found.startsWith("error"))).toEqual(told.findings ?? []);
    if (told.changes) expect([...changesOf(plan)].sort()).toEqual([...told.changes].sort());
    expect(requestsOf(plan)).toEqual(told.requests ?? []);
  });
});

describe("--only, and what is held", () => {
  const desired: TerseDesired = {
    users: { "joe@pve": {} },
    pools: { a: { vms: [] }, b: { vms: [100] }, c: { comment: "c" }, d: {}, "d/e": {} },
    acl: [["/pool/d/e", "user:joe@pve", ["PVEPoolUser"]]],
  };
  const live: TerseLive = {
    users: ["joe@pve"],
    pools: [aPool("a", [100]), aPool("b"), aPool("c")],
  };
  test.each<[string, "Pool" | "ACL", string, readonly string[]]>([
    ["the pool that a guest leaves goes along", "Pool", "b", ["update Pool a", "update Pool b"]],
    ["and the one that it comes into", "Pool", "a", ["update Pool a", "update Pool b"]],
    ["the pool that one is in", "Pool", "d/e", ["create Pool d", "create Pool d/e"]],
    [
      "the new pool that an entry is at",
      "ACL",
      "/pool/d/e user:joe@pve",
      ["create ACL /pool/d/e user:joe@pve", "create Pool d", "create Pool d/e"],
    ],
    ["and nothing else", "Pool", "c", ["update Pool c"]],
  ])("%s", (_, kind, name, changes) => {
    const plan = planBetween(aDesiredState(desired), aLiveState(live), { only: [{ kind, name }] });
    expect([...changesOf(plan)].sort()).toEqual(changes);
    expect(plan.operations.length).toBeGreaterThan(0);
  });
});
