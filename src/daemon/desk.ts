// What passes between the socket and the routes: a request without its socket, an answer, and what answers are made from.

import type { Explorer } from "./explorer.ts";
import type { Metrics } from "./metrics.ts";
import type { Askers, Pages } from "./pages.ts";
import type { DaemonState } from "./status.ts";
import type { TargetState } from "./target-state.ts";

export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isLocal: boolean;
  /** A browser says that a page of somebody else sent it. */
  readonly isSent: boolean;
  /** What stands behind `Bearer` in the header Authorization. */
  readonly bearer: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Desk {
  readonly state: () => DaemonState;
  readonly metrics: Metrics;
  readonly onReload: () => void;
  /** Whether what was shown lets somebody ask for a reload from elsewhere. */
  readonly isAllowed: (bearer: string) => Promise<boolean>;
  readonly pages: Pages;
  readonly explorer: Pick<Explorer, "ask">;
  readonly askers: Askers;
}

export interface Route {
  readonly path: RegExp;
  readonly method: "GET" | "POST";
  readonly handle: (asked: Asked, desk: Desk) => Answer | Promise<Answer>;
}

/** The target that the end of the path names, as an address spells it. */
export function targetAt({ path }: Pick<Asked, "path">, { targets }: DaemonState): TargetState | undefined {
  const name = path.split("/").at(-1);
  return targets.find(({ desired }) => encodeURIComponent(desired.target.name) === name);
}
