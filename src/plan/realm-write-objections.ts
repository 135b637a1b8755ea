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
    const { of, within } = secret;
    const setting = declared.options?.[of];
    if (secrets.has(name) || setting === live?.options?.[of] || !holdsSecret(secret, setting)) return [];
    const place = places.get(of);
    const said = `${of} of realm ${id} says ${within?.where ?? ""}, and no manifest names its ${within?.property ?? ""}`;
    const todo = `say where it is read from, in spec.secrets.${name}`;
    // Of a new one nothing is lost: it is closed until the secret is set, as where a directory's password is missing.
    const rest: Pick<Objection, "severity" | "message"> = live
      ? { severity: "error", message: `${said}, with which it has to be sent: ${todo}` }
      : { severity: "warning", message: `${said}: nobody can log in there until you ${todo}, and set it` };
    return [{ ...rest, code: "realm-secret-missing", ...(place && { place }), isHopeless: false }];
  });
}
