// A copy of a server's user.cfg, read as the server reads it.

import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { AccessState } from "../model/access-state.ts";
import { accessStateFrom } from "../usercfg/access-state.ts";
import { parseUserCfg } from "../usercfg/parse.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";
import { releaseNamed } from "./release.ts";

interface Copy {
  readonly state: AccessState;
  /** `user.cfg (pve 9.2.11)` */
  readonly name: string;
}

/** `-` is standard input. The file does not tell its release, which decides what the built-in roles hold. */
export async function readCopy(file: string, version: string, process: Process): Promise<Copy> {
  const release = releaseNamed(version);
  const text = await readText(file, process);
  return {
    state: accessStateFrom(parseUserCfg(text, release), release),
    name: `${file === "-" ? "standard input" : file} (pve ${version})`,
  };
}

/** One character a byte, as the parser wants it. It takes anything, so what is no such file at all is refused here. */
async function readText(file: string, { stdin }: Process): Promise<string> {
  const text = await readBytes(file, stdin);
  if (text.trim() !== "" && !/^\s*(?:user|token|group|role|pool|acl)\s*:/mu.test(text))
    throw new Failure(
      `--from: ${file} is no user.cfg: no line of it is of a user, token, group, role, pool or ACL entry`,
      exitStatus.error,
      "on a server it is /etc/pve/user.cfg",
    );
  return text;
}

async function readBytes(file: string, stdin: Process["stdin"]): Promise<string> {
  try {
    return (file === "-" ? await buffer(stdin) : await readFile(file)).toString("latin1");
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Failure(`--from: ${file} could not be read: ${words}`, exitStatus.error, undefined, {
      cause: error,
    });
  }
}
