// In: the two ends of a plan, then one write after the other. Out: whether somebody holds, after a write, what neither
// end gives (excess), or lacks what both give (gap). Must not know: how writes are ordered, requests.

import { root } from "../access/nodes.ts";
import { Trial, type Undo } from "../access/trial.ts";
import type { Privileges } from "../access/standing.ts";
import type { AccessState } from "../model/access-state.ts";
import type { AclPath, AuthId, Privilege, Subject } from "../model/ids.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Write } from "./plan.ts";
import { reachOfWrite, tryWrite } from "./try-write.ts";
import { watchMembers, type Watched } from "./watched-members.ts";

export interface Violation {
  readonly kind: "excess" | "gap";
  readonly id: AuthId;
  readonly path: AclPath;
  readonly privileges: readonly Privilege[];
}

/** A write that was tried: what it would violate, and how to take it back. */
export interface Attempt {
  readonly violations: readonly Violation[];
  /** Whether the caller holds less than it did just before. */
  readonly lowersCaller: boolean;
  readonly undo: Undo;
}

export interface ProofInput {
  readonly before: AccessState;
  readonly after: AccessState;
  readonly nowSeconds: number;
  readonly caller: AuthId;
  readonly superuser: AuthId;
}

/** The paths of the rows that count for somebody, and all that are looked at for these. */
interface Watch {
  readonly rows: ReadonlySet<AclPath>;
  readonly paths: readonly AclPath[];
}

/** What somebody holds on a path at both ends. */
interface Ends {
  readonly before: bigint;
  readonly after: bigint;
}

/** Keeps the state as it is after the writes so far, and answers for the next one. */
export class Proof {
  readonly trial: Trial;
  readonly #before: Trial;
  /** The state that the plan leads to. */
  readonly goal: Trial;
  readonly #caller: AuthId;
  readonly #superuser: AuthId;
  readonly #watched = new Map<AuthId, Watch>();
  readonly #ends = new Map<AuthId, Map<AclPath, Ends>>();
  readonly #bits = new PrivilegeBits();
  readonly #watchedMembers: Watched;
  readonly #signatures = new Map<AuthId, string>();
  /** Where a helper stood. */
  readonly #strays = new Set<AclPath>();

  constructor({ before, after, nowSeconds, caller, superuser }: ProofInput) {
    this.trial = new Trial(before, nowSeconds);
    this.#before = new Trial(before, nowSeconds);
    this.goal = new Trial(after, nowSeconds);
    this.#watchedMembers = watchMembers(before, after);
    this.#caller = caller;
    this.#superuser = superuser;
  }

