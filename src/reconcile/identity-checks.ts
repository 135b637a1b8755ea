// From what an identity saw and has to what is well with it, and what to do. Pure.

import { indexAccess } from "../access/lookup.ts";
import { logInOf, type LogIn } from "../access/usable.ts";
import { applyingPurposes, readingPurpose } from "../guard/purposes.ts";
import { standingOf, unmetPurposes } from "../guard/unmet.ts";
import type { DesiredState } from "../model/desired.ts";
import { isTokenId, ownerOf, type AuthId, type UserId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import type { ApiError } from "../proxmox/api-error.ts";
import type { Check } from "./check.ts";

/** `plan` is for all commands but apply. */
export type Duty = "plan" | "apply" | "plan and apply";

const supported = new Set(["7", "8", "9"]);

export function releaseCheck(version: string): Check {
  const [major = ""] = version.split(".");
  const area = "release";
  if (supported.has(major))
    return { area, status: "ok", code: "release-supported", message: `Proxmox VE ${version} is supported` };
  const isNewer = Number(major) > 9;
  return {
    area,
    status: isNewer ? "warning" : "error",
    code: "release-unknown",
    message: `Proxmox VE ${version} is ${isNewer ? "newer than this Rolecall knows" : "not supported"}: it knows 7, 8 and 9`,
    hint: isNewer
      ? "look for a newer Rolecall; plan, which can't write, shows what it makes of it"
      : "upgrade the server",
  };
}

export function loginFailure(caller: AuthId, duty: Duty, error: ApiError): Check {
  const message = `${caller} (for ${duty}): ${error.message}`;
  return {
    area: "login",
    status: "error",
    code: error.kind === "unauthenticated" ? "login-refused" : `login-${error.kind}`,
    message,
    ...(error.kind === "unauthenticated" && {
      hint:
        "the server does not say why: compare id and secret, and on the node whether user and token are there, enabled " +
        "and not expired",
    }),
  };
}

/** That it could log in, and what ends it. */
export function loginChecks(
  caller: AuthId,
  duty: Duty,
  live: LiveState,
  nowSeconds: number,
): readonly Check[] {
  const expire = expiryOf(caller, live);
  const endsSoon = expire !== 0 && expire - nowSeconds < 14 * 24 * 60 * 60;
  return [
    { area: "login", status: "ok", code: "login-accepted", message: `${caller} (for ${duty}) can log in` },
    ...(endsSoon
      ? [
          {
            area: "login",
            status: "warning",
            code: "login-expiring",
            message: `${caller} (for ${duty}) expires on ${new Date(expire * 1000).toISOString().slice(0, 10)}`,
            hint: "give it a later expiry, or a new token, before then",
          } as const,
        ]
      : []),
  ];
}

/** The nearest end of the token and its owner, in seconds; 0 is never. */
function expiryOf(caller: AuthId, { state }: LiveState): number {
  const owner = isTokenId(caller) ? ownerOf(caller) : caller;
  const ends = [
    state.users.get(owner)?.expire ?? 0,
    isTokenId(caller) ? (state.tokens.get(caller)?.expire ?? 0) : 0,
  ].filter((end) => end !== 0);
  return ends.length === 0 ? 0 : Math.min(...ends);
}

const lists = "users, groups, roles, ACL entries, tokens, realms and pools";

export function readingChecks(caller: AuthId, duty: Duty, { incomplete }: LiveState): readonly Check[] {
  const area = "reading";
  if (incomplete.length === 0) {
    const message = `${caller} (for ${duty}) sees everything: ${lists}`;
    return [{ area, status: "ok", code: "read-whole", message }];
  }
  return incomplete.map(({ list, privilege, path }, index) => ({
    area,
    status: "error",
    code: "incomplete-read",
    message: `${caller} (for ${duty}) may not see all ${list === "acl" ? "ACL entries" : list}: it lacks ${privilege} on ${path}, propagated`,
    ...(index === 0 && { hint: "rolecall doctor --grant prints what to give it" }),
  }));
}

export interface Applying {
  readonly desired: DesiredState;
  readonly caller: AuthId;
  readonly superuser: UserId;
  /** A whole reading, whoever made it. */
  readonly live: LiveState;
  /** Who made it, where that is somebody else. */
  readonly seenBy?: AuthId;
  readonly nowSeconds: number;
}

/** Whether who applies holds all that these manifests could need. A plan needs less, mostly: hence no error. */
export function applyingChecks({
  desired,
  caller,
  superuser,
  live,
  seenBy,
  nowSeconds,
}: Applying): readonly Check[] {
  const area = "applying";
  const logIn = logInOf(live.state, caller, nowSeconds);
  if (logIn !== "open")
    return [
      {
        area,
        status: "error",
        code: "caller-unusable",
        message: `${caller} (for apply) ${logInWords[logIn]}`,
      },
    ];
  const looking = { caller, index: indexAccess(live.state), version: live.version, nowSeconds };
  const purposes = [readingPurpose, ...applyingPurposes(desired, standingOf(looking))];
  const unmet = caller === superuser ? [] : unmetPurposes(purposes, looking);
  if (unmet.length === 0) {
    const judged =
      seenBy === undefined ? "" : `, by what ${seenBy} reads: whether it can log in was not seen here`;
    const message = `${caller} (for apply) holds all that these manifests can need${judged}`;
    return [{ area, status: "ok", code: "privileges-held", message }];
  }
  return unmet.map(({ lack, because }, index) => ({
    area,
    status: "warning",
    code: "missing-privilege",
    message: `${caller} (for apply) lacks ${lack}, which these can need: ${firstFew(because)}`,
    ...(index === 0 && {
      hint: "rolecall doctor --grant apply prints what to give it; apply refuses a plan that needs what is missing",
    }),
  }));
}

const logInWords: Readonly<Record<Exclude<LogIn, "open">, string>> = {
  absent: "is not on the server",
  disabled: "is disabled",
  expired: "has expired",
  "owner-absent": "has no owner on the server",
  "owner-disabled": "has a disabled owner",
  "owner-expired": "has an expired owner",
};

function firstFew(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
