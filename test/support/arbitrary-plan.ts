// In: nothing. Out: fast-check arbitraries of reports, with every kind of change, write, finding and outcome, and with
// names and texts that attack a terminal, a table, a fold and a forge. Must not know: what is asked of them.

import fc from "fast-check";
import { accessDelta } from "../../src/access/delta.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import type { Outcome } from "../../src/apply/outcome.ts";
import type { AccessState, AclEntry, Group, Role, Token, User } from "../../src/model/access-state.ts";
import type { Subject } from "../../src/model/ids.ts";
import { poolFeaturesOf } from "../../src/model/pool-features.ts";
import type { Change, FieldChange, Finding, Operation, Plan, Unmanaged, Write } from "../../src/plan/plan.ts";
import type { TargetReport } from "../../src/reconcile/report.ts";

const attacks = [
  "</details>",
  "<details>",
  "<!-- rolecall plan -->",
  "a | b || c",
  "`` ` ```",
  "@octocat and @org/team",
  "https://evil.example/?q=1 www.evil.example",
  "[click](https://evil.example) ![x](y)",
  "line\nbreak\r\n| new | row |",
  "\u001b[2J\u001b]0;title\u0007",
  "\u202edesrever\u202c",
  "zero\u200bwidth\ufeff\u00ad",
  "\u009b31m c1",
  "\ud800 lone",
  "'; rm -rf / #$(id)`id`",
  "#1 !2 GH-3",
];

/** A text from outside. */
const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({ maxLength: 10 }).map((text) => text.repeat(60)),
);

/** Parsers make ids; these are what a careless one would let through, but for halves of characters. */
function hostileId<T>(): fc.Arbitrary<T> {
  // Proof: renderers must stand any text, whatever the brand promises.
  return hostileText.map((text) => text.replace(/\p{Cs}/gu, "?")) as fc.Arbitrary<T>;
}

/** A token's id has its `!`, whatever stands around it. */
const tokenId: fc.Arbitrary<never> = fc
  .tuple(hostileId<string>(), hostileId<string>())
  // Proof: as above.
  .map(([owner, name]) => `${owner}!${name}` as never);

const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant("user" as const), id: hostileId<never>() }),
  fc.record({ kind: fc.constant("group" as const), id: hostileId<never>() }),
  fc.record({ kind: fc.constant("token" as const), id: tokenId }),
);
const instant = fc.oneof(fc.constant(0), fc.nat(), fc.maxSafeNat());
const user: fc.Arbitrary<User> = fc.record({
  id: hostileId<never>(),
  enabled: fc.boolean(),
  expire: instant,
  firstName: hostileText,
  lastName: hostileText,
  email: hostileText,
  comment: hostileText,
});
const group: fc.Arbitrary<Group> = fc.record({
  id: hostileId<never>(),
  comment: hostileText,
  members: fc.array(hostileId<never>(), { maxLength: 4 }),
});
const role: fc.Arbitrary<Role> = fc.record({
  id: hostileId<never>(),
  privileges: fc.array(hostileId<never>(), { maxLength: 4 }),
  builtIn: fc.boolean(),
});
const token: fc.Arbitrary<Token> = fc.record({
  id: tokenId,
  privilegeSeparation: fc.boolean(),
  expire: instant,
  comment: hostileText,
});
const entry: fc.Arbitrary<AclEntry> = fc.record({
  path: hostileId<never>(),
  subject,
  role: hostileId<never>(),
  propagate: fc.boolean(),
});

function byId<I, T extends { readonly id: I }>(values: fc.Arbitrary<T>): fc.Arbitrary<Map<I, T>> {
  return fc
    .array(values, { maxLength: 4 })
    .map((list) => new Map(list.map((value): [I, T] => [value.id, value])));
}

const members = {
  vms: fc.array(fc.nat(), { maxLength: 3 }),
  storages: fc.array(hostileText, { maxLength: 2 }),
};

const state: fc.Arbitrary<AccessState> = fc.record({
  users: byId(user),
  groups: byId(group),
  roles: byId(role),
  tokens: byId(token),
  acl: fc.array(entry, { maxLength: 6 }),
  realms: fc.constant(new Map()),
  pools: byId(fc.record({ id: hostileId<never>(), comment: hostileText, members: fc.record(members) })),
});

