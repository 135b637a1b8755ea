// The options of a realm manifest, each in the spelling that settings are compared in.

import { errorAt } from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { Setting } from "../model/access-state.ts";
import type { DesiredRealm } from "../model/desired.ts";
import type { RealmOption } from "../model/realm-rules.ts";
import type { WrittenValue } from "../model/realm-scalars.ts";
import { parseSetting } from "../model/realm-values.ts";
import { refuse, type Reading } from "./reading.ts";

type RealmReading = Reading<ManifestOf<"Realm">>;
type WrittenOptions = NonNullable<NonNullable<ManifestOf<"Realm">["document"]["spec"]>["options"]>;

/** `undefined` is an option that is to be taken off. */
export function readOptions(
  reading: RealmReading,
  type: string | undefined,
  written: WrittenOptions,
): DesiredRealm["options"] {
  const options = new Map<string, Setting | undefined>();
  for (const [name, value] of Object.entries(written)) {
    const option = reading.product.realms.options.get(name);
    if (option === undefined) continue;
    if (type !== undefined && !option.types.includes(type)) refuseStranger(reading, type, name);
    else if (isNothing(value)) {
      refuseEmpty(reading, type, { name, option });
      options.set(name, undefined);
    } else {
      const secret = secretWrittenIn(reading, name, value);
      const setting = parseSetting(option.form, value);
      if (secret !== undefined) refuseSecret(reading, name, secret);
      else if (setting.ok) options.set(name, setting.value);
      else refuseValue(reading, name, setting.problem);
    }
  }
  return options;
}

/** As empty as the server would take it: blanks around a text are lost there. */
function isNothing(value: WrittenValue | null): value is null {
  if (typeof value === "string") return value.trim() === "";
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** A text may hold what the schema refuses in a mapping. The name of the secret that it holds. */
function secretWrittenIn({ product }: RealmReading, name: string, value: WrittenValue): string | undefined {
  if (typeof value !== "string") return undefined;
  const properties = new Set(value.split(",").map((pair) => pair.slice(0, pair.indexOf("=")).trim()));
  const held = [...product.realms.secretSettings].find(
    ([, { of, within }]) => of === name && within !== undefined && properties.has(within.property),
  );
  return held?.[0];
}

function refuseSecret(reading: RealmReading, name: string, secret: string): void {
  const message = `spec.options.${name} holds a secret in clear, which is not written down`;
  const hint = `write spec.secrets: { ${secret}: { env: NAME } }`;
  refuse(reading, `/spec/options/${name}`, { code: "literal-secret", message, hint });
}

function refuseStranger({ manifest, product, report }: RealmReading, type: string, name: string): void {
  const own = [...product.realms.options].filter(([, { types }]) => types.includes(type));
  const message = `a realm of type ${type} has no option ${name}`;
  const hint = `it has ${own.map(([known]) => known).join(", ")}`;
  report(errorAt(manifest.locate(`/spec/options/${name}`, "key"), { code: "unknown-field", message, hint }));
}

/** The server takes an empty one, and from then on can read neither this realm nor write any. */
function refuseEmpty(
  reading: RealmReading,
  type: string | undefined,
  { name, option }: { readonly name: string; readonly option: RealmOption },
): void {
  if (type === undefined || option.requiredBy?.includes(type) !== true) return;
  const message = `a realm of type ${type} can't be without ${name}: with an empty one the server could not read its file of realms any more`;
  refuse(reading, `/spec/options/${name}`, { code: "invalid-value", message });
}

function refuseValue(reading: RealmReading, name: string, problem: string): void {
  const message = `spec.options.${name} ${problem}`;
  refuse(reading, `/spec/options/${name}`, { code: "invalid-value", message });
}
