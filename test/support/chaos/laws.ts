// In: what was played in a world. Out: what is wrong with it, in words. Must not know: how apply/ goes about it.

import { effectivePrivileges } from "../../../src/access/effective.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { isUsable } from "../../../src/access/usable.ts";
import type { AccessState } from "../../../src/model/access-state.ts";
import { subjectKey } from "../../../src/model/ids.ts";
import { canonicalState } from "../../../src/plan/compare.ts";
import type { Change } from "../../../src/plan/plan.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { parseShadow, parseTokenSecrets } from "../../../src/simulator/files/passwords.ts";
import { shaCrypt } from "../../../src/simulator/sha-crypt.ts";
import { faultsBetween } from "../clean-orders.ts";
import { aTokenId } from "../builders.ts";
import type { TerseDesired } from "../desired-builders.ts";
import { givenPassword } from "./story.ts";
import type { Played, World } from "./world.ts";
import type { Arrived } from "./lines.ts";

/** Nobody ever holds what neither end of the pass gives, but where its plan said so. */
export function excessIn({ report, before, writes }: Played, world: World): readonly string[] {
  const { plan } = report;
  if (plan === undefined || plan.findings.some(({ code }) => code === "transient-excess")) return [];
  const after = withMembersOf(before, plan.after);
  const nowSeconds = Math.floor(world.clock.now() / 1000);
  const faults = faultsBetween({ before, after, nowSeconds });
  return writes.filter(changesAccess).flatMap((write) =>
    faults(world.stateOf(write.after))
      .filter(({ kind }) => kind === "excess")
      .map(({ what }) => `excess after ${wordWrite(write)}: ${what}`),
  );
}

/** A plan knows the members only of pools that make a difference. */
function withMembersOf(live: AccessState, after: AccessState): AccessState {
  const pools = [...after.pools].map(([id, pool]) => {
    const members = pool.members ?? live.pools.get(id)?.members;
    return [id, { ...pool, ...(members && { members }) }] as const;
  });
  return { ...after, pools: new Map(pools) };
}

const caller = aTokenId("rolecall@pve!gitops");

/** The caller, an administrator, stays one after every write. */
export function lockoutsIn({ writes }: Played, world: World): readonly string[] {
  const nowSeconds = Math.floor(world.clock.now() / 1000);
  return writes
    .filter(changesAccess)
    .filter((write) => {
      const state = world.stateOf(write.after);
      const held = effectivePrivileges(indexAccess(state), caller, "/");
      const owner = state.acl.some(
        ({ path, subject }) => path === "/" && subjectKey(subject) === "user:rolecall@pve",
      );
      return !owner || !isUsable(state, caller, nowSeconds) || (isWhole(state) && held.size === 0);
    })
    .map((write) => `the caller is locked out after ${wordWrite(write)}`);
}

/** The token has what its owner has, where it is not separated. */
function isWhole({ tokens }: AccessState): boolean {
  return tokens.get(caller)?.privilegeSeparation === false;
}

/** A write that arrives does something: what had happened already is never sent again. */
export function repeatsIn({ writes }: Played): readonly string[] {
  return writes
    .filter((write, index) =>
      writes.slice(0, index).some((earlier) => isSame(earlier, write) && hasDone(earlier)),
    )
    .filter((write, index, all) => !hasDone(write) && index < all.length)
    .map((write) => `sent again: ${wordWrite(write)}`);
}

function hasDone({ before, after }: Arrived): boolean {
  return serverFiles.some((file) => before[file] !== after[file]);
}

const serverFiles = ["user.cfg", "domains.cfg", "jobs.cfg", "priv/token.cfg", "priv/shadow.cfg"] as const;

/** Realms and secrets give nobody a privilege. */
function changesAccess({ before, after }: Arrived): boolean {
  return before["user.cfg"] !== after["user.cfg"];
}

function isSame(a: Arrived, b: Arrived): boolean {
  return a.method === b.method && a.path === b.path && a.body === b.body;
}

/** A change of a realm says which state of it it was made for, so that somebody else's change is not overwritten. */
export function blindIn({ writes }: Played): readonly string[] {
  return writes
    .filter(({ method, path }) => method === "PUT" && path.includes("/access/domains/"))
    .filter(({ body }) => !/(?:^|&)digest=[0-9a-f]/u.test(body))
    .map((write) => `without a digest: ${wordWrite(write)}`);
}

