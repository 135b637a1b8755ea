// Which roles each subject should have on each path. A pair (path, subject) that a manifest names is decided by the
// manifests; what no manifest names is left to prune.

import type { AccessState } from "../model/access-state.ts";
import type { DesiredPair } from "../model/desired.ts";
import type { RoleId, Subject } from "../model/ids.ts";
import { subjectExists, subjectsOf } from "../model/subjects.ts";
import { poolDrop } from "./drops.ts";
import { pairName, type Pair, type Pairs } from "./pairs.ts";
import { missing } from "./reference.ts";
import { isDeclaredAbsent, isOfDirectory } from "./subjects.ts";
import {
  changeKey,
  settleUndeclared,
  type ChangeKey,
  type Note,
  type Origin,
  type Remarks,
  type Settling,
} from "./settling.ts";

type Wanted = Pick<AccessState, "users" | "groups" | "roles" | "tokens" | "pools">;

/** Where nothing is to change, the very pairs that are live. */
export function settlePairs(live: Pairs, wanted: Wanted, settling: Settling, remarks: Remarks): Pairs {
  const settled = new Map<string, Pair>();
  let isChanged = false;
  const desired = new Map(settling.desired.acl.map((pair) => [pairName(pair.path, pair.subject), pair]));
  for (const [name, pair] of live) {
    const roles = rolesOfLive(pair, desired.get(name), { wanted, settling, remarks });
    const isSame = isSameRoles(roles, pair.roles);
    isChanged ||= !isSame;
    if (roles.size > 0) settled.set(name, isSame ? pair : { ...pair, roles });
  }
  for (const [name, pair] of desired) {
    if (live.has(name) || pair.ensure !== "present") continue;
    if (goesWithPool(pair, pair, { wanted, settling, remarks })) continue;
    if (isForeignPath(pair, settling, remarks)) continue;
    const roles = grantsOf(pair, { wanted, settling, remarks });
    if (roles.size > 0) settled.set(name, { path: pair.path, subject: pair.subject, roles });
  }
  return isChanged || settled.size !== live.size ? settled : live;
}

function isSameRoles(one: Pair["roles"], other: Pair["roles"]): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [role, propagate] of one) if (other.get(role) !== propagate) return false;
  return true;
}

interface Frame {
  readonly wanted: Wanted;
  readonly settling: Settling;
  readonly remarks: Remarks;
}

const noRoles: ReadonlyMap<RoleId, boolean> = new Map();

function rolesOfLive(pair: Pair, desired: DesiredPair | undefined, frame: Frame): Pair["roles"] {
  const { settling, remarks } = frame;
  const name = pairName(pair.path, pair.subject);
  if (goesWithPool(pair, desired, frame)) return noRoles;
  const fate = subjectFate(pair.subject, frame);
  if (fate === "dangling") {
    const left = rolesLeft(pair, name, frame);
    if (left.size > 0) remarks.notes.push(danglingEntry(pair));
    return left;
  }
  if (fate === "deleted") {
    if (desired?.ensure === "present" && !isDeclaredAbsent(pair.subject, settling.desired)) {
      remarkMissingSubject(desired, changeKey("ACL", name), frame);
    }
    remarks.origins.set(changeKey("ACL", name), { reason: "cascade" });
    return noRoles;
  }
  if (desired && desired.ensure !== "ignored") return declaredRoles(pair, desired, frame);
  if (!desired && isPruned(pair, name, settling, remarks)) return noRoles;
  if (!subjectExists(pair.subject, settling.live)) remarks.notes.push(wokenEntry(pair));
  return rolesLeft(pair, name, frame);
}

/** The server drops the entries at a pool and below with it. To ask for one there is to ask for the pool. */
function goesWithPool(
  { path, subject }: Pick<Pair, "path" | "subject">,
  desired: DesiredPair | undefined,
  { wanted, settling, remarks }: Frame,
): boolean {
  const pool = poolDrop(path, { before: settling.live, after: wanted });
  if (pool === undefined) return false;
  const key = changeKey("ACL", pairName(path, subject));
  remarks.origins.set(key, { reason: "cascade" });
  if (desired?.ensure === "present" && desired.grants.length > 0) {
    const found = missing(`pool ${pool}, at which an entry is declared,`, { live: true, directory: false });
    remarks.notes.push({ ...found, source: desired.source, about: [key, changeKey("Pool", pool)] });
  }
  return true;
}

/** Asked for in vain: the release has nothing there. */
function isForeignPath(
  { path, subject, grants, source }: DesiredPair,
  { product, version }: Settling,
  remarks: Remarks,
): boolean {
  const why = grants.length === 0 ? undefined : product.lacksAclPath(path, version);
  if (why === undefined) return false;
  remarks.notes.push({
    severity: "error",
    code: "path-unsupported",
    message: `release ${version} takes no ACL entries at ${path}: ${why}`,
    source,
    about: [changeKey("ACL", pairName(path, subject))],
  });
  return true;
}

