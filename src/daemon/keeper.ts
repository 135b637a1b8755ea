// In: sets of manifests that may be believed. Out: a tended target for each that they declare. Must not know: how manifests
// are watched, how anything is shown.

import type { Loaded, Wanted } from "../reconcile/load.ts";
import type { Snapshot } from "../reconcile/snapshot.ts";
import { countOf } from "../render/count.ts";
import type { Observed } from "./conditions.ts";
import type { Accepted } from "./lookout.ts";
import type { TargetState } from "./target-state.ts";
import { Tended } from "./tended.ts";
import type { TendingOptions } from "./tending.ts";

export interface KeeperOptions extends TendingOptions {
  readonly load: (read: Snapshot["read"]) => Loaded;
}

type Diagnostic = Loaded["diagnostics"][number];

/** What is known of the manifests. */
export interface ManifestsState {
  /** In force; undefined as long as none were valid. */
  readonly inForce: (Observed & { readonly sinceMs: number }) | undefined;
  /** The last ones, whether they are valid or not. */
  readonly last: Observed | undefined;
  readonly isValid: boolean;
  /** Of the last ones: mistakes, and what looks like some. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface KeeperState {
  readonly manifests: ManifestsState;
  /** By name. */
  readonly targets: readonly TargetState[];
}

/** As many mistakes as a log bears; the status has more. */
const loggedMistakes = 20;
const keptDiagnostics = 200;

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #tended = new Map<string, Tended>();
  readonly #leaving = new Map<string, Promise<void>>();
  #manifests: ManifestsState = { inForce: undefined, last: undefined, isValid: false, diagnostics: [] };

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get state(): KeeperState {
    return {
      manifests: this.#manifests,
      targets: [...this.#tended].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tended]) => tended.state),
    };
  }

  /** New manifests: in force from now on, or nothing changes but what is said of them. */
  accept({ snapshot, commit }: Accepted): void {
    const observed: Observed = { digest: snapshot.digest, commit };
    const { wanted, diagnostics } = this.#options.load(snapshot.read);
    const last = { last: observed, diagnostics: diagnostics.slice(0, keptDiagnostics) };
    if (wanted === undefined) this.#keepDespite(diagnostics, { ...this.#manifests, ...last, isValid: false });
    else this.#replace(wanted, observed, { ...last, isValid: true });
  }

  /** Nothing more is begun; resolves when everything in flight is finished. */
  async stop(): Promise<void> {
    await Promise.all([
      ...[...this.#tended.values()].map((tended) => tended.stop()),
      ...this.#leaving.values(),
    ]);
  }

  #keepDespite(
    diagnostics: readonly Diagnostic[],
    manifests: ManifestsState & { readonly last: Observed },
  ): void {
    const { logger } = this.#options.surroundings;
    this.#manifests = manifests;
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const mistakes = errors.map(wordDiagnostic);
    for (const error of errors.slice(0, loggedMistakes))
      logger.error(wordDiagnostic(error), error.hint === undefined ? undefined : { hint: error.hint });
    const what =
      manifests.inForce === undefined
        ? "no server is asked before they are mended"
        : "what was accepted before stays in force";
    const { digest, commit } = manifests.last;
    logger.error(`the manifests have ${countOf(mistakes.length, "mistake")}: ${what}`, { digest, commit });
    for (const tended of this.#tended.values()) tended.keepDespite(mistakes, manifests.last);
  }

  #replace(
    wanted: readonly Wanted[],
    observed: Observed,
    manifests: Pick<ManifestsState, "last" | "isValid" | "diagnostics">,
  ): void {
    const { logger, clock } = this.#options.surroundings;
    this.#manifests = { ...manifests, inForce: { ...observed, sinceMs: clock.now() } };
    logger.info("manifests accepted", { ...observed, targets: wanted.length });
    const names = new Set(wanted.map(({ desired }) => desired.target.name));
    for (const [name, tended] of this.#tended) if (!names.has(name)) this.#letGo(name, tended);
    for (const one of wanted) this.#tend(one, observed);
  }

  #tend(wanted: Wanted, observed: Observed): void {
    const { name } = wanted.desired.target;
    const known = this.#tended.get(name);
    if (known) {
      known.replace(wanted, observed);
      return;
    }
    const tended = new Tended(wanted, observed, this.#options);
    this.#tended.set(name, tended);
    tended.start(this.#leaving.get(name));
  }

  #letGo(name: string, tended: Tended): void {
    this.#options.surroundings.logger.info("target no longer declared, and left as it is", { target: name });
    this.#tended.delete(name);
    const leaving = tended.stop().finally(() => {
      if (this.#leaving.get(name) === leaving) this.#leaving.delete(name);
    });
    this.#leaving.set(name, leaving);
  }
}

function wordDiagnostic({ place: { file, line, column }, code, message }: Diagnostic): string {
  return `${file}:${line}:${column}: ${code}: ${message}`;
}
