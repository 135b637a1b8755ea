// In: a realm that is to be written. Out: what keeps a server from taking it as it is declared.

import type { Realm } from "../model/access-state.ts";
import type { DesiredRealm } from "../model/desired.ts";
import { holdsSecret } from "../model/realm-secrets.ts";
import { isSince } from "../model/release.ts";
import type { Objection } from "./realm-options.ts";
import type { Settling } from "./settling.ts";

interface Ends {
  readonly live: Realm | undefined;
  readonly declared: Realm;
}

export function writeObjections(desired: DesiredRealm, ends: Ends, settling: Settling): readonly Objection[] {
  return [...checkObjections(desired, settling), ...secretObjections(desired, ends, settling)];
}

/** Who wants to be sure is not to have it written unsure. */
function checkObjections(
  { id, checksConnection, places }: DesiredRealm,
  { product, version }: Settling,
): readonly Objection[] {
  const { checksSince } = product.realms;
  if (!checksConnection || isSince(version, checksSince)) return [];
  const message = `release ${version} can't ask the directory of realm ${id} before it stores it: ${checksSince.join(".")} brought checkConnection`;
  const place = places.get("checkConnection");
  return [
    {
      severity: "error",
      code: "realm-option-unsupported",
      message,
      ...(place && { place }),
      isHopeless: false,
    },
  ];
}

/** An option is sent whole: without the secret that stands in it, the one that the server has would go. */
function secretObjections(
  { id, secrets, places }: DesiredRealm,
  { live, declared }: Ends,
  { product }: Settling,
): readonly Objection[] {
  return [...product.realms.secretSettings].flatMap(([name, secret]): readonly Objection[] => {
    const setting = declared.options?.[secret.of];
    if (secrets.has(name) || setting === live?.options?.[secret.of] || !holdsSecret(secret, setting))
      return [];
    const place = places.get(secret.of);
    const message =
      `${secret.of} of realm ${id} says ${secret.within?.where ?? ""} and is sent whole, with its key, ` +
      `which no manifest names: declare where it is read from, in spec.secrets.${name}`;
    return [
      {
        severity: "error",
        code: "realm-secret-missing",
        message,
        ...(place && { place }),
        isHopeless: false,
      },
    ];
  });
}
