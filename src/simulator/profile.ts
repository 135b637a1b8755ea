// What differs between the releases that the simulator can play. 9.2.11 is recorded; of others what is known. Facts are
// dated by versions of libpve-access-control: here they begin with the release that first shipped them.

import { createHash } from "node:crypto";
import { releaseOf, type Release } from "../usercfg/release.ts";

export interface Profile {
  /** As `9.2.11`, `7.4-16`. */
  readonly version: string;
  readonly repositoryId: string;
  readonly release: Release;
  /** The access library, as 90101 for 9.1.1. */
  readonly library: number;
  /** Names, mail and comments of users have a greatest length, and `keys` a pattern. */
  readonly limitsUserFields: boolean;
  readonly minimumPasswordLength: number;
  /** Bodies of failed calls carry the text, not the reason phrase alone. */
  readonly messageInBody: boolean;
  /** A token's secret can be made anew in place. */
  readonly tokenRegenerate: boolean;
  /** A token's comment can be taken off: by `delete`, or by setting an empty one. */
  readonly tokenDelete: boolean;
  /** Roles of one's own may not begin with `PVE`. */
  readonly reservesRolePrefix: boolean;
  /** Who changes the ACL without Permissions.Modify can hand out, or take away, only what he has himself. */
  readonly limitsDelegation: boolean;
  /** A change of a password asks for the caller's own. */
  readonly confirmsPassword: boolean;
  readonly pools: PoolProfile;
  readonly realms: RealmProfile;
}

interface RealmProfile {
  /** Options that this release does not know yet. */
  readonly unknown: readonly string[];
  /** Distinguished names have to look like ones. */
  readonly checksNames: boolean;
  /** Jobs that fetch users by a schedule. */
  readonly syncJobs: boolean;
}

interface PoolProfile {
  /** Pools in pools, and a pool named by a parameter. */
  readonly nested: boolean;
  /** The parameter that takes a guest out of the pool that it is in. */
  readonly move: "allow-move" | "transfer" | undefined;
  /** The name of a new pool begins with a letter. */
  readonly letterFirst: boolean;
}

/** The access library that each release came out with; it decides what the access API takes. */
const libraries: readonly (readonly [release: number, library: number])[] = [
  [902, 90101],
  [901, 90004],
  [900, 90003],
  [804, 80202],
  [803, 80200],
  [802, 80104],
  [801, 80007],
  [800, 80003],
  [0, 70403],
];

/** Undefined where the text is no release of 7, 8 or 9. */
export function profileOf(version: string): Profile | undefined {
  const [, major, minor = "0", patch = "0"] =
    /^([789])(?:\.([0-9]+))?(?:[.-]([0-9]+))?(?:[.-][0-9]+)*$/u.exec(version) ?? [];
  const release = releaseOf(version);
  if (major === undefined || release === undefined) return undefined;
  const number = Number(major) * 100 + Number(minor);
  const library = libraries.find(([first]) => number >= first)?.[1] ?? 0;
  const since = (atLeast: number): boolean => library >= atLeast;
  return {
    version,
    repositoryId: repositoryIdOf(version),
    release,
    library,
    limitsUserFields: since(80100),
    minimumPasswordLength: since(80200) ? 8 : 5,
    messageInBody: since(80200),
    tokenRegenerate: since(90100),
    tokenDelete: since(90004),
    reservesRolePrefix: since(80000),
    limitsDelegation: since(80000),
    confirmsPassword: since(80103),
    pools: poolsOf(number, Number(patch)),
    realms: {
      unknown: [
        ...(since(80005) ? [] : ["check-connection"]),
        ...(since(80201) ? [] : ["groups-autocreate", "groups-claim", "groups-overwrite", "query-userinfo"]),
        ...(since(90101) ? [] : ["audiences"]),
      ],
      checksNames: !since(80000),
      syncJobs: since(80000),
    },
  };
}

function poolsOf(release: number, patch: number): PoolProfile {
  const since = (atLeast: number): boolean => release >= atLeast;
  return {
    nested: since(801),
    move: moveParameter(since(801) || (since(800) && patch >= 6), since(800) && patch >= 5),
    letterFirst: since(900),
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
