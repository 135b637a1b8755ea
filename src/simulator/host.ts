// The simulated server between two calls: its files, read when they are asked for, and what stands around them.

import { indexAccess, type AccessIndex } from "../access/lookup.ts";
import { accessStateFrom } from "../usercfg/access-state.ts";
import { parseUserCfg } from "../usercfg/parse.ts";
import type { UserCfg } from "../usercfg/user-cfg.ts";
import { writeUserCfg } from "../usercfg/write.ts";
import {
  parseSecondFactors,
  parseShadow,
  parseTokenSecrets,
  writeSecondFactors,
  writeShadow,
  writeTokenSecrets,
  type SecondFactors,
} from "./files/passwords.ts";
import { openLocks, type Locks } from "./locks.ts";
import type { Profile } from "./profile.ts";
import { parseJobs, writeJobs, type Jobs } from "./files/jobs.ts";
import { parseRealms, writeRealms, type Realms, type RealmSection } from "./files/realms.ts";
import { failure } from "./refusal.ts";
import type { StateFile, Store } from "./store.ts";
import type { TicketOffice } from "./tickets.ts";

/** One that has ended. */
export interface Task {
  readonly type: string;
  readonly id: string;
  readonly user: string;
  /** Seconds since the epoch. */
  readonly started: number;
  readonly log: readonly string[];
  readonly exitstatus: string;
}

/** A file as the value that it holds. */
interface StoredValue<T, W = T> {
  read(): T;
  write(value: W): void;
}

export interface Host {
  readonly profile: Profile;
  readonly store: Store;
  /** Of the cluster, on every file that is written. */
  readonly locks: Locks;
  readonly userCfg: StoredValue<UserCfg>;
  readonly realms: StoredValue<Realms, ReadonlyMap<string, RealmSection>>;
  readonly jobs: StoredValue<Jobs>;
  readonly passwords: StoredValue<ReadonlyMap<string, string>>;
  readonly tokenSecrets: StoredValue<ReadonlyMap<string, string>>;
  readonly secondFactors: StoredValue<ReadonlyMap<string, SecondFactors>>;
  /** Who may do what, by user.cfg as it is now. */
  access(): AccessIndex;
  /** False where the server had to add its superuser itself, who then has no expiry either. */
  hasStoredSuperuser(): boolean;
  /** Passwords of Unix accounts, for the realm pam. */
  readonly unixAccounts: Map<string, string>;
  /** Names of the users that the directory of a realm has; no other directory answers. */
  readonly directories: Readonly<Record<string, readonly string[]>>;
  /** By id. */
  readonly tasks: Map<string, Task>;
  readonly guests: ReadonlySet<number>;
  readonly storages: readonly string[];
  readonly tickets: TicketOffice;
  /** Milliseconds since the epoch. */
  now(): number;
}

export type HostSurroundings = Pick<
  Host,
  "profile" | "store" | "unixAccounts" | "directories" | "guests" | "storages" | "tickets" | "now"
>;

/** The cluster file system takes no larger ones. */
const fileLimit = 1024 * 1024;

/** What a fresh installation holds. */
const freshUserCfg = "user:root@pam:1:0:::root@localhost::\n";

export function setUpHost(surroundings: HostSurroundings): Host {
  const { store, profile } = surroundings;
  const userCfg = stored(store, "user.cfg", {
    fresh: freshUserCfg,
    parse: (text) => parseUserCfg(text, profile.release),
    write: writeUserCfg,
  });
  const access = remembered((cfg: UserCfg) => indexAccess(accessStateFrom(cfg, profile.release)));
  return {
    ...surroundings,
    tasks: new Map(),
    jobs: stored(store, "jobs.cfg", { parse: parseJobs, write: writeJobs }),
    locks: openLocks((file) => store.isLocked(file)),
    userCfg,
    realms: stored(store, "domains.cfg", { parse: parseRealms, write: writeRealms }),
    passwords: stored(store, "priv/shadow.cfg", { parse: parseShadow, write: writeShadow }),
    tokenSecrets: stored(store, "priv/token.cfg", { parse: parseTokenSecrets, write: writeTokenSecrets }),
    secondFactors: stored(store, "priv/tfa.cfg", { parse: parseSecondFactors, write: writeSecondFactors }),
    access: () => access(userCfg.read()),
    hasStoredSuperuser: () => /^\s*user:\s*root@pam\s*:/mu.test(store.read("user.cfg") ?? freshUserCfg),
  };
}

interface FileFormat<T, W> {
  readonly fresh?: string;
  readonly parse: (text: string) => T;
  readonly write: (value: W) => string;
}

function stored<T, W>(store: Store, file: StateFile, format: FileFormat<T, W>): StoredValue<T, W> {
  const parse = remembered(format.parse);
  return {
    read: () => parse(store.read(file) ?? format.fresh ?? ""),
    write: (value) => {
      const text = format.write(value);
      if (text.length > fileLimit)
        throw failure(`unable to write '/etc/pve/${file}.tmp.${process.pid}' - File too large`);
      store.write(file, text);
    },
  };
}

/** The last result again, as long as the question stays the same: a file is read far more often than written. */
function remembered<A, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { readonly argument: A; readonly result: R } | undefined;
  return (argument) => {
    if (last === undefined || last.argument !== argument) last = { argument, result: compute(argument) };
    return last.result;
  };
}
