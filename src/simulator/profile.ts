// What differs between the releases that the simulator can play. 9.2.11 is recorded; of others what is known. Facts are
// dated by versions of libpve-access-control and libpve-http-server: here they begin with the release that shipped them.

import { createHash } from "node:crypto";
import { releaseOf, type Release } from "../usercfg/release.ts";

export interface Profile {
  /** As `9.2.11`, `7.4-16`. */
  readonly version: string;
  readonly repositoryId: string;
  readonly release: Release;
  readonly minimumPasswordLength: number;
  /** Bodies of failed calls carry the text, not the reason phrase alone. */
  readonly messageInBody: boolean;
  /** A token's secret can be made anew, and its comment deleted. */
  readonly tokenRegenerate: boolean;
  readonly tokenDelete: boolean;
  /** Roles of one's own may not begin with `PVE`. */
  readonly reservesRolePrefix: boolean;
  /** Who changes the ACL without Permissions.Modify can hand out, or take away, only what he has himself. */
  readonly limitsDelegation: boolean;
  /** A change of a password asks for the caller's own. */
  readonly confirmsPassword: boolean;
  readonly pools: PoolProfile;
}

interface PoolProfile {
  /** Pools in pools, and a pool named by a parameter. */
  readonly nested: boolean;
  /** The parameter that takes a guest out of the pool that it is in. */
  readonly move: "allow-move" | "transfer" | undefined;
  /** The name of a new pool begins with a letter. */
  readonly letterFirst: boolean;
}

/** Undefined where the text is no release of 7, 8 or 9. */
export function profileOf(version: string): Profile | undefined {
  const [, major, minor = "0", patch = "0"] =
    /^([789])(?:\.([0-9]+))?(?:[.-]([0-9]+))?(?:[.-][0-9]+)*$/u.exec(version) ?? [];
  const release = releaseOf(version);
  if (major === undefined || release === undefined) return undefined;
  const since = (atLeast: number): boolean => Number(major) * 100 + Number(minor) >= atLeast;
  return {
    version,
    repositoryId: repositoryIdOf(version),
    release,
    minimumPasswordLength: since(803) ? 8 : 5,
    messageInBody: since(803),
    tokenRegenerate: since(901),
    tokenDelete: since(901),
    reservesRolePrefix: since(800),
    limitsDelegation: since(800),
    confirmsPassword: since(802),
    pools: {
      nested: since(801),
      move: moveParameter(since(801) || (since(800) && Number(patch) >= 6), since(800) && Number(patch) >= 5),
      letterFirst: since(900),
    },
  };
}

function moveParameter(isToday: boolean, isKnown: boolean): PoolProfile["move"] {
  if (isToday) return "allow-move";
  return isKnown ? "transfer" : undefined;
}

function repositoryIdOf(version: string): string {
  if (version === "9.2.11") return "14a22df35955d97d";
  return createHash("sha256").update(version).digest("hex").slice(0, 16);
}