/** What is out of scope is as it was. */
export function touchedOutside(before: AccessState, after: AccessState): readonly string[] {
  const [was, is] = [canonicalState(outOfScope(before)), canonicalState(outOfScope(after))];
  return was === is ? [] : [`out of scope it was ${was}, and is ${is}`];
}

/** Of the wishes of arbitrary-desired.ts. */
export function outOfScope(state: AccessState): AccessState {
  const only = <K extends string, V>(map: ReadonlyMap<K, V>, isOut: (id: K) => boolean): ReadonlyMap<K, V> =>
    new Map([...map].filter(([id]) => isOut(id)));
  const isOut = (id: string): boolean => /out|corp/iu.test(id);
  return {
    ...state,
    users: only(state.users, isOut),
    groups: only(state.groups, isOut),
    roles: only(state.roles, isOut),
    tokens: only(state.tokens, isOut),
    pools: only(state.pools, isOut),
    realms: only(state.realms, isOut),
    acl: state.acl.filter(
      ({ path, subject }) => path.startsWith("/storage") || /^(?:user|group):out/u.test(subjectKey(subject)),
    ),
  };
}

/** Of a token that was made, and whose expiry is managed, the sink holds the secret; of a user who was made the password is what was given or made up. */
export function lostSecrets(
  { tokens = {}, users = {} }: TerseDesired,
  start: AccessState,
  world: World,
): readonly string[] {
  const [files, delivered, now] = [world.files(), world.delivered(), world.state()];
  const [secrets, hashes] = [
    parseTokenSecrets(files["priv/token.cfg"] ?? ""),
    parseShadow(files["priv/shadow.cfg"] ?? ""),
  ];
  const made = (ids: readonly string[], at: (state: AccessState) => ReadonlyMap<string, unknown>): string[] =>
    ids.filter((id) => !at(start).has(id) && at(now).has(id));
  const isHeld = (id: string): boolean => {
    const secret = secrets.get(id);
    return secret !== undefined && delivered.get(id)?.includes(secret) === true;
  };
  const logsIn = (id: string): boolean => {
    const origin = users[id]?.password?.origin;
    if (origin === undefined) return true;
    const password =
      origin.kind === "given" ? givenPassword : /^TOKEN='(.*)'$/mu.exec(delivered.get(id) ?? "")?.[1];
    const hash = hashes.get(id.replace(/@pve$/u, ""));
    return password !== undefined && hash !== undefined && shaCrypt(password, hash) === hash;
  };
  return [
    ...made(Object.keys(tokens), (state) => state.tokens)
      .filter((id) => tokens[id]?.expire !== undefined)
      .filter((id) => !isHeld(id))
      .map((id) => `the secret of ${id} is in no sink`),
    ...made(Object.keys(users), (state) => state.users)
      .filter((id) => !logsIn(id))
      .map((id) => `nobody has the password of ${id}`),
  ];
}

/** Every outcome against a plan that is made anew on what is there: applied is not asked for any more, failed still is. */
export function liesIn({ report, struck }: Played, fresh: TargetReport): readonly string[] {
  const { plan, outcomes = [] } = report;
  const open = new Set((fresh.plan?.changes ?? []).filter(({ held }) => !held).map(nameOf));
  return outcomes.flatMap(({ change, status, written, error }) => {
    const asked = plan?.changes[change];
    if (asked === undefined || asked.held) return [];
    const name = nameOf(asked);
    const told = `${name} is ${status}${written ? ", written" : ""} (${error ?? ""})`;
    if (status === "applied") return open.has(name) ? [`${told}, and still asked for`] : [];
    // Nobody can tell only where the reading failed, too, or the second try was lost like the first.
    const isDark = struck.length > 1 || struck.some(({ fault }) => fault.kind === "crash");
    if (status === "unconfirmed") return isDark ? [] : [`${told}, after one fault only`];
    if (written || open.has(name)) return [];
    return [`${told}, and not asked for any more`];
  });
}

function nameOf({ action, kind, name }: Change): string {
  return `${action} ${kind} ${name}`;
}

function wordWrite({ method, path, body }: Arrived): string {
  return `${method} ${path} ${body}`;
}
