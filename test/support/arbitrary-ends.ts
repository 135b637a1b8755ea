// In: nothing. Out: small pairs of access states, as a change of manifests makes them: a few differences between two
// states that have most in common, or two states at random. Must not know: what is asked of them.

import fc from "fast-check";
import type { AccessState } from "../../src/model/access-state.ts";
import { aState, aToken, aUser } from "./builders.ts";

/** A state in few words; rows are path, subject, role, propagate. */
export interface Sketch {
  readonly users: Readonly<Record<string, boolean>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Whether each token is separated. */
  readonly tokens: Readonly<Record<string, boolean>>;
  readonly rows: readonly Row[];
}
type Row = readonly [string, string, string, boolean];

export interface SketchedEnds {
  readonly before: Sketch;
  readonly after: Sketch;
}

const users = ["a@pve", "b@pve", "c@pve"];
const groups = ["g1", "g2", "staff"];
const tokens = ["a@pve!tok", "b@pve!tok"];
const paths = ["/", "/vms", "/vms/100"];
const subjects = [
  ...users.map((id) => `user:${id}`),
  ...groups.map((id) => `group:${id}`),
  ...tokens.map((id) => `token:${id}`),
];
const words = ["VM.Audit", "VM.Console", "VM.Backup"];
const roles = ["R1", "R2", "R3", "PVEVMUser", "NoAccess"];

const contents = fc.subarray(words, { minLength: 1 });
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.constantFrom(...paths),
  fc.constantFrom(...subjects),
  fc.constantFrom(...roles),
  fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
);

/** What everybody has from above: whatever is taken away below it lets it through. */
const wide: fc.Arbitrary<readonly Row[]> = fc.constantFrom<readonly Row[]>(
  [],
  [["/", "group:staff", "PVEVMAdmin", true]],
);

const sketch: fc.Arbitrary<Sketch> = fc
  .record({
    users: fc.record({ "a@pve": fc.constant(true), "b@pve": fc.constant(true), "c@pve": fc.boolean() }),
    groups: fc.record({ g1: fc.subarray(users), g2: fc.subarray(users), staff: fc.constant(users) }),
    roles: fc.record({ R1: contents, R2: contents, R3: contents }),
    tokens: fc.record({ "a@pve!tok": fc.boolean(), "b@pve!tok": fc.boolean() }),
    rows: fc.array(row, { maxLength: 5 }),
    wide,
  })
  .map(({ wide: widest, ...rest }) => tidy({ ...rest, rows: [...widest, ...rest.rows] }));

type Step = (sketch: Sketch) => Sketch;

const steps: fc.Arbitrary<Step> = fc.oneof(
  row.map((added): Step => (one) => ({ ...one, rows: [...one.rows, added] })),
  fc.nat(4).map((at): Step => (one) => ({ ...one, rows: one.rows.filter((_, index) => index !== at) })),
  changeOfRow(fc.constantFrom(...roles), ([path, who, , flag], role) => [path, who, role, flag]),
  changeOfRow(fc.constantFrom(...subjects), ([path, , role, flag], who) => [path, who, role, flag]),
  changeOfRow(fc.constantFrom(...paths), ([, who, role, flag], path) => [path, who, role, flag]),
  changeOfRow(fc.constant(undefined), ([path, who, role, flag]) => [path, who, role, !flag]),
  fc.tuple(fc.constantFrom(...groups), fc.constantFrom(...users)).map(([group, user]): Step => (one) => ({
    ...one,
    groups: mapOne(one.groups, group, (members) =>
      members.includes(user) ? members.filter((id) => id !== user) : [...members, user].sort(),
    ),
  })),
  fc.constantFrom(...users).map((user): Step => (one) => ({
    ...one,
    users: mapOne(one.users, user, (isEnabled) => !isEnabled),
  })),
  fc.constantFrom(...tokens).map((token): Step => (one) => ({
    ...one,
    tokens: mapOne(one.tokens, token, (isSeparated) => !isSeparated),
  })),
  fc
    .tuple(fc.constantFrom("R1", "R2", "R3"), contents)
    .map(([role, held]): Step => (one) => ({ ...one, roles: mapOne(one.roles, role, () => held) })),
  fc.constantFrom("R1", "R2", "R3").map((role): Step => (one) => ({
    ...one,
    roles: Object.fromEntries(
      Object.entries(one.roles).map(([id, held]) => [id === role ? "New" : id, held]),
    ),
    rows: one.rows.map(([path, who, has, flag]) => [path, who, has === role ? "New" : has, flag]),
  })),
  fc.constantFrom(...groups).map((group): Step => (one) => ({ ...one, groups: without(one.groups, group) })),
  fc.constantFrom(...users).map((user): Step => (one) => ({ ...one, users: without(one.users, user) })),
  exchange("group:g1", "group:g2"),
  exchange("user:a@pve", "token:a@pve!tok"),
  exchange("user:a@pve", "user:b@pve"),
  fc.constant<Step>((one) => ({
    ...one,
    rows: one.rows.map(([path, who, role, flag]) => [path, who, swapped(role, "R1", "R2"), flag]),
  })),
  fc.constant<Step>((one) => ({
    ...one,
    roles: Object.fromEntries(
      Object.entries(one.roles).map(([id, held]) => [id, one.roles[swapped(id, "R1", "R2")] ?? held]),
    ),
  })),
  fc.constant<Step>((one) => ({
    ...one,
    groups: Object.fromEntries(
      Object.entries(one.groups).map(([id, members]) => [id, one.groups[swapped(id, "g1", "g2")] ?? members]),
    ),
  })),
);

