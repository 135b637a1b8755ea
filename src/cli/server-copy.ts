// A copy of a server's files, read as the server reads them: its user.cfg, or a folder with it.

import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { AccessState } from "../model/access-state.ts";
import type { Privilege } from "../model/ids.ts";
import { accessStateFrom } from "../usercfg/access-state.ts";
import { parseDomains, realmsOfUsers } from "../usercfg/domains.ts";
import { parseUserCfg } from "../usercfg/parse.ts";
import { errorCode, errorWords } from "../support/error-code.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";
import { newestVersion, releaseNamed } from "./release.ts";

export interface ServerCopy {
  readonly state: AccessState;
  readonly version: string;
  /** What the release has; the file does not tell. */
  readonly privileges: ReadonlySet<Privilege>;
  /** `user.cfg (pve 9.2.11)` */
  readonly name: string;
  /** What of it was not there to be read, and what was taken in its place; in sentences' parts. */
  readonly assumed: readonly string[];
}

interface CopiedFiles {
  readonly userCfg: string;
  readonly domainsCfg: string | undefined;
  /** From the output of `pveversion`. */
  readonly version: string | undefined;
}

/**
 * A file is user.cfg, `-` is standard input; a folder holds user.cfg, and domains.cfg and pveversion where they were
 * copied, too. What lies in priv/ is never looked at. `version` is of more weight than the copy's own.
 */
export async function readCopy(
  from: string,
  version: string | undefined,
  process: Pick<Process, "stdin" | "stderr">,
): Promise<ServerCopy> {
  const files = await readFiles(from, process.stdin);
  const known = version ?? files.version;
  const release = releaseNamed(known ?? newestVersion);
  const name = from === "-" ? "standard input" : from;
  const warn = (said: string): void => void process.stderr.write(`warning: ${name}: ${said}\n`);
  for (const [file, text] of Object.entries({
    "user.cfg": files.userCfg,
    "domains.cfg": files.domainsCfg ?? "",
  }))
    if (!isWhole(text)) warn(`the last line of ${file} has no end, so it may be cut off`);
  if (files.domainsCfg?.trim() === "") warn("domains.cfg is empty, so there are no realms but pam and pve");
  if (version !== undefined && files.version !== undefined && version !== files.version)
    warn(`--server-version ${version} stands in for the copy's own ${files.version}`);
  const state = accessStateFrom(parseUserCfg(files.userCfg, release), release);
  const realms =
    files.domainsCfg === undefined ? realmsOfUsers(state.users.keys()) : parseDomains(files.domainsCfg);
  return {
    state: { ...state, realms },
    version: known ?? newestVersion,
    privileges: release.privileges,
    name: `${name} (pve ${known ?? newestVersion})`,
    assumed: [
      ...(known === undefined ? [`the release ${newestVersion} (--server-version names another)`] : []),
      ...(files.domainsCfg === undefined
        ? ["that every realm but pam and pve is a directory's (domains.cfg tells)"]
        : []),
    ],
  };
}

function isWhole(text: string): boolean {
  return text === "" || text.endsWith("\n");
}

async function readFiles(from: string, stdin: Process["stdin"]): Promise<CopiedFiles> {
  if (from === "-" || !(await isFolder(from))) {
    const userCfg = from === "-" ? await readInput(stdin) : await readText(from);
    return { userCfg: checked(userCfg, from), domainsCfg: undefined, version: undefined };
  }
  const userCfg = await readText(join(from, "user.cfg"));
  const said = await readIfThere(join(from, "pveversion"));
  return {
    userCfg: checked(userCfg, join(from, "user.cfg")),
    domainsCfg: checkedDomains(await readIfThere(join(from, "domains.cfg")), join(from, "domains.cfg")),
    version: said === undefined ? undefined : versionIn(said, join(from, "pveversion")),
  };
}

/** `pve-manager/9.2.11/0123abcd (running kernel: …)`, and what is no more than a release. */
function versionIn(text: string, file: string): string {
  const version = /^(?:pve-manager\/)?([0-9]+\.[0-9][\w.~+-]{0,60})/u.exec(text.trim())?.[1];
  if (version !== undefined) return version;
  throw new Failure(
    `--from: ${file} does not tell a release`,
    exitStatus.error,
    "it is what the command pveversion prints on the server; without the file, say --server-version",
  );
}

/** The parser takes anything, so what is no such file at all is refused here. */
function checked(text: string, file: string): string {
  if (text.trim() === "" || /^\s*(?:user|token|group|role|pool|acl)\s*:/mu.test(text)) return text;
  throw new Failure(
    `--from: ${file} is no user.cfg: no line of it is of a user, token, group, role, pool or ACL entry`,
    exitStatus.error,
    "on a server it is /etc/pve/user.cfg",
  );
}

function checkedDomains(text: string | undefined, file: string): string | undefined {
  if (text === undefined || text.trim() === "" || /^[a-z]+:[ \t]*\S+[ \t]*$/mu.test(text)) return text;
  throw new Failure(
    `--from: ${file} is no domains.cfg: no line of it begins a realm`,
    exitStatus.error,
    "on a server it is /etc/pve/domains.cfg",
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Whatever keeps it from being looked at is told when it is read.
    return false;
  }
}

/** The server's own limit is 1 MiB; what is far beyond is another file. */
const maximumBytes = 16 * 1024 * 1024;

async function readInput(stdin: Process["stdin"]): Promise<string> {
  return latin1(await buffer(stdin), "standard input");
}

/** One character a byte, as the parser wants it. */
async function readText(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > maximumBytes) throw tooLong(file);
      return latin1(await handle.readFile(), file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const words = errorWords(error);
    throw new Failure(`--from: ${file} could not be read: ${words}`, exitStatus.error, undefined, {
      cause: error,
    });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    if (error instanceof Failure && errorCode(error.cause) === "ENOENT") return undefined;
    throw error;
  }
}

function latin1(bytes: Buffer, file: string): string {
  if (bytes.length > maximumBytes) throw tooLong(file);
  return bytes.toString("latin1");
}

function tooLong(file: string): Failure {
  return new Failure(
    `--from: ${file} is over 16 MiB, and a server's user.cfg is 1 MiB at most`,
    exitStatus.error,
  );
}
