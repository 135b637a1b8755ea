// The options of `rolecall simulate`.

import { InvalidArgumentError, Option, type Command } from "commander";
import type { FaultRule } from "../simulator/faults/fault.ts";
import { profileOf } from "../simulator/profile.ts";
import { parseListen } from "./listen.ts";
import { addFault, parseSeed } from "./simulate-faults.ts";

export interface SimulatorFlags {
  readonly listen: { readonly host: string; readonly port: number };
  readonly state?: string;
  readonly rootPassword?: string;
  readonly unixAccount: Readonly<Record<string, string>>;
  readonly directory: Readonly<Record<string, readonly string[]>>;
  readonly guests: readonly number[];
  readonly storages: readonly string[];
  readonly product: "pve";
  readonly serverVersion: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly delay401: boolean;
  readonly fault: readonly FaultRule[];
  readonly faultSeed: number;
}

const defaultListen = "127.0.0.1:8006";
const defaultGuests = "100-110";
const defaultStorages = "local,local-lvm";

export function addSimulatorOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--listen <host:port>", "where to listen; port 0 is any free one")
        .argParser(parseListen)
        .default(parseListen(defaultListen), defaultListen),
    )
    .option("--state <dir>", "a folder laid out as /etc/pve is; every write is written through")
    .option("--root-password <text>", "password of root@pam; without it one is made up and shown once")
    .addOption(
      new Option("--unix-account <name=password>", "a Unix account for the realm pam; may be repeated")
        .argParser(addAccount)
        .default({}, "none but root"),
    )
    .addOption(
      new Option("--directory <realm=names>", "users that a sync of the realm fetches; may be repeated")
        .argParser(addDirectory)
        .default({}, "none: a sync fails"),
    )
    .addOption(
      new Option("--guests <list>", "numbers and ranges of guests that exist")
        .argParser(parseGuests)
        .default(parseGuests(defaultGuests), defaultGuests),
    )
    .addOption(
      new Option("--storages <list>", "names of storages that exist")
        .argParser(parseNames)
        .default(parseNames(defaultStorages), defaultStorages),
    )
    .addOption(
      new Option("--product <name>", "pve; pbs comes later").argParser(parseProduct).default("pve", "pve"),
    )
    .addOption(
      new Option("--server-version <version>", "the release to play; 9.2.11 is exact")
        .argParser(parseVersion)
        .default("9.2.11", "9.2.11"),
    )
    .option("--tls-cert <file>", "certificate, PEM; needs --tls-key")
    .option("--tls-key <file>", "key of the certificate, PEM")
    .option("--delay-401", "refused logins take three seconds, as on a real server", false)
    .addOption(
      new Option(
        "--fault <what[@which]>",
        "what goes wrong, as 596@writes:2, latency=1s@reads:10%; may be repeated (docs/simulator.md)",
      )
        .argParser(addFault)
        .default([], "nothing"),
    )
    .addOption(
      new Option("--fault-seed <number>", "what is left to chance is the same with the same seed")
        .argParser(parseSeed)
        .default(1),
    );
}

function addAccount(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, password] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  if (name === undefined || password === undefined)
    throw new InvalidArgumentError("a name and a password, as alice=secret");
  return { ...before, [name]: password };
}

function addDirectory(
  text: string,
  before: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const [, realm, names] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  if (realm === undefined || names === undefined)
    throw new InvalidArgumentError("a realm and names of users, as corp=anna,ben");
  return { ...before, [realm]: parseNames(names) };
}

/** `100-110,200`; as many as a server may have. */
function parseGuests(text: string): readonly number[] {
  return parseNames(text).flatMap((word) => {
    const [, first, last = first] = /^([1-9][0-9]{2,8})(?:-([1-9][0-9]{2,8}))?$/u.exec(word) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (first === undefined || count < 1 || count > 100_000)
      throw new InvalidArgumentError("numbers from 100 on, and ranges of them, as 100-110,200");
    return Array.from({ length: count }, (_, index) => Number(first) + index);
  });
}

function parseNames(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function parseProduct(text: string): "pve" {
  if (text === "pve") return text;
  if (text === "pbs") throw new InvalidArgumentError("pbs is not simulated yet: only pve is");
  throw new InvalidArgumentError("pve is the one product that is simulated");
}

function parseVersion(text: string): string {
  if (profileOf(text) !== undefined) return text;
  throw new InvalidArgumentError("a release of Proxmox VE 7, 8 or 9, as 9.2.11 or 8.4.5");
}
