import type { ManifestOf } from "../manifest/manifest.ts";
import type { AclPath, RoleId, Subject } from "../model/ids.ts";
import { quoted } from "../support/printable.ts";
import type { AclDeclaration, Mention } from "./declaration.ts";
import { ensureOf, readId, refuse, type Reading } from "./reading.ts";
import { readValidity } from "./read-validity.ts";

type AclReading = Reading<ManifestOf<"ACL">>;

export function declareAcl(reading: AclReading): AclDeclaration {
  const { manifest } = reading;
  const { spec } = manifest.document;
  const ensure = ensureOf(manifest);
  const roles = spec.roles?.flatMap((text, index) => readRole(reading, text, `/spec/roles/${index}`));
  const validity = readValidity(reading);
  refuseUnclearRoles(reading);
  return {
    kind: "ACL",
    manifest,
    ensure,
    paths: readPaths(reading),
    subjects: spec.subjects.flatMap((subject, index) =>
      readSubject(reading, subject, `/spec/subjects/${index}`),
    ),
    ...(roles && { roles }),
    propagate: spec.propagate ?? true,
    ...(validity && { validity }),
  };
}

function mention<T>({ manifest }: AclReading, pointer: string, value: T | undefined): Mention<T>[] {
  return value === undefined ? [] : [{ value, pointer, place: manifest.locate.place(pointer) }];
}

function readRole(reading: AclReading, text: string, pointer: string): Mention<RoleId>[] {
  return mention(reading, pointer, readId(reading, pointer, text, reading.product.parseRoleId));
}

function refuseUnclearRoles(reading: AclReading): void {
  const { ensure = "present", roles } = reading.manifest.document.spec;
  if (roles === undefined && ensure === "present") {
    refuse(reading, "/spec", { code: "missing-field", message: "spec lacks the field roles" });
  }
  if (roles?.length === 0 && ensure === "absent") {
    const hint = "leave roles out to remove the whole pairs, or name the roles to remove";
    refuse(reading, "/spec/roles", { code: "invalid-value", message: "no role to remove is named", hint });
  }
}

function readPaths(reading: AclReading): Mention<AclPath>[] {
  const { path, paths } = reading.manifest.document.spec;
  if (path !== undefined && paths !== undefined) {
    refuse(reading, "/spec/paths", { code: "conflicting-fields", message: "path and paths are both there" });
  }
  if (path === undefined && paths === undefined) {
    refuse(reading, "/spec", { code: "missing-field", message: "spec lacks the field path or paths" });
  }
  return [
    ...(path === undefined ? [] : readPath(reading, path, "/spec/path")),
    ...(paths ?? []).flatMap((text, index) => readPath(reading, text, `/spec/paths/${index}`)),
  ];
}

function readPath(reading: AclReading, text: string, pointer: string): Mention<AclPath>[] {
  const path = reading.product.parseAclPath(text);
  if (path.ok) return mention(reading, pointer, path.value);
  refuse(reading, pointer, { code: "invalid-path", message: `${quoted(text)} ${path.problem}` });
  return [];
}

function readSubject(
  reading: AclReading,
  { user, group, token }: { readonly user?: string; readonly group?: string; readonly token?: string },
  pointer: string,
): Mention<Subject>[] {
  const { product } = reading;
  if (user !== undefined) {
    const id = readId(reading, `${pointer}/user`, user, product.parseUserId);
    if (id === product.superuser) refuseSuperuser(reading, `${pointer}/user`, id);
    return mention(reading, `${pointer}/user`, id && { kind: "user", id });
  }
  if (group !== undefined) {
    const id = readId(reading, `${pointer}/group`, group, product.parseGroupId);
    return mention(reading, `${pointer}/group`, id && { kind: "group", id });
  }
  const id = readId(reading, `${pointer}/token`, token ?? "", product.parseTokenId);
  return mention(reading, `${pointer}/token`, id && { kind: "token", id });
}

function refuseSuperuser(reading: AclReading, pointer: string, id: string): void {
  const message = `${id} holds every privilege anyway, and the server drops its entries with the next write`;
  refuse(reading, pointer, { code: "root-acl", message, hint: "leave it out" });
}
