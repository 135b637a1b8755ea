import { didYouMean } from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { Privilege } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import type { RoleDeclaration } from "./declaration.ts";
import { ensureOf, readId, readIds, refuse, refuseTemporaryName, type Reading } from "./reading.ts";

export function declareRole(reading: Reading<ManifestOf<"Role">>): RoleDeclaration | undefined {
  const { manifest, product } = reading;
  const { privileges, optionalPrivileges, includes } = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parseRoleId);
  refuseTemporaryName(reading, manifest.name);
  refuseReservedName(reading);
  // A role of which the manifest says nothing but its name is not emptied.
  const isManaged = (privileges ?? optionalPrivileges ?? includes) !== undefined;
  const required = readPrivileges(reading, "/spec/privileges", privileges ?? []);
  const optional = readPrivileges(reading, "/spec/optionalPrivileges", optionalPrivileges ?? []);
  const role = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(isManaged && { privileges: sortedSet(required) }),
    optionalPrivileges: sortedSet(optional.filter((privilege) => !required.includes(privilege))),
    includes: sortedSet(readIds(reading, "/spec/includes", includes ?? [], product.parseRoleId)),
  };
  return id && { kind: "Role", manifest, role: { id, ...role } };
}

function refuseReservedName(reading: Reading<ManifestOf<"Role">>): void {
  const { manifest, product } = reading;
  if (product.builtInRoles.has(manifest.name)) {
    const message = `${manifest.name} is a built-in role, which is never created, changed or deleted`;
    refuse(reading, "/metadata/name", {
      code: "built-in",
      message,
      hint: "include it in a role of another name",
    });
  } else if (ensureOf(manifest) === "present" && product.isReservedRoleName(manifest.name)) {
    const message = `the product keeps the role name ${quoted(manifest.name)} for its own`;
    refuse(reading, "/metadata/name", { code: "reserved-name", message, hint: "choose another beginning" });
  }
}

function readPrivileges(reading: Reading, pointer: string, texts: readonly string[]): Privilege[] {
  return texts.flatMap((text, index) => {
    const privilege = reading.product.parsePrivilege(text);
    if (privilege.ok) return [privilege.value];
    const hint = didYouMean(nearest(text, reading.product.privileges));
    const message = `${quoted(text)} ${privilege.problem}`;
    refuse(reading, `${pointer}/${index}`, { code: "unknown-privilege", message, hint });
    return [];
  });
}
