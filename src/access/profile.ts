// What one subject has by entries, its own and its groups', at every path that has one for it.

import { subjectKey, type AclPath, type GroupId, type SubjectKey, type Subject } from "../model/ids.ts";
import type { AccessIndex } from "./lookup.ts";
import { joinStandings, type Layer, type Profile, type Standing } from "./standing.ts";

/**
 * Users whose entries are only those of the same groups share one profile, and with it every answer about them.
 * Tokens are members of no group.
 */
export function profileOf(index: AccessIndex, subject: Exclude<Subject, { kind: "group" }>): Profile {
  const groups = subject.kind === "user" ? (index.groupsOf.get(subject.id) ?? []) : [];
  const own = subjectKey(subject);
  const key = index.layers.has(own) ? own : sharedKey(groups);
  const known = index.profiles.get(key);
  if (known !== undefined) return known;
  const profile = composeProfile(index, own, groups);
  index.profiles.set(key, profile);
  return profile;
}

/** Under which users share a profile who have no entries of their own. */
export function sharedKey(groups: readonly GroupId[]): string {
  return groups.join(",");
}

/** What a profile is made from. */
export interface Sources {
  readonly own: SubjectKey | undefined;
  readonly groups: readonly GroupId[];
}

/** The profile with these paths made anew, after a group's entries on them have changed. */
export function recomposed(
  index: AccessIndex,
  { own, groups }: Sources,
  profile: Profile,
  paths: Iterable<AclPath>,
): Profile {
  const ownLayers = own && index.layers.get(own);
  const changed = new Map(profile);
  for (const path of paths) {
    const layer = ownLayers?.get(path);
    const ofGroups = groups.flatMap(
      (id) => index.layers.get(subjectKey({ kind: "group", id }))?.get(path) ?? [],
    );
    if (layer === undefined && ofGroups.length === 0) changed.delete(path);
    else changed.set(path, composeLayer(index, layer, ofGroups));
  }
  return changed;
}

/**
 * A user's own entries hide those of the user's groups at the same path: on the path itself and for what is below it
 * are settled apart, since an entry that does not propagate is, seen from below, not there and hides nothing.
 */
function composeProfile(index: AccessIndex, own: SubjectKey, groups: readonly GroupId[]): Profile {
  const ownLayers: Profile = index.layers.get(own) ?? new Map();
  const groupLayers = groups.flatMap((id) => index.layers.get(subjectKey({ kind: "group", id })) ?? []);
  if (groupLayers.length === 0) return ownLayers;
  const profile = new Map<AclPath, Layer>();
  for (const path of new Set([ownLayers, ...groupLayers].flatMap((layers) => [...layers.keys()]))) {
    const ofGroups = groupLayers.flatMap((layers) => layers.get(path) ?? []);
    profile.set(path, composeLayer(index, ownLayers.get(path), ofGroups));
  }
  return profile;
}

/** Where all propagate, both parts are one object, as in the layers that it is made from. */
function composeLayer(index: AccessIndex, own: Layer | undefined, ofGroups: readonly Layer[]): Layer {
  const here = own?.here ?? join(index, ofGroups, (layer) => layer.here);
  const layers = own === undefined ? ofGroups : [own, ...ofGroups];
  if (layers.every((layer) => layer.here === layer.below)) return { here, below: here };
  return { here, below: own?.below ?? join(index, ofGroups, (layer) => layer.below) };
}

function join(
  index: AccessIndex,
  layers: readonly Layer[],
  part: (layer: Layer) => Standing | undefined,
): Standing | undefined {
  return joinStandings(
    layers.flatMap((layer) => part(layer) ?? []),
    index.state.roles,
  );
}

/** What applies at the first of the nodes: the others lead from there to the root, and the nearest counts. */
export function standingAt(profile: Profile, nodes: readonly AclPath[]): Standing | undefined {
  for (const [distance, node] of nodes.entries()) {
    const layer = profile.get(node);
    const standing = distance === 0 ? layer?.here : layer?.below;
    if (standing !== undefined) return standing;
  }
  return undefined;
}
