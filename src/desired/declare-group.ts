import type { ManifestOf } from "../manifest/manifest.ts";
import { sortedSet } from "../support/compare.ts";
import type { GroupDeclaration, MembershipDeclaration } from "./declaration.ts";
import { readValidity } from "./read-validity.ts";
import {
  ensureOf,
  readId,
  readIds,
  readText,
  refusePauseGroup,
  refuseTemporaryName,
  type Reading,
} from "./reading.ts";

export function declareGroup(reading: Reading<ManifestOf<"Group">>): GroupDeclaration | undefined {
  const { manifest, product } = reading;
  const { comment, members } = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parseGroupId);
  refuseTemporaryName(reading, manifest.name);
  refusePauseGroup(reading, "/metadata/name", manifest.name);
  const group = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(comment !== undefined && { comment: readText(reading, "/spec/comment", comment) }),
    ...(members && {
      members: sortedSet(readIds(reading, "/spec/members", members, product.parseUserId)),
    }),
  };
  return id && { kind: "Group", manifest, group: { id, ...group } };
}

export function declareMembership(
  reading: Reading<ManifestOf<"Membership">>,
): MembershipDeclaration | undefined {
  const { manifest, product } = reading;
  const { spec } = manifest.document;
  const group = readId(reading, "/spec/group", spec.group, product.parseGroupId);
  refusePauseGroup(reading, "/spec/group", spec.group);
  const user = readId(reading, "/spec/user", spec.user, product.parseUserId);
  const validity = readValidity(reading);
  if (group === undefined || user === undefined) return undefined;
  const [ensure, source] = [ensureOf(manifest), manifest.place];
  const membership = { name: manifest.name, group, user, ensure, source, ...(validity && { validity }) };
  return { kind: "Membership", manifest, membership };
}
