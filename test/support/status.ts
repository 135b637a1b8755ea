// In: what matters to a test. Out: a status of the daemon, and a plan that it keeps. Must not know: how they are shown.

import type { KeptPlan } from "../../src/daemon/kept-plan.ts";
import type { StatusDocument, TargetDocument } from "../../src/daemon/status.ts";

export const now = "2026-11-25T03:00:00.000Z";

/** So many seconds from now. */
export function at(seconds: number): string {
  return new Date(Date.parse(now) + seconds * 1000).toISOString();
}

export function aStatus(
  targets: readonly TargetDocument[],
  manifests: Partial<StatusDocument["manifests"]> = {},
): StatusDocument {
  return {
    formatVersion: 1,
    version: "1.2.3",
    startedAt: at(-86_400),
    now,
    manifests: {
      valid: true,
      inForceDigest: "sha256:0123456789abcdef0123456789abcdef",
      inForceCommit: "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
      inForceSince: at(-7_200),
      lastLookAt: at(-3),
      events: true,
      notices: [],
      diagnostics: [],
      ...manifests,
    },
    targets: [...targets],
  };
}

type Condition = TargetDocument["conditions"][number];

export function aCondition(
  type: Condition["type"],
  status: Condition["status"],
  reason: string,
  message = "",
): Condition {
  return {
    type,
    status,
    reason,
    message,
    lastTransitionTime: at(-600),
    observedDigest: "sha256:0123456789abcdef",
  };
}

export function aPass(
  over: Partial<TargetDocument["history"][number]> = {},
): TargetDocument["history"][number] {
  return {
    id: "5a90a26b",
    startedAt: at(-120),
    durationMs: 42,
    reasons: ["resync"],
    result: "synced",
    changes: { create: 0, update: 0, delete: 0 },
    kinds: [],
    held: 0,
    applied: 0,
    unfinished: 0,
    errors: 0,
    warnings: 0,
    ...over,
  };
}

/** As declared, unless something else is said. */
export function aTargetStatus(name: string, over: Partial<TargetDocument> = {}): TargetDocument {
  const history = over.history ?? [aPass()];
  const [lastPass] = history;
  return {
    name,
    product: "pve",
    version: "9.2.11",
    caller: "rolecall@pve!gitops",
    mode: "enforce",
    suspended: false,
    intervalSeconds: 300,
    observedDigest: "sha256:0123456789abcdef",
    observedCommit: "c0ffee00c0ffee00",
    conditions: [
      aCondition("ManifestsValid", "True", "Accepted", "the manifests are in force"),
      aCondition("Reachable", "True", "Answered", "the server answers"),
      aCondition("Synced", "True", "NoChange", "the live state is as declared"),
      aCondition("Stalled", "False", "Proceeding"),
    ],
    atWork: false,
    nextPassAt: at(180),
    lastSuccessAt: at(-120),
    failuresInARow: 0,
    ...(lastPass && { lastPass }),
    history,
    tokens: [],
    ...over,
  };
}

/** One that a finding refuses, with something of everything; every name and text is `word` with what it stands for. */
export function aRefusedTarget(
  name: string,
  word: string,
): { readonly target: TargetDocument; readonly plan: KeptPlan } {
  const message = `${word} would be too many`;
  const source = { file: `${word}.yaml`, line: 7 };
  return {
    target: aTargetStatus(name, {
      caller: word,
      version: word,
      pause: { since: at(-600), until: at(600) },
      failuresInARow: 2,
      conditions: [
        aCondition("Synced", "False", word, message),
        aCondition("Stalled", "True", word, message),
      ],
      history: [
        aPass({
          result: "refused",
          code: word,
          message,
          changes: { create: 1, update: 1, delete: 1 },
          kinds: [{ kind: "User", pending: 3, applied: 0, failed: 0 }],
          errors: 1,
          warnings: 1,
        }),
        aPass({
          id: "0badcafe",
          applied: 2,
          changes: { create: 2, update: 0, delete: 0 },
          reasons: ["manifests"],
        }),
      ],
      tokens: [
        { id: `${word}!ended`, expiresAt: at(-60) },
        { id: `${word}!today`, expiresAt: at(3_600) },
        { id: `${word}!week`, expiresAt: at(5 * 86_400) },
        { id: `${word}!month`, expiresAt: at(20 * 86_400) },
        { id: `${word}!late`, expiresAt: at(200 * 86_400) },
      ],
      sinks: {
        lookedAt: at(-900),
        current: false,
        found: [
          { token: `${word}!today`, sink: word, place: `/${word}`, state: "accepted" },
          { token: `${word}!week`, sink: word, place: `/${word}`, state: "unknown", message },
          { token: `${word}!month`, sink: word, place: `/${word}`, state: "missing", message },
          { token: `${word}!late`, sink: word, place: `/${word}`, state: "refused" },
        ],
      },
    }),
    plan: {
      name,
      product: "pve",
      status: "refused",
      error: { code: word, message, hint: word },
      changes: [
        {
          action: "create",
          kind: "Group",
          name: word,
          fields: [{ field: word, before: null, after: word }],
          source,
          held: true,
        },
        {
          action: "update",
          kind: "User",
          name: `${word}@pve`,
          fields: [{ field: "comment", before: "", after: word }],
          source,
          held: false,
        },
        {
          action: "delete",
          kind: "ACL",
          name: `/vms group:${word}`,
          fields: [{ field: "roles", before: [{ role: word, propagate: true }], after: null }],
          held: false,
        },
      ],
      access: [
        {
          ground: [],
          // Proof: ids are texts; what a server calls them is what is tried here.
          ...({
            subjects: [`user:${word}`],
            paths: [`/${word}`],
            except: ["/vms"],
            dangerous: ["Sys.Modify"],
          } as object as Pick<
            NonNullable<KeptPlan["access"]>[number],
            "subjects" | "paths" | "except" | "dangerous"
          >),
          propagate: true,
          ...({ gained: ["Sys.Modify", word], lost: [word] } as object as Pick<
            NonNullable<KeptPlan["access"]>[number],
            "gained" | "lost"
          >),
          because: [`group ${word} has ${word} on /`],
        },
      ],
      findings: [
        { severity: "warning", code: "only-root-left", message, changes: [] },
        {
          severity: "error",
          code: "max-deletes",
          message,
          changes: [0, 2],
          source,
          digest: `sha256:${word}`,
          details: [{ subjects: [word], says: word }],
        },
      ],
      unmanaged: [{ kind: "User", name: word, reason: "prune-off" }],
      rotations: [{ token: word, expire: 1_800_000_000, rotatesAt: 1_790_000_000 }],
      boundaries: [{ event: "ends", at: at(9_000), kind: "Membership", name: word, objects: [word], source }],
      outcomes: [
        { change: 0, status: "not-attempted" },
        { change: 1, status: "failed", error: word },
        { change: 2, status: "applied" },
      ],
      summary: { create: 1, update: 1, delete: 1, operations: 3 },
      isCut: true,
    },
  };
}
