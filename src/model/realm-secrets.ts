// Secrets of realms and the options that they belong to.

import type { Setting } from "./access-state.ts";
import type { RealmSecret } from "./realm-rules.ts";

/** Whether what an option is set to has a place for the secret. */
export function holdsSecret({ within }: RealmSecret, setting: Setting | undefined): boolean {
  if (within === undefined || setting === undefined) return false;
  return String(setting).split(",").includes(within.where);
}

/** The option's text up to where the secret begins; undefined where it is a parameter of its own, or has no place. */
export function textBefore(secret: RealmSecret, setting: Setting | undefined): string | undefined {
  if (secret.within === undefined || setting === undefined || !holdsSecret(secret, setting)) return undefined;
  return `${String(setting)},${secret.within.property}=`;
}
