// The secrets of a realm manifest: each of a setting that the realm has.

import type { ManifestOf } from "../manifest/manifest.ts";
import type { DesiredRealm } from "../model/desired.ts";
import type { RealmSecret } from "../model/realm-rules.ts";
import { holdsSecret } from "../model/realm-secrets.ts";
import { refuse, type Reading } from "./reading.ts";
import { secretReferenceFrom } from "./secret-bounds.ts";

type RealmReading = Reading<ManifestOf<"Realm">>;
type WrittenSecrets = NonNullable<NonNullable<ManifestOf<"Realm">["document"]["spec"]>["secrets"]>;

export function readSecrets(
  reading: RealmReading,
  { type, options }: { readonly type: string | undefined; readonly options: DesiredRealm["options"] },
  secrets: WrittenSecrets,
): DesiredRealm["secrets"] {
  const { secrets: byType, secretSettings } = reading.product.realms;
  const known = type === undefined ? undefined : (byType.get(type) ?? []);
  return new Map(
    Object.entries(secrets).flatMap(([name, reference]) => {
      if (known?.includes(name) === false) {
        const message = `a realm of type ${type ?? ""} has no secret ${name}`;
        const hint = known.length === 0 ? undefined : `it has ${known.join(" and ")}`;
        refuse(reading, `/spec/secrets/${name}`, { code: "unknown-field", message, hint });
        return [];
      }
      const setting = secretSettings.get(name);
      if (setting?.within !== undefined && isLonely(reading, setting, options))
        refuseLonely(reading, name, setting.of, setting.within.where);
      return [[name, secretReferenceFrom(reference)] as const];
    }),
  );
}

/** An option that was refused has been told. */
function isLonely(
  { manifest }: RealmReading,
  secret: RealmSecret,
  options: DesiredRealm["options"],
): boolean {
  const written = manifest.document.spec?.options ?? {};
  if (Object.hasOwn(written, secret.of) && !options.has(secret.of)) return false;
  return !holdsSecret(secret, options.get(secret.of));
}

/** What it is sent with has to be known: of what the server has, a plan can't promise that it still says so. */
function refuseLonely(reading: RealmReading, name: string, option: string, where: string): void {
  const message = `the secret ${name} is sent in the option ${option}, which has to say ${where}`;
  const hint = `declare options.${option}, or leave the secret out`;
  refuse(reading, `/spec/secrets/${name}`, { code: "conflicting-fields", message, hint });
}