function isPruned(pair: Pair, name: string, settling: Settling, remarks: Remarks): boolean {
  const { ownership } = settling;
  const object = {
    name,
    inScope: ownership.pairInScope(pair.path, pair.subject),
    stays: ownership.pairStays(pair.subject),
  };
  return settleUndeclared("ACL", object, settling, remarks) !== "stays";
}

function rolesLeft({ roles }: Pair, name: string, frame: Frame): Pair["roles"] {
  const left = [...roles].filter(([role]) => staysGranted(role, name, frame));
  return left.length === roles.size ? roles : new Map(left);
}

/** A role that is deleted takes its entries along. */
function staysGranted(role: RoleId, name: string, { wanted, remarks, settling }: Frame): boolean {
  if (wanted.roles.has(role) || !settling.live.roles.has(role)) return true;
  remarks.origins.set(changeKey("ACL", name), { reason: "cascade" });
  return false;
}

function declaredRoles(pair: Pair, desired: DesiredPair, frame: Frame): Pair["roles"] {
  const name = pairName(pair.path, pair.subject);
  const { origins } = frame.remarks;
  const { grants, revoked } = desired;
  if (desired.ensure === "present" && grants.length > 0) {
    origins.set(changeKey("ACL", name), originOfDeclared(pair, desired));
    return grantsOf(desired, frame);
  }
  const left = desired.ensure === "absent" ? noRoles : rolesLeft(pair, name, frame);
  const asked = new Set(revoked.map(({ role }) => role));
  const kept = new Map([...left].filter(([role]) => !asked.has(role)));
  if (kept.size < left.size || left === noRoles) {
    origins.set(changeKey("ACL", name), originOfEmptied(desired));
  }
  return kept;
}

/** Where all that the pair loses is outside its validity, that is why, and the place is there. */
function originOfDeclared(pair: Pair, { grants, outside, source }: DesiredPair): Origin {
  const taken = [...pair.roles.keys()].filter((role) => !grants.some((grant) => grant.role === role));
  const lapsed = outside.filter(({ role }) => taken.includes(role));
  const [first] = lapsed;
  if (first === undefined || lapsed.length < taken.length) return { reason: "declared", source };
  return { reason: "outside-validity", source: first.source };
}

function originOfEmptied({ outside: [first], source }: DesiredPair): Origin {
  return first ? { reason: "outside-validity", source: first.source } : { reason: "absent", source };
}

function grantsOf(pair: DesiredPair, frame: Frame): Pair["roles"] {
  const { settling, remarks, wanted } = frame;
  const key = changeKey("ACL", pairName(pair.path, pair.subject));
  if (isDeclaredAbsent(pair.subject, settling.desired)) return noRoles;
  if (!remarks.origins.has(key)) remarks.origins.set(key, { reason: "declared", source: pair.source });
  if (!subjectExists(pair.subject, wanted)) {
    remarkMissingSubject(pair, key, frame);
    // What waits for a directory is shown, as held; a mistake is only found.
    if (!remarks.held.has(key)) return noRoles;
  }
  const roles = new Map<RoleId, boolean>();
  for (const { role, propagate, source } of pair.grants) {
    if (remarks.held.has(changeKey("Role", role))) remarks.held.add(key);
    if (wanted.roles.has(role)) roles.set(role, propagate);
    else if (settling.desired.roles.get(role)?.ensure !== "absent") {
      const found = missing(`role ${role}`, {
        live: settling.live.roles.has(role),
        directory: false,
        name: role,
        among: [wanted.roles],
      });
      remarks.notes.push({ ...found, source, about: [key] });
    }
  }
  return roles;
}

function remarkMissingSubject(pair: DesiredPair, key: ChangeKey, frame: Frame): void {
  const { subject, source, grants } = pair;
  if (grants.length === 0) return;
  const { settling, remarks, wanted } = frame;
  const found = missing(`${subject.kind} ${subject.id}`, {
    live: subjectExists(subject, settling.live),
    directory: isOfDirectory(subject, settling.ownership),
    name: subject.id,
    among: [subjectsOf(subject.kind, wanted)],
  });
  remarks.notes.push({ ...found, source, about: [key] });
  if (found.severity === "warning") remarks.held.add(key);
}

function subjectFate(subject: Subject, { wanted, settling }: Frame): "stays" | "deleted" | "dangling" {
  if (subjectExists(subject, wanted)) return "stays";
  return subjectExists(subject, settling.live) ? "deleted" : "dangling";
}

/** A new user comes into what somebody of its name had. */
function wokenEntry({ path, subject, roles }: Pair): Note {
  return {
    severity: "warning",
    code: "left-over-entry",
    message: `${subject.kind} ${subject.id} is new, and an ACL entry that was left behind gives it ${[...roles.keys()].sort().join(", ")} on ${path}`,
    about: [changeKey("ACL", pairName(path, subject)), changeKey("User", subject.id)],
  };
}

function danglingEntry({ path, subject }: Pair): Note {
  return {
    severity: "warning",
    code: "dangling-entry",
    message: `an ACL entry on ${path} names ${subject.kind} ${subject.id}, which does not exist; the API cannot remove it`,
    about: [],
  };
}
