import { quoted } from "../support/printable.ts";
import { sortedSet } from "../support/compare.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { UserDeclaration } from "./declaration.ts";
import { readSinks } from "./declared-sinks.ts";
import {
  ensureOf,
  readExpiry,
  readId,
  readIds,
  readText,
  refuse,
  refuseTemporaryName,
  refuseUnmanagedFields,
  type Reading,
} from "./reading.ts";
import { secretReferenceFrom } from "./secret-bounds.ts";

type UserSpec = NonNullable<ManifestOf<"User">["document"]["spec"]>;

export function declareUser(reading: Reading<ManifestOf<"User">>): UserDeclaration | undefined {
  const { manifest, product } = reading;
  const spec: UserSpec = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parseUserId);
  if (id === product.superuser) {
    const message = `${id} is the product's own and is never changed`;
    refuse(reading, "/metadata/name", { code: "built-in", message });
  }
  refuseTemporaryName(reading, manifest.name);
  const unmanaged: readonly string[] = spec.unmanaged ?? [];
  refuseUnmanagedFields(reading, unmanaged, spec);
  const user = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(!unmanaged.includes("enabled") && { enabled: spec.enabled ?? true }),
    ...(!unmanaged.includes("expire") && {
      expire: readExpiry(reading, "/spec/expire", spec.expire ?? "never"),
    }),
    ...readTexts(reading, spec),
    ...(spec.groups && {
      groups: sortedSet(readIds(reading, "/spec/groups", spec.groups, product.parseGroupId)),
    }),
  };
  const password = spec.password && readPassword(reading, spec.password);
  return id && { kind: "User", manifest, user: { id, ...user }, ...(password && { password }) };
}

function readPassword(
  reading: Reading,
  { from, generate }: NonNullable<UserSpec["password"]>,
): UserDeclaration["password"] {
  if (from && generate) {
    const message = "a password is either taken `from` somewhere, or made (`generate`)";
    refuse(reading, "/spec/password", { code: "conflicting-fields", message });
  }
  if (from) return { origin: { kind: "given", from: secretReferenceFrom(from) }, policy: "initial" };
  if (!generate) {
    const message = "spec.password lacks the field from or generate";
    refuse(reading, "/spec/password", { code: "missing-field", message });
    return undefined;
  }
  const sinks = readSinks(reading, "/spec/password/generate/sinks", generate.sinks);
  return { origin: { kind: "generated", length: generate.length ?? 20, sinks }, policy: "initial" };
}

function readTexts(
  reading: Reading,
  { firstName, lastName, email, comment }: UserSpec,
): Partial<Record<"firstName" | "lastName" | "email" | "comment", string>> {
  const { limits, isEmail } = reading.product;
  if (email !== undefined && email !== "" && !isEmail(email)) {
    refuse(reading, "/spec/email", {
      code: "invalid-value",
      message: `${quoted(email)} is not an email address`,
    });
  }
  const at = (field: keyof typeof limits, text: string): string =>
    readText(reading, `/spec/${field}`, text, limits[field]);
  return {
    ...(firstName !== undefined && { firstName: at("firstName", firstName) }),
    ...(lastName !== undefined && { lastName: at("lastName", lastName) }),
    ...(email !== undefined && { email: at("email", email) }),
    ...(comment !== undefined && { comment: at("comment", comment) }),
  };
}
