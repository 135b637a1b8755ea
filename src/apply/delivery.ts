// Every sink of a secret at once: a secret that went to one of two sinks is not delivered.

import type { Issued, SecretDelivery, SecretOwner } from "../model/delivery.ts";
import { everyResolved, type Resolved } from "../secrets/resolved.ts";
import type { Doors } from "./doors.ts";

/** Proves all sinks, also where the first one fails: what is wrong with them is told at once. */
export async function proveAll(
  deliveries: readonly SecretDelivery[],
  owner: SecretOwner,
  { proveSink }: Pick<Doors, "proveSink">,
): Promise<Resolved<readonly string[]>> {
  const proved: Resolved<string>[] = [];
  for (const delivery of deliveries) proved.push(await proveSink(delivery, owner));
  return everyResolved(proved);
}

/** Delivers to all sinks, also where the first one fails: the secret exists once, and what takes it may have it. */
export async function deliverAll(
  deliveries: readonly SecretDelivery[],
  issued: Issued,
  { deliver }: Pick<Doors, "deliver">,
): Promise<Resolved<readonly string[]>> {
  const delivered: Resolved<string>[] = [];
  for (const delivery of deliveries) delivered.push(await deliver(delivery, issued));
  return everyResolved(delivered);
}
