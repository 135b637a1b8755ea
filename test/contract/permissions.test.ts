import { expect, test } from "@jest/globals";
import { effectivePermissions, effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import type { AuthId } from "../../src/model/ids.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { aTokenId, aUserId } from "../support/builders.ts";
import { recordedLines } from "../support/recordings.ts";

type Flags = Readonly<Record<string, 0 | 1>>;
interface Recording {
  readonly id: number;
  readonly cfg: string;
  readonly checks: readonly { readonly authid: string; readonly path: string; readonly privs: Flags }[];
  readonly effective: Readonly<Record<string, Readonly<Record<string, Flags>>>>;
}

const release = releaseOf("9.2.11")!;
const recordings = recordedLines<Recording>("permissions/pve-random.jsonl");

test("there are states, checks and whole answers", () => {
  expect(recordings).toHaveLength(100);
  expect(recordings.flatMap(({ checks }) => checks).length).toBeGreaterThan(2500);
  expect(recordings.flatMap(({ effective }) => Object.keys(effective)).length).toBeGreaterThan(150);
});

test.each(recordings)("state $id gives what the real server gave", ({ cfg, checks, effective }) => {
  const index = indexAccess(accessStateFrom(parseUserCfg(cfg, release), release));
  for (const { authid, path, privs } of checks) {
    const privileges = effectivePrivileges(index, anAuthId(authid), path);
    expect({ authid, path, privs: flagsFrom(privileges) }).toEqual({ authid, path, privs });
  }
  for (const [authid, permissions] of Object.entries(effective)) {
    const computed = effectivePermissions(index, anAuthId(authid));
    const paths = [...computed].map(([path, privileges]) => [path, flagsFrom(privileges)]);
    expect(Object.fromEntries(paths)).toEqual(permissions);
  }
});

function anAuthId(text: string): AuthId {
  return text.includes("!") ? aTokenId(text) : aUserId(text);
}

function flagsFrom(privileges: ReadonlyMap<string, boolean>): Flags {
  return Object.fromEntries([...privileges].map(([name, propagate]) => [name, propagate ? 1 : 0]));
}