/** Two subjects exchange all that they have. */
function exchange(first: string, second: string): fc.Arbitrary<Step> {
  return fc.constant<Step>((one) => ({
    ...one,
    rows: one.rows.map(([path, who, role, flag]) => [path, swapped(who, first, second), role, flag]),
  }));
}

function swapped(id: string, first: string, second: string): string {
  return id === first ? second : id === second ? first : id;
}

function changeOfRow<T>(values: fc.Arbitrary<T>, change: (row: Row, value: T) => Row): fc.Arbitrary<Step> {
  return fc.tuple(fc.nat(4), values).map(([at, value]): Step => (one) => ({
    ...one,
    rows: one.rows.map((row, index) => (index === at ? change(row, value) : row)),
  }));
}

function mapOne<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  change: (value: T) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).map(([id, value]) => [id, id === key ? change(value) : value]),
  );
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => id !== key));
}

/** Without what refers to nothing, and of several rows of one path, subject and role only the last. */
function tidy(one: Sketch): Sketch {
  const held = Object.entries(one.tokens).filter(([id]) => (id.split("!")[0] ?? "") in one.users);
  const known = new Set([
    ...Object.keys(one.users).map((id) => `user:${id}`),
    ...Object.keys(one.groups).map((id) => `group:${id}`),
    ...held.map(([id]) => `token:${id}`),
    ...Object.keys(one.roles),
    "PVEVMUser",
    "NoAccess",
  ]);
  const rows = one.rows.filter(([, who, role]) => known.has(who) && known.has(role));
  return {
    ...one,
    tokens: Object.fromEntries(held),
    groups: Object.fromEntries(
      Object.entries(one.groups).map(([id, members]) => [id, members.filter((user) => user in one.users)]),
    ),
    rows: [...new Map(rows.map((each) => [each.slice(0, 3).join(" "), each])).values()],
  };
}

/** A few steps from a state. */
export const plainEnds: fc.Arbitrary<SketchedEnds> = fc
  .tuple(sketch, fc.array(steps, { minLength: 1, maxLength: 5 }))
  .map(([before, list]) => ({ before, after: tidy(list.reduce((one, step) => step(one), before)) }));

/** Two states that share only their names. */
export const strangeEnds: fc.Arbitrary<SketchedEnds> = fc.record({ before: sketch, after: sketch });

export function stateFrom({
  users: people,
  groups: teams,
  roles: duties,
  tokens: keys,
  rows,
}: Sketch): AccessState {
  return aState({
    users: Object.entries(people).map(([id, enabled]) => aUser(id, { enabled })),
    groups: teams,
    roles: duties,
    tokens: Object.entries(keys).map(([id, privilegeSeparation]) => aToken(id, { privilegeSeparation })),
    acl: rows,
  });
}

/** The same as the server's own file. */
export function userCfgOf({
  users: people,
  groups: teams,
  roles: duties,
  tokens: keys,
  rows,
}: Sketch): string {
  const spell = (subject: string): string =>
    subject.replace(/^group:/u, "@").replace(/^(?:user|token):/u, "");
  return [
    "user:root@pam:1:0::::::",
    ...Object.entries(people).map(([id, enabled]) => `user:${id}:${enabled ? 1 : 0}:0::::::`),
    ...Object.entries(keys).map(([id, isSeparated]) => `token:${id}:0:${isSeparated ? 1 : 0}::`),
    ...Object.entries(teams).map(([id, members]) => `group:${id}:${members.join()}::`),
    ...Object.entries(duties).map(([id, held]) => `role:${id}:${held.join()}:`),
    ...rows.map(([path, who, role, flag]) => `acl:${flag ? 1 : 0}:${path}:${spell(who)}:${role}:`),
    "",
  ].join("\n");
}
