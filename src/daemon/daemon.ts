// The daemon as a whole: what is begun in which order, and ended in which. Must not know: options, exit statuses.

import type { createLoader } from "../reconcile/load.ts";
import type { Surroundings } from "../reconcile/open.ts";
import type { WatchedPaths } from "../reconcile/snapshot.ts";
import type { AuditStanding, VisitTarget } from "../reconcile/visit.ts";
import { Explorer, type ExplorerOptions } from "./explorer.ts";
import { Keeper } from "./keeper.ts";
import { Lane } from "./lanes.ts";
import { Lookout, type Pace } from "./lookout.ts";
import { keepTidy } from "./memory.ts";
import { createMetrics } from "./metrics.ts";
import type { Askers, Pages } from "./pages.ts";
import { serve, type Address, type Serving } from "./serve.ts";
import type { DaemonState } from "./status.ts";

export interface DaemonOptions {
  readonly paths: WatchedPaths;
  readonly pace: Pace;
  readonly load: ReturnType<typeof createLoader>;
  readonly visit: VisitTarget;
  /** Where the visits' writes are written down; undefined where nowhere. */
  readonly audit: AuditStanding | undefined;
  /** How often the sinks are looked into; undefined: never. */
  readonly verifySinksMs?: number;
  /** Undefined: nothing is served. */
  readonly listen: Address | undefined;
  /** By which it is asked for, beside addresses and `localhost`. */
  readonly names: readonly string[];
  /** Whether what somebody shows lets them ask for a reload from elsewhere. */
  readonly isAllowed: (bearer: string) => Promise<boolean>;
  readonly pages: Pages;
  readonly read: ExplorerOptions["read"];
  /** Whose questions about access are answered. */
  readonly askers: Askers;
  /** Of Rolecall. */
  readonly version: string;
}

export interface Daemon {
  /** Undefined where nothing is served. */
  readonly url: string | undefined;
  /** Looks at the manifests now. */
  readonly reload: () => void;
  /** Begins nothing more; resolves when what is in flight is finished and everything is closed. */
  stop(): Promise<void>;
}

/** Passes that are at work at once: each holds two states of its target while it plans. */
const laneLimits = { places: 16, loanMs: 5_000 };

/** Rejects where the address can't be listened on; from then on nothing but `stop` ends it. */
export async function startDaemon(options: DaemonOptions, surroundings: Surroundings): Promise<Daemon> {
  const { clock, logger } = surroundings;
  const startedMs = clock.now();
  const state = (): DaemonState => ({
    ...keeper.state,
    version: options.version,
    startedMs,
    nowMs: clock.now(),
    lookout,
    audit: options.audit,
  });
  const stopping = new AbortController();
  let passes = 0;
  const metrics = createMetrics(options.version, state);
  const counting: Surroundings = { ...surroundings, onRequest: (request) => metrics.countRequest(request) };
  const explorer = new Explorer({ surroundings: counting, read: options.read });
  const keeper = new Keeper({
    surroundings: counting,
    lanes: { sound: new Lane(clock, laneLimits), troubled: new Lane(clock, laneLimits) },
    load: options.load,
    visit: options.visit,
    ...(options.verifySinksMs !== undefined && { verifySinksMs: options.verifySinksMs }),
    onPass: (target, record) => {
      metrics.countPass(target, record);
      passes += 1;
    },
  });
  const lookout = new Lookout({
    paths: options.paths,
    pace: options.pace,
    clock,
    logger,
    onAccepted: (accepted) => {
      if (!stopping.signal.aborted) keeper.accept(accepted);
    },
  });
  const reload = (): void => {
    logger.info("asked to look at the manifests now");
    lookout.lookNow();
  };
  const { isAllowed, pages, askers } = options;
  const desk = { state, metrics, onReload: reload, isAllowed, pages, explorer, askers };
  const serving: Serving | undefined =
    options.listen && (await serve(options.listen, desk, { names: options.names, logger }));
  const looking = lookout.run(stopping.signal);
  const tidying = keepTidy(clock, () => passes, stopping.signal);
  return {
    url: serving?.url,
    reload,
    stop: async () => {
      stopping.abort(new Error("the daemon is stopping"));
      // No new writes from here on, whatever the rest waits for: a look may hang in a file system. The status is served
      // to the end.
      await Promise.all([keeper.stop(), looking, tidying, explorer.stop()]);
      await serving?.close();
    },
  };
}
