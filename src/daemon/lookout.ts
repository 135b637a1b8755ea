// In: paths. Out: every set of manifests that may be believed, once. Must not know: what the manifests say. Looks when
// there is a hint, when something is about to have stood still long enough, and from time to time in any case.

import { lookAtGitOf } from "../reconcile/git-head.ts";
import { takeSnapshot, type Snapshot, type WatchedPaths } from "../reconcile/snapshot.ts";
import type { Clock } from "../support/clock.ts";
import type { Logger } from "../support/logger.ts";
import { placesOf, remoteFileSystemOf, type WatchedPlaces } from "./links.ts";
import { settle, settlesInMs, type RootStanding } from "./settle.ts";
import { Wakeup } from "./wakeup.ts";
import { openHints, type Hints } from "./watch.ts";

export interface Accepted {
  readonly snapshot: Snapshot;
  /** Of the first path that lies in a Git work tree: what HEAD leads to. */
  readonly commit: string | undefined;
}

/** Why what was seen last is not accepted yet; undefined where it is. */
export type Waiting = "settling" | "git-lock" | "changing" | undefined;

export interface Pace {
  /** How long the manifests must stand still. */
  readonly settleMs: number;
  /** The longest time between two looks, with events and without. */
  readonly pollMs: number;
  readonly blindPollMs: number;
}

export const defaultPace: Pace = { settleMs: 2_000, pollMs: 10_000, blindPollMs: 2_000 };

export interface LookoutOptions {
  readonly paths: WatchedPaths;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onAccepted: (accepted: Accepted) => void;
}

/** Events come in bursts: a look after the first one would see half of them. */
const burstMs = 200;
/** A tree so large, or a system so short of watches, that events come late or never: the look must not. */
const longArmingMs = 5_000;
/** While Git holds its lock, or links change under the look. */
const retryMs = 500;
/** Git's lock is held for a moment; one that stays is left over from a Git that died. */
const longLockMs = 60_000;

export class Lookout {
  readonly #options: LookoutOptions;
  readonly #wakeup: Wakeup;
  #standings: readonly RootStanding[] = [];
  #accepted: { readonly digest: string; readonly commit: string | undefined } | undefined;
  #hints: { readonly places: string; readonly hints: Hints } | undefined;
  #blind: string | undefined;
  #waiting: Waiting;
  #lockedSinceMs: number | undefined;
  #lookedMs: number;
  #notices: readonly string[] = [];

  constructor(options: LookoutOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock);
    this.#lookedMs = options.clock.now();
  }

  /** When the last look ended: it ends every few seconds, or something hangs. */
  get lookedMs(): number {
    return this.#lookedMs;
  }

  get waiting(): Waiting {
    return this.#waiting;
  }

  /** Why events can't be relied on; undefined where they come. */
  get blind(): string | undefined {
    return this.#blind;
  }

  /** What somebody should mend about the way in which the manifests are mounted. */
  get notices(): readonly string[] {
    return this.#notices;
  }

  lookNow(): void {
    this.#wakeup.wake();
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      await this.#arm(signal);
      const waitMs = await this.#look();
      this.#lookedMs = clock.now();
      const isHint = await this.#wakeup.wait(waitMs, signal);
      if (isHint) await new Wakeup(clock).wait(burstMs, signal);
    }
    await this.#hints?.hints.close();
  }

  /** Watches what must be watched now: other places than before where a link was flipped. */
  async #arm(signal: AbortSignal): Promise<void> {
    const places = await placesOf(this.#paths());
    const key = JSON.stringify(places);
    if (this.#hints?.places === key) return;
    await this.#noteRemote(places);
    await this.#hints?.hints.close();
    const hints = openHints(places, {
      onHint: () => this.#wakeup.wake(),
      onBlind: (code) => this.#goBlind(`the system gives no more watches (${code})`),
    });
    this.#hints = { places: key, hints };
    // What changes before events come is seen by the look that follows.
    await Promise.race([hints.ready, new Wakeup(this.#options.clock).wait(longArmingMs, signal)]);
  }

  #paths(): readonly string[] {
    const { filenames, config } = this.#options.paths;
    return config === undefined ? filenames : [...filenames, config];
  }

  async #noteRemote(places: WatchedPlaces): Promise<void> {
    const remote = await remoteFileSystemOf(places);
    if (remote !== undefined) this.#goBlind(`they lie on a network file system (${remote})`);
  }

  #goBlind(why: string): void {
    if (this.#blind !== undefined) return;
    this.#blind = why;
    const { logger, pace } = this.#options;
    const seconds = pace.blindPollMs / 1000;
    logger.warn(
      `events of the manifests' files can't be relied on: ${why}; they are read every ${seconds} s`,
    );
  }

  /** How long to wait for the next look. */
  async #look(): Promise<number> {
    const { paths, pace, clock } = this.#options;
    const idleMs = this.#blind === undefined ? pace.pollMs : pace.blindPollMs;
    const git = await lookAtGitOf(this.#paths());
    const snapshot = git.lock === undefined ? await takeSnapshot(paths) : undefined;
    this.#noteLock(git.lock);
    const isMoving = snapshot === undefined || (await lookAtGitOf(this.#paths())).commit !== git.commit;
    if (isMoving) {
      this.#waiting = git.lock === undefined ? "changing" : "git-lock";
      return retryMs;
    }
    const at = { nowMs: clock.now(), settleMs: pace.settleMs };
    this.#standings = settle(this.#standings, snapshot.roots, at);
    const settlesMs = settlesInMs(this.#standings, at);
    this.#waiting = settlesMs > 0 ? "settling" : undefined;
    if (settlesMs > 0) return Math.min(settlesMs, idleMs);
    this.#accept({ snapshot, commit: git.commit });
    return idleMs;
  }

  #noteLock(lock: string | undefined): void {
    const { clock, logger } = this.#options;
    const since = this.#lockedSinceMs;
    if (lock === undefined) this.#lockedSinceMs = undefined;
    else if (since === undefined) this.#lockedSinceMs = clock.now();
    else if (clock.now() - since > longLockMs) {
      this.#lockedSinceMs = Infinity;
      logger.warn(
        `the manifests are not read while Git holds ${lock}: if no Git is at work there, remove it`,
      );
    }
  }

  #accept(accepted: Accepted): void {
    const { snapshot, commit } = accepted;
    this.#noteUnlinked(snapshot.unlinked);
    if (this.#accepted?.digest === snapshot.digest && this.#accepted.commit === commit) return;
    this.#accepted = { digest: snapshot.digest, commit };
    this.#options.onAccepted(accepted);
  }

  #noteUnlinked(unlinked: readonly string[]): void {
    const notices = unlinked.map(
      (path) => `${path} was replaced outside of its mount and will never change here: mount its folder`,
    );
    for (const notice of notices) if (!this.#notices.includes(notice)) this.#options.logger.warn(notice);
    this.#notices = notices;
  }
}
