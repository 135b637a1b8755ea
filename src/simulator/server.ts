// In: options and the texts of state files. Out: a Proxmox VE access API on a socket. Must not know: proxmox/, so that
// one wrong belief cannot hide in both.

import { createServer, isIP } from "node:net";
import type { Clock } from "../support/clock.ts";
import { openApi, type Api } from "./api.ts";
import type { Exchange } from "./http/connection.ts";
import { setUpHost } from "./host.ts";
import type { Answer, RequestHead } from "./http/message.ts";
import { acceptOn, listen, type Certificate } from "./http/listen.ts";
import { profileOf } from "./profile.ts";
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
  close(): Promise<void>;
}

const unauthorizedDelayMs = 3000;

/** Resolves when the server listens. Throws a RangeError for a version that it cannot play. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const store = storeOf(options);
  const api = openApi(hostOf(options, store));
  const requests: SeenRequest[] = [];
  const stopping = new AbortController();
  const exchange = exchangeOf(api, { options, requests, signal: stopping.signal });
  const server = createServer();
  const sockets = acceptOn(server, exchange, options.tls);
  const host = options.host ?? "127.0.0.1";
  const port = await listen(server, { host, port: options.port ?? 0 });
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    port,
    requests,
    files: () => store.files(),
    close: () => {
      stopping.abort(new Error("the simulator is closing"));
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
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
  return {
    begin: (head: RequestHead) => {
      requests.push({
        method: head.method,
        path: head.target.replace(/^\/api2\/(?:json|extjs)|\?.*$/gsu, ""),
      });
      return api.begin(head);
    },
    finish: (head, body) => api.finish(head, body),
    hold: async (answer: Answer) => {
      if (answer.delayed !== true || options.delays401 !== true) return;
      // Cut short where the server closes: then nobody waits for the answer.
      await options.clock.sleep(unauthorizedDelayMs, signal).catch(() => undefined);
    },
    now: () => options.clock.now(),
  };
}
