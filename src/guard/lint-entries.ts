import { nodesOf, root } from "../access/nodes.ts";
import { standingAt } from "../access/profile.ts";
import type { Profile, Standing } from "../access/standing.ts";
import type { AclPath } from "../model/ids.ts";
import type { Evidence } from "./evidence.ts";

/**
 * A deeper entry replaces all that the same subject has from above. Where all that it gives is given there anyway, it
 * takes the rest away, or does nothing at all. One that gives no privilege (NoAccess) is meant to take away.
 */
export function hiddenEntries({ after: { layers, poolsOf } }: Evidence): readonly string[] {
  return [...layers].flatMap(([subject, profile]) =>
    [...profile].flatMap(([path, { here }]) => {
      const above = here && nearestAbove(profile, path);
      if (above === undefined || here === undefined || !givesNothingMore(here, above.standing)) return [];
      // By way of a pool what was replaced counts again.
      const comesBack = poolsOf
        .get(path)
        ?.some((pool) => standingAt(profile, nodesOf(pool)) === above.standing);
      if (comesBack === true) return [];
      return [`${subject} on ${above.path} by the one on ${path}`];
    }),
  );
}

function nearestAbove(
  profile: Profile,
  path: AclPath,
): { readonly path: AclPath; readonly standing: Standing } | undefined {
  if (path === root || profile.size < 2) return undefined;
  for (const node of nodesOf(path).slice(1)) {
    const standing = profile.get(node)?.below;
    if (standing !== undefined) return { path: node, standing };
  }
  return undefined;
}

function givesNothingMore({ privileges }: Standing, above: Standing): boolean {
  return privileges.size > 0 && [...privileges.keys()].every((name) => above.privileges.has(name));
}

export function entriesOnMissingPools({ after: { state } }: Evidence): readonly string[] {
  const pools = new Set([...state.pools.keys()].map((id) => `/pool/${id}`));
  const paths = state.acl.map(({ path }) => path);
  return [...new Set(paths)].filter((path) => path.startsWith("/pool/") && !pools.has(path));
}
