// The order of a plan is proved for a server that nobody else writes to. During a long apply the state is read again
// from time to time and held against what the writes so far lead to.

import type { AccessState } from "../model/access-state.ts";
import type { AclPath } from "../model/ids.ts";
import { pathsOfMembers } from "../model/pool-paths.ts";
import { wordMoves } from "../plan/moves.ts";
import type { Write } from "../plan/plan.ts";
import { applyWrite } from "../plan/simulate.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { Doors } from "./doors.ts";
import type { Result } from "./result.ts";

/** How long a read is believed. */
const lookEveryMs = 30_000;

export class Sentry {
  readonly #doors: Doors;
  readonly #everyMs: number;
  /** What the server should hold now; undefined after a write whose effect is not known. */
  #expected: AccessState | undefined;
  /** What was put into pools since. */
  #taken = new Set<AclPath>();
  #lookedMs: number;

  /** `before` was read just now. */
  constructor(before: AccessState, doors: Doors, everyMs = lookEveryMs) {
    this.#doors = doors;
    this.#everyMs = everyMs;
    this.#expected = before;
    this.#lookedMs = doors.clock.now();
  }

  note(write: Write, { kind }: Result): void {
    // A refused write changed nothing; of one that half happened only the next read can tell.
    const isKnown = kind === "done" || (kind === "failed" && !isTokenWrite(write));
    if (!isKnown) this.#expected = undefined;
    else if (kind === "done" && this.#expected) this.#expected = applyWrite(this.#expected, write);
    for (const path of takenBy(write)) this.#taken.add(path);
  }

  /** Why nothing more may be written; undefined where nothing speaks against it, or it is too early to look again. */
  async look(signal: AbortSignal): Promise<string | undefined> {
    return this.#doors.clock.now() - this.#lookedMs < this.#everyMs ? undefined : await this.lookNow(signal);
  }

  /** Whether it is known what the server should hold. */
  get isSure(): boolean {
    return this.#expected !== undefined;
  }

  /** The same, whenever it was looked last. */
  async lookNow(signal: AbortSignal): Promise<string | undefined> {
    try {
      const seen = withoutEntriesOf(this.#doors.superuser, await this.#doors.readBack(signal));
      this.#lookedMs = this.#doors.clock.now();
      const moves = this.#expected ? wordMoves(this.#expected, seen, this.#taken) : [];
      this.#expected = seen;
      this.#taken = new Set();
      if (moves.length === 0) return undefined;
      this.#doors.onMoved(moves);
      return `not tried, since somebody else changed the server meanwhile: ${moves.join("; ")}`;
    } catch (error) {
      if (signal.aborted) return "interrupted before it was tried";
      if (!(error instanceof ApiError)) throw error;
      return `not tried, since the server could not be read again: ${error.message}`;
    }
  }
}

/** A token may be there, with an hour to live, although its secret was not delivered. */
function isTokenWrite({ kind }: Write): boolean {
  return kind === "create-token" || kind === "reissue-token" || kind === "update-token";
}

function takenBy(write: Write): readonly AclPath[] {
  return write.kind === "update-pool" && write.members?.way === "in" ? pathsOfMembers(write.members) : [];
}

/** The server drops an entry for its superuser with the next write, so plans count such a row as not there. */
function withoutEntriesOf(superuser: string, state: AccessState): AccessState {
  const acl = state.acl.filter(({ subject }) => !(subject.kind === "user" && subject.id === superuser));
  return { ...state, acl };
}