const deliveries = fc.array(
  fc.record({
    sink: fc.record({
      kind: fc.constant("file" as const),
      name: hostileText,
      dir: hostileText,
      mode: fc.constant(0o600),
    }),
    as: hostileText,
    format: fc.constant("env" as const),
    key: hostileText,
  }),
  { minLength: 1, maxLength: 2 },
);
const cells = {
  path: hostileId<never>(),
  subjects: fc.array(subject, { minLength: 1, maxLength: 3 }),
  roles: fc.array(hostileId<never>(), { minLength: 1, maxLength: 3 }),
};

const poolFeatures = fc.constantFrom("7.4-16", "8.0.5", "9.2.11").map(poolFeaturesOf);

const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("create-user" as const),
      user,
      groups: fc.array(hostileId<never>(), { maxLength: 3 }),
      password: fc.oneof(
        fc.record({
          kind: fc.constant("given" as const),
          from: fc.record({ source: fc.constant("env" as const), name: hostileText }),
        }),
        fc.record({ kind: fc.constant("generated" as const), length: fc.constant(20), deliveries }),
      ),
    },
    { requiredKeys: ["kind", "user", "groups"] },
  ),
  fc.record({
    kind: fc.constant("update-user" as const),
    id: hostileId<never>(),
    set: fc.record({ comment: hostileText, expire: instant }),
  }),
  fc.record({ kind: fc.constant("delete-user" as const), id: hostileId<never>() }),
  fc.record({ kind: fc.constant("create-group" as const), group }),
  fc.record({ kind: fc.constant("update-group" as const), id: hostileId<never>(), comment: hostileText }),
  fc.record({ kind: fc.constant("delete-group" as const), id: hostileId<never>() }),
  fc.record({ kind: fc.constantFrom("create-role" as const, "update-role" as const), role }),
  fc.record({ kind: fc.constant("delete-role" as const), id: hostileId<never>() }),
  fc.record({ kind: fc.constant("grant" as const), ...cells, propagate: fc.boolean() }),
  fc.record({ kind: fc.constant("revoke" as const), ...cells }),
  fc.record({
    kind: fc.constant("set-password" as const),
    id: hostileId<never>(),
    password: fc.record({ source: fc.constant("env" as const), name: hostileText }),
  }),
  fc.record({ kind: fc.constant("create-token" as const), token, deliveries }),
  fc.record({ kind: fc.constant("reissue-token" as const), id: tokenId, deliveries, liveExpire: fc.nat() }),
  fc.record({
    kind: fc.constant("update-token" as const),
    id: tokenId,
    set: fc.record({ comment: hostileText }),
  }),
  fc.record({ kind: fc.constant("delete-token" as const), id: tokenId }),
  fc.record({
    kind: fc.constant("create-pool" as const),
    pool: fc.record({ id: hostileId<never>(), comment: hostileText }),
  }),
  fc.record(
    {
      kind: fc.constant("update-pool" as const),
      id: hostileId<never>(),
      comment: hostileText,
      members: fc.oneof(
        fc.record({ way: fc.constant("out" as const), ...members }),
        fc.record({
          way: fc.constant("in" as const),
          ...members,
          moved: fc.array(fc.record({ vm: fc.nat(), from: hostileId<never>() }), { maxLength: 2 }),
        }),
      ),
      features: poolFeatures,
    },
    { requiredKeys: ["kind", "id", "features"] },
  ),
  fc.record({ kind: fc.constant("delete-pool" as const), id: hostileId<never>(), features: poolFeatures }),
);

const value: fc.Arbitrary<FieldChange["before"]> = fc.oneof(
  fc.constant(null),
  hostileText,
  fc.boolean(),
  instant,
  fc.array(hostileText, { maxLength: 4 }),
  fc.array(fc.record({ role: hostileText, propagate: fc.boolean() }), { maxLength: 4 }),
);
const field: fc.Arbitrary<FieldChange> = fc.record({
  field: fc.constantFrom("comment", "expire", "groups", "roles", "enabled", "privileges"),
  before: value,
  after: value,
});
const place = fc.record({ file: hostileText, line: fc.integer({ min: 1 }), column: fc.integer({ min: 1 }) });
const kind = fc.constantFrom(
  "User" as const,
  "Group" as const,
  "Role" as const,
  "ACL" as const,
  "Token" as const,
  "Pool" as const,
);

