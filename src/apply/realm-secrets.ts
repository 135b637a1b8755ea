// A secret that is sent inside of an option, held against what the option takes, before anything is written.

import type { RealmOptions } from "../model/access-state.ts";
import { pveRealms } from "../model/pve-realms.ts";
import { textBefore } from "../model/realm-secrets.ts";
import { wordReference, type Secret } from "../model/secret.ts";
import type { RealmWrite } from "../plan/plan.ts";
import { resolved, unresolved, type Resolved } from "../secrets/resolved.ts";

/** By their reference's words. */
type Secrets = ReadonlyMap<string, Secret>;

type SecretWrite = Extract<RealmWrite, { kind: "create-realm" | "update-realm" }>;

/** One with a comma in it would say more than the manifest does, and a long one be refused in the middle of the writes. */
export function fittingSecrets(write: SecretWrite, secrets: Secrets): Resolved<Secrets> {
  const options = optionsOf(write);
  for (const [name, reference] of Object.entries(write.secrets)) {
    const setting = pveRealms.secretSettings.get(name);
    const before = setting && textBefore(setting, options[setting.of]);
    const words = wordReference(reference);
    const secret = secrets.get(words);
    if (setting === undefined || before === undefined || secret === undefined) continue;
    if (!secret.fits(/^[^\s,]+$/u))
      return unresolved("secret-unfit", `${words} holds a blank or a comma, which no ${name} has`);
    const form = pveRealms.options.get(setting.of)?.form;
    const limit = form?.kind === "properties" ? form.maximum : undefined;
    if (limit !== undefined && before.length + secret.length > limit) {
      const message = `${words} is too long: with it ${setting.of} has more than the ${limit} characters that the server takes`;
      return unresolved("secret-unfit", message);
    }
  }
  return resolved(secrets);
}

function optionsOf(write: SecretWrite): RealmOptions {
  return write.kind === "create-realm" ? (write.realm.options ?? {}) : { ...write.expected, ...write.set };
}
