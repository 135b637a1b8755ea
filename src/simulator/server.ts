// In: options and the texts of state files. Out: a Proxmox VE access API on a socket. Must not know: proxmox/, so that
// one wrong belief cannot hide in both.

import { createServer, isIP } from "node:net";
import type { Clock } from "../support/clock.ts";
import { openApi, type Api } from "./api.ts";
import type { FaultSchedule } from "./faults/fault.ts";
import { withFaults, type Struck } from "./faults/inject.ts";
import type { Exchange } from "./http/connection.ts";
import { setUpHost, type Host } from "./host.ts";
import type { Answer, RequestHead } from "./http/message.ts";
import { acceptOn, listen, type Certificate } from "./http/listen.ts";
import { profileOf } from "./profile.ts";
import type { Locks } from "./locks.ts";
import { openFolderStore, openMemoryStore, type StateFiles, type Store } from "./store.ts";
import { openTicketOffice } from "./tickets.ts";

export interface SimulatorOptions {
  readonly clock: Clock;
  readonly rootPassword: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** A folder laid out as /etc/pve is, or the texts of its files; what is missing is as on a fresh installation. */
  readonly state?: { readonly folder: string } | { readonly files: StateFiles };
  /** Default 9.2.11. */
  readonly serverVersion?: string;
  /** Unix accounts beside root, with their passwords. */
  readonly unixAccounts?: Readonly<Record<string, string>>;
  /** Names of users by realm: what a sync of the realm fetches. Of another realm it fails. */
  readonly directories?: Readonly<Record<string, readonly string[]>>;
  /** Default 100 to 110. */
  readonly guests?: readonly number[];
  /** Default local, local-lvm. */
  readonly storages?: readonly string[];
  /** Without one the server speaks plain HTTP. */
  readonly tls?: Certificate;
  /** Refused logins wait three seconds, as on the real server. */
  readonly delays401?: boolean;
  /** What goes wrong, and when. */
  readonly faults?: FaultSchedule;
  /** Told of every fault that strikes. */
  readonly onFault?: (struck: Struck) => void;
}

/** One request that arrived, whatever became of it. */
interface SeenRequest {
  readonly method: string;
  /** Below /api2/json, without the query, as encoded as it came. */
  readonly path: string;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** The state's files as they are now. */
  files(): StateFiles;
  /** Of the cluster: what another node holds is what a test says. */
  readonly locks: Locks;
  /** Resolves when it is down: whether a fault did it. */
  readonly crashed: Promise<boolean>;
  close(): Promise<void>;
}

/** The API without a line to it. */
export interface Simulated {
  readonly api: Api;
  readonly host: Host;
}

/** Nobody listens: what is asked is asked of `api`. Throws a RangeError for a version that it cannot play. */
export function simulate(options: SimulatorOptions, onCrash: () => void = () => undefined): Simulated {
  const host = hostOf(options, storeOf(options));
  const api = openApi(host);
  const { faults, onFault } = options;
  if (faults === undefined) return { api, host };
  return { host, api: withFaults(api, { host, schedule: faults, onCrash, ...(onFault && { onFault }) }) };
}

const unauthorizedDelayMs = 3000;

/** Resolves when the server listens. Throws a RangeError for a version that it cannot play. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const stopping = new AbortController();
  const closeAll = (why: string): void => {
    stopping.abort(new Error(why));
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  const { api, host: simulated } = simulate(options, () => closeAll(crashWords));
  const requests: SeenRequest[] = [];
  const server = createServer();
  const sockets = acceptOn(
    server,
    exchangeOf(api, { options, requests, signal: stopping.signal }),
    options.tls,
  );
  const host = options.host ?? "127.0.0.1";
  const port = await listen(server, { host, port: options.port ?? 0 });
  const closed = new Promise<void>((resolve) => server.once("close", () => resolve()));
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    port,
    requests,
    files: () => simulated.store.files(),
    locks: simulated.locks,
    crashed: closed.then(() => isCrash(stopping.signal)),
    close: async () => {
      closeAll("the simulator is closing");
      await closed;
    },
  };
}

const crashWords = "the simulator crashed, as it was told to";

function isCrash({ reason }: AbortSignal): boolean {
  return reason instanceof Error && reason.message === crashWords;
}

function storeOf({ state }: SimulatorOptions): Store {
  if (state === undefined) return openMemoryStore({});
  return "folder" in state ? openFolderStore(state.folder) : openMemoryStore(state.files);
}

function hostOf(options: SimulatorOptions, store: Store): ReturnType<typeof setUpHost> {
  const version = options.serverVersion ?? "9.2.11";
  const profile = profileOf(version);
  if (profile === undefined) throw new RangeError(`no such version of Proxmox VE can be played: ${version}`);
  const now = (): number => options.clock.now();
  return setUpHost({
    profile,
    store,
    now,
    unixAccounts: new Map([...Object.entries(options.unixAccounts ?? {}), ["root", options.rootPassword]]),
    directories: options.directories ?? {},
    guests: new Set(options.guests ?? Array.from({ length: 11 }, (_, index) => 100 + index)),
    storages: options.storages ?? ["local", "local-lvm"],
    tickets: openTicketOffice(now),
  });
}

interface Surroundings {
  readonly options: SimulatorOptions;
  readonly requests: SeenRequest[];
  readonly signal: AbortSignal;
}

function exchangeOf(api: Api, { options, requests, signal }: Surroundings): Exchange {
  // Cut short where the server closes: then nobody waits for the answer.
  const pause = async (ms: number): Promise<void> => {
    if (ms > 0) await options.clock.sleep(ms, signal).catch(() => undefined);
  };
  return {
    begin: (head: RequestHead) => {
      requests.push({
        method: head.method,
        path: head.target.replace(/^\/api2\/(?:json|extjs)|\?.*$/gsu, ""),
      });
      return api.begin(head);
    },
    finish: (head, body) => api.finish(head, body),
    hold: async ({ takesMs = 0, delayed }: Answer) => {
      const refusedMs = delayed === true && options.delays401 === true ? unauthorizedDelayMs : 0;
      await pause(takesMs + refusedMs);
    },
    pause,
    now: () => options.clock.now(),
  };
}
