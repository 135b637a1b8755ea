import { describe, expect, test } from "@jest/globals";
import type { AccessState } from "../../../src/model/access-state.ts";
import type { LiveState } from "../../../src/model/live-state.ts";
import { pve } from "../../../src/model/pve.ts";
import { auditPass, noAudit } from "../../../src/apply/audit.ts";
import { applyWrite } from "../../../src/plan/simulate.ts";
import { ApiError, type ApiErrorKind } from "../../../src/proxmox/api-error.ts";
import type { PassOptions } from "../../../src/reconcile/observe.ts";
import type { Opened, Surroundings } from "../../../src/reconcile/open.ts";
import { applyPass, type Supervision } from "../../../src/reconcile/pass.ts";
import { planPass } from "../../../src/reconcile/plan-pass.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { aGroup, aState, aUserId } from "../../support/builders.ts";
import {
  aDesiredState,
  aPrivilege,
  aReadOf,
  overTime,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";
import { aServer, type FakeServer, type Misfortune } from "../../support/fake-doors.ts";
import { buildTexts, manifestText } from "../../support/manifest-text.ts";
import { aClock } from "../../support/wound-clock.ts";
import { quietSurroundings } from "../../support/quiet.ts";

const surroundings = quietSurroundings({ clock: aClock() });

interface World extends Misfortune {
  /** What a read gives in place of the state; asked with how many reads there were before. */
  readonly onRead?: (before: number, state: AccessState) => Partial<LiveState> | ApiErrorKind | undefined;
}

/** An open way to a server that lives in this test. */
function anOpening(
  desired: TerseDesired,
  live: TerseLive,
  { onRead, ...misfortune }: World = {},
): { readonly opened: Opened; readonly server: FakeServer; readonly reads: () => number } {
  const server = aServer(aState(live), misfortune);
  const root = aUserId("root@pam");
  let reads = 0;
  const readLive = (): Promise<LiveState> => {
    const given = onRead?.(reads, server.state());
    reads += 1;
    if (typeof given !== "string") return Promise.resolve({ ...aReadOf(server.state()), ...given });
    return Promise.reject(new ApiError(given, { method: "GET", path: "/access/acl" }, { words: given }));
  };
  const opened: Opened = {
    purpose: "apply",
    clock: surroundings.clock,
    allowExec: surroundings.allowExec,
    desired: overTime(aDesiredState(desired)),
    stations: {
      product: pve,
      readLive,
      readRealm: () => Promise.resolve("gone"),
      requestFor: server.doors.requestFor,
    },
    connected: {
      caller: root,
      read: { caller: root, get: () => Promise.reject(new Error("read through the stations")) },
      write: server.doors.write,
      probe: {
        password: () => Promise.resolve("accepted"),
        token: () => Promise.resolve("accepted"),
      },
      renew: () => undefined,
      close: () => Promise.resolve(),
    },
    caller: root,
    callers: [root],
  };
  return { opened, server, reads: () => reads };
}

const options: PassOptions = { approvals: new Map() };
const never = new AbortController().signal;

function supervised(over: Partial<Supervision> = {}): {
  surroundings: Surroundings;
  supervision: Supervision;
} {
  const agreeing: Supervision = {
    check: () => [],
    confirm: () => Promise.resolve(true),
    onProgress: () => undefined,
    audit: auditPass(noAudit, { run: "r", approvals: [], manifests: { digest: "sha256:d" } }),
  };
  return { surroundings, supervision: { ...agreeing, ...over } };
}

function said({ status, error, notice }: TargetReport): readonly (string | undefined)[] {
  return [status, error?.code ?? (notice === undefined ? undefined : "notice")];
}

const one: TerseDesired = { groups: { ops: { comment: "day" } } };

describe("a pass", () => {
  test("reads, plans, applies, reads before the first write and after the last, and has nothing left to do", async () => {
    const { opened, server, reads } = anOpening(one, {});
    const report = await applyPass(opened, options, supervised(), never);
    expect(said(report)).toEqual(["ok", undefined]);
    expect(report.outcomes).toEqual([{ change: 0, status: "applied" }]);
    expect([server.log, reads()]).toEqual([["create-group"], 3]);
    const second = await planPass(opened, options, never);
    expect(second.plan?.operations).toEqual([]);
  });

  test("with nothing to do asks nobody, and reads once", async () => {
    const { opened, reads } = anOpening(one, { groups: [aGroup("ops", [], "day")] });
    const confirm = (): Promise<boolean> => Promise.reject(new Error("asked"));
    const report = await applyPass(opened, options, supervised({ confirm }), never);
    expect([said(report), reads()]).toEqual([["ok", undefined], 1]);
  });

  test("that only plans writes nothing", async () => {
    const { opened, server, reads } = anOpening(one, {});
    const report = await planPass(opened, options, never);
    expect(report.plan?.changes).toHaveLength(1);
    expect([server.log, reads()]).toEqual([[], 1]);
  });
});

describe("a read that cannot be planned on", () => {
  const auditor = {
    list: "acl",
    privilege: aPrivilege("Sys.Audit"),
    path: pve.normalizeAclPath("/access"),
  } as const;

  test.each<[string, World, readonly (string | undefined)[]]>([
    ["is not whole", { onRead: () => ({ incomplete: [auditor] }) }, ["invalid", "incomplete-read"]],
    ["does not come", { onRead: () => "unreachable" }, ["unreachable", "server-unreachable"]],
    ["comes from somebody else", { onRead: () => "tls" }, ["unreachable", "server-untrusted"]],
    ["is refused", { onRead: () => "unauthenticated" }, ["invalid", "server-unauthenticated"]],
  ])("because it %s", async (_, world, expected) => {
    const { opened, server } = anOpening({ ...one, prune: true }, { groups: { old: [] } }, world);
    for (const report of [
      await planPass(opened, options, never),
      await applyPass(opened, options, supervised(), never),
    ]) {
      expect(said(report)).toEqual(expected);
      expect(report.plan).toBeUndefined();
    }
    expect(server.log).toEqual([]);
  });

  test("a whole one and then half of one, right before the first write, writes nothing", async () => {
    const { opened, server } = anOpening(
      one,
      {},
      { onRead: (before) => (before === 0 ? undefined : { incomplete: [auditor] }) },
    );
    const report = await applyPass(opened, options, supervised(), never);
    expect([said(report), server.log]).toEqual([["invalid", "incomplete-read"], []]);
  });
});

describe("what stops a plan", () => {
  const pruning: TerseDesired = { ...one, prune: { groups: true }, safety: { maxDeletes: { count: 0 } } };
  const live: TerseLive = { groups: { old: [] } };

  test("an error: nothing is asked, nothing written", async () => {
    const { opened, server } = anOpening(pruning, live);
    const report = await applyPass(opened, options, supervised(), never);
    expect([report.status, server.log]).toEqual(["refused", []]);
    expect(report.plan?.findings.map(({ code }) => code)).toEqual(["max-deletes"]);
  });

  test("unless it is approved", async () => {
    const { opened, server } = anOpening(pruning, live);
    const report = await applyPass(opened, { approvals: new Map([["max-deletes", 1]]) }, supervised(), never);
    expect([report.status, server.log]).toEqual(["ok", ["create-group", "delete-group"]]);
  });

  test("a no", async () => {
    const { opened, server } = anOpening(one, {});
    const report = await applyPass(
      opened,
      options,
      supervised({ confirm: () => Promise.resolve(false) }),
      never,
    );
    expect([said(report), server.log]).toEqual([["refused", "notice"], []]);
  });

  test("unless the target's annotation approves exactly that; what was saved before it was written is the same plan", async () => {
    const first = await planPass(anOpening(pruning, live).opened, options, never);
    const approved = (first.plan?.findings ?? []).flatMap(({ code, digest }) =>
      digest ? [{ code, digest }] : [],
    );
    expect(approved.map(({ code }) => code)).toEqual(["max-deletes"]);
    const annotated: TerseDesired = { ...pruning, safety: { ...pruning.safety, approved } };
    // As a saved plan with the error, and as one without it.
    for (const saved of [1, 0]) {
      const { opened, server } = anOpening(annotated, live);
      const check: Supervision["check"] = ({ plan }) =>
        (plan?.findings ?? []).filter(({ severity }) => severity === "error").length === saved
          ? []
          : ["differs"];
      const report = await applyPass(opened, options, supervised({ check }), never);
      expect([said(report), server.log]).toEqual([
        ["ok", undefined],
        ["create-group", "delete-group"],
      ]);
    }
    const more = anOpening(annotated, { groups: { old: [], older: [] } });
    expect((await applyPass(more.opened, options, supervised(), never)).status).toBe("refused");
  });

  test("a saved plan in which it is held, where it is approved now: the file shows less than would be written", async () => {
    const holding: TerseDesired = { ...pruning, safety: { ...pruning.safety, onFinding: "hold" } };
    const { opened, server } = anOpening(holding, live);
    const check: Supervision["check"] = ({ plan }) =>
      (plan?.changes ?? []).some(({ held }) => held) ? [] : ["Group old is not held"];
    const approving: PassOptions = { approvals: new Map([["max-deletes", 1]]) };
    const report = await applyPass(opened, approving, supervised({ check }), never);
    expect([said(report), server.log]).toEqual([["refused", "plan-differs"], []]);
  });

  test("a saved plan that is another one", async () => {
    const { opened, server } = anOpening(one, {});
    const report = await applyPass(opened, options, supervised({ check: () => ["Group ops is new"] }), never);
    expect([said(report), server.log]).toEqual([["refused", "plan-differs"], []]);
  });

  test("a secret that cannot be read", async () => {
    const password = {
      origin: { kind: "given", from: { source: "env", name: "MISSING" } },
      policy: "initial",
    } as const;
    const { opened, server } = anOpening({ ...one, users: { "joe@pve": { password } } }, {});
    const report = await applyPass(opened, options, supervised(), never);
    expect([said(report), server.log]).toEqual([["invalid", "secret-missing"], []]);
  });
});

describe("a server that somebody else changes meanwhile", () => {
  /** Before the given reads, another comment on a foreign group. */
  function moving(...at: readonly number[]): World {
    return {
      onRead: (before, state) => {
        const moves = at.filter((read) => read <= before).length;
        return {
          state: applyWrite(state, { kind: "create-group", group: aGroup("foreign", [], `${moves}`) }),
        };
      },
    };
  }

  test("the new plan is asked for again, and then applied", async () => {
    const asked: string[] = [];
    const confirm: Supervision["confirm"] = (_, why) => Promise.resolve(asked.push(why) > 0);
    const { opened, server } = anOpening(one, {}, moving(1));
    const report = await applyPass(opened, options, supervised({ confirm }), never);
    expect([asked, said(report), server.log]).toEqual([
      ["first", "moved"],
      ["ok", undefined],
      ["create-group"],
    ]);
  });

  test("a no to the new plan is a refusal", async () => {
    const confirm: Supervision["confirm"] = (_, why) => Promise.resolve(why === "first");
    const { opened, server } = anOpening(one, {}, moving(1));
    const report = await applyPass(opened, options, supervised({ confirm }), never);
    expect([said(report), server.log]).toEqual([["refused", "live-state-moved"], []]);
  });

  test("one that never stands still is given up", async () => {
    const { opened, server } = anOpening(one, {}, moving(1, 2, 3, 4, 5));
    const report = await applyPass(opened, options, supervised(), never);
    expect([said(report), server.log]).toEqual([["refused", "live-state-moved"], []]);
  });
});

describe("a validity that ends while somebody looks at the plan", () => {
  const start = Date.UTC(2026, 11, 5, 17, 59);
  const grant = manifestText(
    "Membership",
    "on-call",
    "{ group: ops, user: joe@pve, validity: { notAfter: 2026-12-05T18:00:00Z } }",
  );
  const live: TerseLive = { users: ["joe@pve"], groups: { ops: [] } };

  test.each<[string, number, readonly string[], readonly string[]]>([
    ["not yet", 59_999, ["first"], ["update-user"]],
    ["right then: there is nothing to do any more", 60_000, ["first"], []],
  ])("%s", async (_, lookedMs, expected, log) => {
    const clock = aClock(start);
    const [desired] = buildTexts([grant]).states;
    const { opened, server } = anOpening({}, live);
    const asked: string[] = [];
    const confirm: Supervision["confirm"] = (_report, why) => {
      clock.wind(lookedMs);
      return Promise.resolve(asked.push(why) > 0);
    };
    const report = await applyPass(
      { ...opened, clock, desired: desired! },
      options,
      supervised({ confirm }),
      never,
    );
    expect([report.status, asked, server.log]).toEqual(["ok", expected, log]);
  });

  test("is asked about again, where something else is left to do", async () => {
    const clock = aClock(start);
    const [desired] = buildTexts([grant, manifestText("Group", "ops"), manifestText("Group", "day")]).states;
    const { opened, server } = anOpening({}, live);
    const asked: string[] = [];
    const confirm: Supervision["confirm"] = (_report, why) => {
      clock.wind(60_000);
      return Promise.resolve(asked.push(why) > 0);
    };
    await applyPass({ ...opened, clock, desired: desired! }, options, supervised({ confirm }), never);
    expect([asked, server.log]).toEqual([["first", "later"], ["create-group"]]);
  });
});

describe("what is refused, where the target says hold", () => {
  const safety = { onFinding: "hold", protect: ["user:rescue@pve"] } as const;
  const live: TerseLive = { users: ["rescue@pve", "old@pve"] };
  const removal: TerseDesired["users"] = { "old@pve": { ensure: "absent" } };

  test("waits with what depends on it, and the rest is done", async () => {
    const users = { ...removal, "rescue@pve": { enabled: false } };
    const { opened, server } = anOpening({ users, safety }, live);
    const report = await applyPass(opened, options, supervised(), never);
    expect(said(report)).toEqual(["ok", undefined]);
    expect(report.plan?.changes.map(({ name, held }) => [name, held])).toEqual([
      ["rescue@pve", true],
      ["old@pve", false],
    ]);
    expect(report.plan?.findings).toMatchObject([{ severity: "warning", code: "protected", changes: [0] }]);
    expect([...server.state().users.keys()]).toEqual(["root@pam", "rescue@pve"]);
  });

  test("still stops everything where it concerns no change", async () => {
    const { opened, server } = anOpening(
      { users: removal, safety: { ...safety, requireAdmin: ["user:rescue@pve"] } },
      live,
    );
    const report = await applyPass(opened, options, supervised(), never);
    expect(said(report)).toEqual(["refused", undefined]);
    expect(server.state().users.size).toBe(3);
  });
});

describe("after the writes", () => {
  test("what still differs is not converged", async () => {
    const { opened } = anOpening(one, {}, { onWrite: () => ({ kind: "failed", words: "no" }) });
    const report = await applyPass(opened, options, supervised(), never);
    expect(said(report)).toEqual(["ok", "not-converged"]);
    expect(report.error?.message).toContain("Group ops");
    expect(report.outcomes?.map(({ status }) => status)).toEqual(["failed"]);
  });

  test("what cannot be read is not either", async () => {
    const { opened } = anOpening(one, {}, { onRead: (before) => (before < 2 ? undefined : "unreachable") });
    const report = await applyPass(opened, options, supervised(), never);
    expect(said(report)).toEqual(["ok", "not-converged"]);
    expect(report.outcomes?.map(({ status }) => status)).toEqual(["applied"]);
  });

  test("what is held is no difference", async () => {
    const { opened } = anOpening(
      { ...one, roles: { Bad: ["VM.Monitor"] } },
      {},
      {
        onRead: (_, state) => aReadOf(state, ["VM.Monitor"]),
      },
    );
    const report = await applyPass(opened, options, supervised(), never);
    expect(said(report)).toEqual(["ok", undefined]);
    expect(report.outcomes?.map(({ status }) => status)).toEqual(["not-attempted", "applied"]);
  });

  test("an interruption is told by the outcomes, without another read", async () => {
    const controller = new AbortController();
    const { opened, reads } = anOpening({ groups: { a: {}, b: {} } }, {});
    const onProgress = (): void => controller.abort();
    const report = await applyPass(opened, options, supervised({ onProgress }), controller.signal);
    expect(report.outcomes?.map(({ status }) => status)).toEqual(["applied", "not-attempted"]);
    expect(reads()).toBe(2);
  });
});

describe("a server that somebody else changes in the middle of an apply", () => {
  const two: TerseDesired = { groups: { a: {}, b: {} } };

  /** Each write takes so long that the state is read again after it; somebody meddles before the one of that number. */
  async function meddled(at: number): Promise<{ report: TargetReport; log: readonly string[] }> {
    const clock = aClock();
    const { opened, server } = anOpening(two, {}, { clock });
    const onProgress = (done: number): void => {
      clock.wind(31_000);
      if (done === at) server.meddle({ kind: "create-group", group: aGroup("foreign") });
    };
    const { supervision } = supervised({ onProgress });
    const worn = { surroundings: { ...surroundings, clock }, supervision };
    return { report: await applyPass(opened, options, worn, never), log: server.log };
  }

  test("the pass ends, says what changed, and what was done until then", async () => {
    const { report, log } = await meddled(0);
    expect(said(report)).toEqual(["ok", "live-state-moved"]);
    expect(report.error?.message).toContain("Group foreign was created");
    expect(report.outcomes?.map(({ status }) => status)).toEqual(["applied", "not-attempted"]);
    expect(log).toEqual(["create-group"]);
  });

  test("after the last write it is none of this pass's business", async () => {
    const { report } = await meddled(1);
    expect(said(report)).toEqual(["ok", undefined]);
  });
});

test("a plan is refused while the switch on the target is pulled, and may still be looked at", async () => {
  const { opened, server } = anOpening(one, { groups: [aGroup("rolecall-pause")] });
  const report = await applyPass(opened, options, supervised(), never);
  expect([report.status, server.log]).toEqual(["refused", []]);
  const looked = await planPass({ ...opened, purpose: "plan" }, options, never);
  expect(looked.status).toBe("ok");
});
