// In: the two ends of a plan, then one write after the other. Out: whether somebody holds, after a write, what neither
// end gives (excess), or lacks what both give (gap). Must not know: how writes are ordered, requests.

import { Trial, type Undo } from "../access/trial.ts";
import type { Privileges } from "../access/standing.ts";
import type { AccessState } from "../model/access-state.ts";
import type { AclPath, AuthId, Privilege } from "../model/ids.ts";
import { getOrAdd } from "../support/maps.ts";
import type { Write } from "./plan.ts";
import { reachOfWrite, tryWrite } from "./try-write.ts";

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
  /** Tokens that are deleted and made again: that they lack something meanwhile is announced, and no gap of the order. */
  readonly replaced: ReadonlySet<AuthId>;
}

/** Keeps the state as it is after the writes so far, and answers for the next one. */
export class Proof {
  readonly trial: Trial;
  readonly #before: Trial;
  /** The state that the plan leads to. */
  readonly goal: Trial;
  readonly #caller: AuthId;
  readonly #superuser: AuthId;
  readonly #replaced: ReadonlySet<AuthId>;
  readonly #watched = new Map<AuthId, readonly AclPath[]>();
  readonly #ends = new Map<string, { readonly before: bigint; readonly after: bigint }>();
  readonly #bits = new PrivilegeBits();

  constructor({ before, after, nowSeconds, caller, superuser, replaced }: ProofInput) {
    this.trial = new Trial(before, nowSeconds);
    this.#before = new Trial(before, nowSeconds);
    this.goal = new Trial(after, nowSeconds);
    this.#caller = caller;
    this.#superuser = superuser;
    this.#replaced = replaced;
  }

  /** Makes the write; to be kept, or taken back with `undo`. */
  attempt(write: Write): Attempt {
    const reach = new Set(reachOfWrite(this.trial, write));
    const callersBefore = reach.has(this.#caller) ? this.#heldByCaller() : new Map<AclPath, bigint>();
    const undo = tryWrite(this.trial, write);
    for (const id of reachOfWrite(this.trial, write)) reach.add(id);
    return { violations: this.#violationsOf(reach), lowersCaller: this.#isLowered(callersBefore), undo };
  }

  #violationsOf(reach: ReadonlySet<AuthId>): readonly Violation[] {
    const known = new Map<string, readonly Violation[]>();
    return [...reach].flatMap((id) => {
      if (id === this.#superuser) return [];
      const signature = [this.#before, this.trial, this.goal].map((one) => one.signatureOf(id)).join("|");
      // Whose entries are the same hold the same, so one of them is looked at.
      const alike = getOrAdd(known, signature, () =>
        this.#pathsOf(id).flatMap((path) => this.#violationsAt(id, path)),
      );
      const own = alike.filter(({ kind }) => kind === "excess" || !this.#replaced.has(id));
      return own.map((violation) => ({ ...violation, id }));
    });
  }

  #violationsAt(id: AuthId, path: AclPath): readonly Violation[] {
    const now = this.#bits.of(this.trial.held(id, path));
    const { before, after } = this.#endsOf(id, path);
    const excess = now & ~(before | after);
    const gap = before & after & ~now;
    return [
      ...(excess === 0n ? [] : [{ kind: "excess" as const, id, path, privileges: this.#bits.names(excess) }]),
      ...(gap === 0n ? [] : [{ kind: "gap" as const, id, path, privileges: this.#bits.names(gap) }]),
    ];
  }

  #endsOf(id: AuthId, path: AclPath): { readonly before: bigint; readonly after: bigint } {
    return getOrAdd(this.#ends, `${id} ${path}`, () => ({
      before: this.#bits.of(this.#before.held(id, path)),
      after: this.#bits.of(this.goal.held(id, path)),
    }));
  }

  /** Where somebody's permissions can differ at all: at each entry that counts for it, and just below. */
  #pathsOf(id: AuthId): readonly AclPath[] {
    const known = getOrAdd(this.#watched, id, () =>
      withChildren([...this.#before.pathsOf(id), ...this.goal.pathsOf(id)]),
    );
    const extra = [...this.trial.pathsOf(id)].filter((path) => !known.includes(path));
    return extra.length === 0 ? known : [...known, ...withChildren(extra)];
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
