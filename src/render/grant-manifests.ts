// The roles, users, tokens and entries of a grant as manifests. A role holds one privilege: whatever the manifests come to
// need later is an entry more or less, and no role changes its meaning.

import type { CallerGrant } from "../guard/caller-grant.ts";
import type { LeastEntry } from "../guard/least-entries.ts";
import { isTokenId, ownerOf, type Subject, type TokenId, type UserId } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import { groupBy } from "../support/group-by.ts";

export type GrantManifest =
  | { readonly kind: "Role"; readonly name: string; readonly privilege: string }
  | { readonly kind: "User"; readonly name: UserId }
  | { readonly kind: "Token"; readonly name: TokenId; readonly privilegeSeparation: boolean }
  | {
      readonly kind: "ACL";
      readonly name: string;
      readonly paths: readonly string[];
      readonly roles: readonly string[];
      readonly holder: Subject;
      readonly propagate: boolean;
    };

/** In the order in which they can be made. What two identities share is said once. */
export function grantManifests(
  target: string,
  superuser: UserId,
  grants: readonly CallerGrant[],
): readonly GrantManifest[] {
  const needy = grants.filter(({ caller }) => caller !== superuser);
  const privileges = sortedSet(needy.flatMap(({ entries }) => entries.map(({ privilege }) => privilege)));
  const owners = needy.map(({ caller }) => (isTokenId(caller) ? ownerOf(caller) : caller));
  return [
    ...privileges.map((privilege): GrantManifest => ({ kind: "Role", name: roleFor(privilege), privilege })),
    ...sortedSet(owners)
      .filter((owner) => owner !== superuser)
      .map((name): GrantManifest => ({ kind: "User", name })),
    ...needy.flatMap(({ caller, privilegeSeparation }): readonly GrantManifest[] =>
      isTokenId(caller) ? [{ kind: "Token", name: caller, privilegeSeparation }] : [],
    ),
    ...needy.flatMap((grant) => aclManifests(target, grant)),
  ];
}

function roleFor(privilege: string): string {
  return `rolecall-${privilege}`;
}

/** One for all paths that have the same roles with the same propagate. */
function aclManifests(target: string, { purpose, holder, entries }: CallerGrant): readonly GrantManifest[] {
  const cells = [...groupBy(entries, ({ path, propagate }) => `${String(propagate)} ${path}`).values()];
  const bundles = [...groupBy(cells, bundleKey).values()];
  return bundles.map((bundle, index): GrantManifest => {
    const [first = []] = bundle;
    return {
      kind: "ACL",
      name: `${target}-${purpose}-${index + 1}`,
      paths: bundle.flatMap(([entry]) => (entry === undefined ? [] : [entry.path])),
      roles: first.map(({ privilege }) => roleFor(privilege)),
      holder,
      propagate: first[0]?.propagate === true,
    };
  });
}

function bundleKey(cell: readonly LeastEntry[]): string {
  return `${String(cell[0]?.propagate)} ${cell.map(({ privilege }) => privilege).join()}`;
}

/** As it stands in a file. `targets` names where it is for; undefined where there is one target only. */
export function documentOf(manifest: GrantManifest, targets: readonly string[] | undefined): object {
  const spec = { ...(targets && { targets }), ...specOf(manifest) };
  return {
    apiVersion: "rolecall.dev/v1",
    kind: manifest.kind,
    metadata: { name: manifest.name },
    ...(Object.keys(spec).length > 0 && { spec }),
  };
}

function specOf(manifest: GrantManifest): object {
  switch (manifest.kind) {
    case "Role":
      return { privileges: [manifest.privilege] };
    case "User":
      return {};
    case "Token":
      return { privilegeSeparation: manifest.privilegeSeparation };
    case "ACL": {
      const { paths, roles, holder, propagate } = manifest;
      return { paths, roles, subjects: [{ [holder.kind]: holder.id }], propagate };
    }
  }
}
