import { describe, expect, test } from "@jest/globals";
import { auditPass, noAudit } from "../../../src/apply/audit.ts";
import { pve } from "../../../src/model/pve.ts";
import { ApiError, type ApiErrorKind } from "../../../src/proxmox/api-error.ts";
import type { Opened } from "../../../src/reconcile/open.ts";
import { syncPass, type SyncEnd } from "../../../src/reconcile/sync-pass.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import { aRealm, aRealmId, aState, aUserId } from "../../support/builders.ts";
import { aDesiredState, aReadOf, overTime } from "../../support/desired-builders.ts";
import { aClock } from "../../support/wound-clock.ts";

const upid = "UPID:pve1:0000A:0B:67000000:auth-realm-sync:corp:root@pam:";

interface World {
  /** Lines of the log by look, each look with how the task stands. */
  readonly looks: readonly (readonly [lines: readonly string[], exit: string | undefined] | ApiErrorKind)[];
  readonly answer?: unknown;
  readonly fails?: ApiErrorKind;
  readonly groups?: readonly string[];
  readonly confirm?: boolean;
}

async function follow(
  world: World,
  isDry = false,
): Promise<{ end: SyncEnd; lines: string[]; sent: unknown[]; asked: number }> {
  const { looks, answer = upid, fails, groups = [], confirm = true } = world;
  const [lines, sent]: [string[], unknown[]] = [[], []];
  let [look, asked] = [-1, 0];
  const clock = aClock();
  const log: string[] = [];
  const get = (path: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
    if (path.endsWith("/status")) look += 1;
    const now = looks[Math.min(look, looks.length - 1)] ?? [[], undefined];
    if (typeof now === "string")
      return Promise.reject(new ApiError(now, { method: "GET", path }, { words: now }));
    if (path.endsWith("/status")) {
      log.push(...now[0]);
      return Promise.resolve({ status: now[1] === undefined ? "running" : "stopped", exitstatus: now[1] });
    }
    const rows = log.map((t, index) => ({ n: index + 1, t }));
    return Promise.resolve(rows.slice(Number(query["start"])));
  };
  const root = aUserId("root@pam");
  const state = aState({
    realms: [aRealm("corp", "ldap")],
    groups: Object.fromEntries(groups.map((id) => [id, []])),
  });
  const opened: Opened = {
    purpose: "apply",
    clock,
    allowExec: false,
    desired: overTime(aDesiredState()),
    stations: {
      product: pve,
      readLive: () => Promise.resolve(aReadOf(state)),
      readRealm: () => Promise.resolve("gone"),
      requestFor,
    },
    connected: {
      caller: root,
      read: { caller: root, get },
      write: {
        send: (request) => {
          sent.push(request);
          if (fails === undefined) return Promise.resolve(answer);
          return Promise.reject(
            new ApiError(fails, { method: "POST", path: request.path }, { words: fails }),
          );
        },
      },
      probe: { password: () => Promise.resolve("accepted"), token: () => Promise.resolve("accepted") },
      renew: () => undefined,
      close: () => Promise.resolve(),
    },
    caller: root,
    callers: [root],
  };
  const audit = auditPass(noAudit, { run: "", approvals: [], manifests: { digest: "d" } });
  const end = await syncPass(
    opened,
    { realm: aRealmId("corp"), isDry, scope: "both" },
    {
      audit,
      limitMs: 10_000,
      onLine: (line) => void lines.push(line),
      confirm: () => {
        asked += 1;
        return Promise.resolve(confirm);
      },
    },
    new AbortController().signal,
  );
  return { end, lines, sent, asked };
}

describe("a sync of a realm", () => {
  test("is followed line by line until it ends", async () => {
    const { end, lines, sent, asked } = await follow({
      looks: [
        [["a"], undefined],
        [[], undefined],
        [["b", "c"], "OK"],
      ],
    });
    expect(end).toEqual({ kind: "ended", task: upid, exit: "OK" });
    expect(lines).toEqual(["a", "b", "c"]);
    expect(sent).toEqual([
      { method: "POST", path: "/access/domains/corp/sync", parameters: { scope: "both" } },
    ]);
    expect(asked).toBe(1);
  });

  test("goes on after a moment without a line to the server", async () => {
    const { end, lines } = await follow({ looks: ["unreachable", [["a"], "Connection refused"]] });
    expect(end).toMatchObject({ kind: "ended", exit: "Connection refused" });
    expect(lines).toEqual(["a"]);
  });

  test("that only says what it would do asks nobody", async () => {
    const { asked, sent } = await follow({ looks: [[[], "OK"]], confirm: false }, true);
    expect(asked).toBe(0);
    expect(sent).toMatchObject([{ parameters: { "dry-run": "1" } }]);
  });

  test.each<[string, World, SyncEnd["kind"], number]>([
    ["was not confirmed", { looks: [], confirm: false }, "refused", 0],
    ["is not started while the target is paused", { looks: [], groups: ["rolecall-pause"] }, "refused", 0],
    ["was refused by the server", { looks: [], fails: "forbidden" }, "failed", 1],
    ["may have been started", { looks: [], fails: "ambiguous" }, "unseen", 1],
    ["was answered without a task", { looks: [], answer: null }, "unseen", 1],
    ["was answered with what is no task", { looks: [], answer: "UPID:../../evil:x" }, "unseen", 1],
    ["still runs when nobody waits any more", { looks: [[["a"], undefined]] }, "unseen", 1],
    ["can't be looked at", { looks: ["forbidden"] }, "unseen", 1],
  ])("%s", async (_, world, kind, writes) => {
    const { end, sent } = await follow(world);
    expect(end.kind).toBe(kind);
    expect(sent).toHaveLength(writes);
  });
});