  /** Makes the write; to be kept, or taken back with `undo`. */
  attempt(write: Write): Attempt {
    const reach = new Set(reachOfWrite(this.trial, write));
    const callersBefore = reach.has(this.#caller) ? this.#heldByCaller() : new Map<AclPath, bigint>();
    this.#noteStray(write);
    const undo = tryWrite(this.trial, write);
    for (const id of reachOfWrite(this.trial, write)) reach.add(id);
    const violations = this.#violationsOf(reach, reachesOnly(write));
    return { violations, lowersCaller: this.#isLowered(callersBefore), undo };
  }

  /** What somebody holds at both ends. */
  floorOf(id: AuthId, path: AclPath): readonly Privilege[] {
    const { before, after } = this.#endsOf(id, path);
    return this.#bits.names(before & after);
  }

  /** Whether the plan changes what a subject has on a path. */
  isPairChanged(path: AclPath, subject: Subject): boolean {
    const [before, after] = [this.#before.rolesOf(path, subject), this.goal.rolesOf(path, subject)];
    return before.size !== after.size || [...before].some(([role, flag]) => after.get(role) !== flag);
  }

  /** `within` bounds the paths at which the write can change anything. */
  #violationsOf(reach: ReadonlySet<AuthId>, within: Within): readonly Violation[] {
    const known = new Map<string, readonly Violation[]>();
    return [...reach].flatMap((id) => {
      if (id === this.#superuser) return [];
      const signature = `${this.trial.signatureOf(id)}|${this.#signatureOf(id)}`;
      // Whose entries are the same hold the same, so one of them is looked at.
      const alike = getOrAdd(known, signature, () =>
        this.#violationsFor(
          id,
          this.#pathsOf(id).filter((path) => within(path)),
        ),
      );
      return alike.map((violation) => ({ ...violation, id }));
    });
  }

  #signatureOf(id: AuthId): string {
    return getOrAdd(
      this.#signatures,
      id,
      () => `${this.#before.signatureOf(id)}|${this.goal.signatureOf(id)}`,
    );
  }

  #violationsFor(id: AuthId, paths: readonly AclPath[]): readonly Violation[] {
    if (paths.length === 0) return [];
    const holds = this.trial.viewOf(id);
    const violations: Violation[] = [];
    for (const path of paths) {
      const now = this.#bits.of(holds(path));
      const { before, after } = this.#endsOf(id, path);
      const excess = now & ~(before | after);
      const gap = before & after & ~now;
      if (excess !== 0n) violations.push({ kind: "excess", id, path, privileges: this.#bits.names(excess) });
      if (gap !== 0n) violations.push({ kind: "gap", id, path, privileges: this.#bits.names(gap) });
    }
    return violations;
  }

  #endsOf(id: AuthId, path: AclPath): Ends {
    const ends = getOrAdd(this.#ends, id, () => new Map<AclPath, Ends>());
    return getOrAdd(ends, path, () => ({
      before: this.#bits.of(this.#before.held(id, path)),
      after: this.#bits.of(this.goal.held(id, path)),
    }));
  }

  /** Where somebody's permissions can differ at all: at each entry that counts for it, just below, and in pools. */
  #pathsOf(id: AuthId): readonly AclPath[] {
    const known = getOrAdd(this.#watched, id, () => this.#around(this.#rowsAround(id)));
    const strays = [...this.#strays].filter((path) => !known.rows.has(path));
    return strays.length === 0 ? known.paths : this.#around(new Set([...known.rows, ...strays])).paths;
  }

  /** On the way somebody may be in a group of either end, and that group may have the rows of either end. */
  #rowsAround(id: AuthId): ReadonlySet<AclPath> {
    const ends = [this.#before, this.goal];
    const holders = new Set(ends.flatMap((end) => end.standBehind(id)));
    return new Set([...holders].flatMap((holder) => ends.flatMap((end) => [...end.pathsOf(holder)])));
  }

  #noteStray(write: Write): void {
    if (write.kind !== "grant" || this.#strays.has(write.path)) return;
    const { path, subjects } = write;
    const stands = (subject: Subject): boolean =>
      this.#before.rolesOf(path, subject).size + this.goal.rolesOf(path, subject).size > 0;
    if (!subjects.every(stands)) this.#strays.add(path);
  }

  #around(rows: ReadonlySet<AclPath>): Watch {
    return { rows, paths: [...withChildren([...rows]), ...this.#watchedMembers(rows)] };
  }

  #heldByCaller(): ReadonlyMap<AclPath, bigint> {
    const paths = this.#pathsOf(this.#caller);
    return new Map(paths.map((path) => [path, this.#bits.of(this.trial.held(this.#caller, path))]));
  }

  #isLowered(before: ReadonlyMap<AclPath, bigint>): boolean {
    if (this.#caller === this.#superuser) return false;
    return [...before].some(
      ([path, held]) => (held & ~this.#bits.of(this.trial.held(this.#caller, path))) !== 0n,
    );
  }
}

type Within = (path: AclPath) => boolean;

/** An entry changes nothing but on its path and below; one on a pool, also on what is in the pool. */
function reachesOnly(write: Write): Within {
  if (write.kind !== "grant" && write.kind !== "revoke") return () => true;
  const { path } = write;
  if (path === root || path === pooled || path.startsWith(`${pooled}/`)) return () => true;
  const below = `${path}/`;
  return (one) => one === path || one.startsWith(below);
}

const pooled = "/pool";

/** The last segment of a path that no server takes: nobody has entries there. */
export const freshChild = "/~";

/** A path that nobody has entries on shows what an entry above gives to all that is below it. */
function withChildren(paths: readonly AclPath[]): readonly AclPath[] {
  // Proof: a path in normal form with one more segment is one, too; `~` is in no path that a server takes.
  return [...new Set(paths.flatMap((path) => [path, `${path === "/" ? "" : path}${freshChild}` as AclPath]))];
}

/** Sets of privileges as numbers, so that comparing them costs next to nothing. */
class PrivilegeBits {
  readonly #positions = new Map<Privilege, number>();
  readonly #known = new WeakMap<Privileges, bigint>();

  of(privileges: Privileges): bigint {
    const known = this.#known.get(privileges);
    if (known !== undefined) return known;
    let bits = 0n;
    for (const privilege of privileges.keys()) {
      bits |= 1n << BigInt(getOrAdd(this.#positions, privilege, () => this.#positions.size));
    }
    this.#known.set(privileges, bits);
    return bits;
  }

  names(bits: bigint): readonly Privilege[] {
    return [...this.#positions]
      .filter(([, position]) => (bits >> BigInt(position)) & 1n)
      .map(([name]) => name)
      .sort();
  }
}