const change: fc.Arbitrary<Change> = fc.record(
  {
    action: fc.constantFrom("create" as const, "update" as const, "delete" as const),
    kind,
    name: hostileText,
    fields: fc.array(field, { maxLength: 4 }),
    source: place,
    reason: fc.constantFrom(
      "declared" as const,
      "absent" as const,
      "outside-validity" as const,
      "prune" as const,
      "cascade" as const,
    ),
    held: fc.boolean(),
  },
  { requiredKeys: ["action", "kind", "name", "fields", "reason", "held"] },
);
const finding: fc.Arbitrary<Finding> = fc.record(
  {
    severity: fc.constantFrom("error" as const, "warning" as const),
    code: fc.constantFrom("max-deletes" as const, "reference-unknown" as const, "entry-hidden" as const),
    message: hostileText,
    changes: fc.array(fc.nat({ max: 20 }), { maxLength: 15 }),
    source: place,
    count: fc.nat(),
    digest: hostileText,
  },
  { requiredKeys: ["severity", "code", "message", "changes"] },
);
const unmanaged: fc.Arbitrary<Unmanaged> = fc.record({
  kind,
  name: hostileText,
  reason: fc.constantFrom(
    "prune-off" as const,
    "kind-undeclared" as const,
    "protected" as const,
    "directory" as const,
    "caller" as const,
  ),
});

const boundary: fc.Arbitrary<Plan["boundaries"][number]> = fc.record({
  event: fc.constantFrom("begins" as const, "ends" as const),
  atSeconds: instant,
  kind: fc.constantFrom("ACL" as const, "Membership" as const),
  name: hostileText,
  objects: fc.array(hostileText, { maxLength: 5 }),
  source: place,
});

/** A list that is sometimes far longer than a comment can hold. */
function long<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(values, { maxLength: 5 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(values, { minLength: 1, maxLength: 4 }), fc.integer({ min: 50, max: 300 }))
        .map(([list, times]) => Array.from({ length: times }, () => list).flat()),
    },
  );
}

/** The delta is the engine's own, over whatever names the two states hold. */
function withDelta(plan: Plan): Plan {
  return { ...plan, accessDelta: accessDelta(indexAccess(plan.before), indexAccess(plan.after), 0) };
}

const arbitraryPlan: fc.Arbitrary<Plan> = fc
  .record({
    target: hostileText,
    product: fc.constantFrom("pve" as const, "pbs" as const),
    version: hostileText,
    caller: hostileText,
    changes: long(change),
    operations: long(
      fc
        .tuple(fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), write)
        .map(([changes, operation]): Operation => ({ changes, ...operation })),
    ),
    findings: long(finding),
    unmanaged: long(unmanaged),
    rotations: long(fc.record({ token: tokenId, expire: fc.nat(), rotatesAt: fc.nat() })),
    boundaries: long(boundary),
    accessDelta: fc.constant({ shares: [], paths: [] }),
    inScope: fc.constant({ User: 1, Group: 1, Role: 1, Token: 1, Pool: 1, Realm: 1 }),
    before: state,
    after: state,
  })
  .map(withDelta);

const outcome = (index: number): fc.Arbitrary<Outcome> =>
  fc.record(
    {
      change: fc.constant(index),
      status: fc.constantFrom(
        "applied" as const,
        "failed" as const,
        "not-attempted" as const,
        "unconfirmed" as const,
      ),
      error: hostileText,
    },
    { requiredKeys: ["change", "status"] },
  );

const error = fc.record(
  { code: hostileText, message: hostileText, hint: hostileText },
  { requiredKeys: ["code", "message"] },
);

const planned: fc.Arbitrary<TargetReport> = arbitraryPlan.chain((plan) =>
  fc.record(
    {
      name: fc.constant(plan.target),
      product: fc.constant(plan.product),
      status: fc.constantFrom("ok" as const, "refused" as const),
      plan: fc.constant(plan),
      error,
      notice: hostileText,
      complete: fc.array(hostileText, { maxLength: 3 }),
      outcomes: fc.tuple(...plan.changes.slice(0, 20).map((_, index) => outcome(index))),
    },
    { requiredKeys: ["name", "product", "status", "plan"] },
  ),
);
const unplanned: fc.Arbitrary<TargetReport> = fc.record(
  {
    name: hostileText,
    product: fc.constant("pve" as const),
    version: hostileText,
    caller: hostileText,
    status: fc.constantFrom("unreachable" as const, "invalid" as const),
    error,
    notice: hostileText,
  },
  { requiredKeys: ["name", "product", "status", "error"] },
);

/** What one command has to show: a few targets, now and then hundreds. */
export const arbitraryReports: fc.Arbitrary<TargetReport[]> = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.oneof(planned, unplanned), { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: unplanned.map((report) => Array.from({ length: 400 }, () => report)),
  },
);
