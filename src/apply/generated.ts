import type { SecretDelivery } from "../model/delivery.ts";
import type { UserId } from "../model/ids.ts";
import { wordPassword } from "../model/password.ts";
import type { Secret } from "../model/secret.ts";
import type { Write } from "../plan/plan.ts";
import { deliverAll, proveAll } from "./delivery.ts";
import type { Doors } from "./doors.ts";
import { failed, type Result } from "./result.ts";

/** The password that a write asks for, to be made right before it. */
interface Asked {
  readonly kind: "password";
  readonly userId: UserId;
  readonly length: number;
  readonly deliveries: readonly SecretDelivery[];
  /** What the request calls it. */
  readonly name: string;
}

export function generatedIn(write: Write): Asked | undefined {
  if (write.kind !== "create-user" || write.password?.kind !== "generated") return undefined;
  const { length, deliveries } = write.password;
  const { id } = write.user;
  return { kind: "password", userId: id, length, deliveries, name: wordPassword(write.password, id) };
}

/**
 * Makes the password and delivers it before the user is created: a sink with a password that nobody has can be written
 * again, a user with a password that nobody knows is locked out (docs/decisions/025-generated-passwords.md).
 */
export async function makePassword(
  asked: Asked,
  secrets: ReadonlyMap<string, Secret>,
  doors: Doors,
): Promise<
  | { readonly ok: true; readonly secrets: ReadonlyMap<string, Secret> }
  | { readonly ok: false; readonly result: Result }
> {
  const proved = await proveAll(asked.deliveries, asked, doors);
  if (!proved.ok) return { ok: false, result: failed(wordsOf(proved.problems)) };
  const secret = doors.generatePassword(asked.length);
  const delivered = await deliverAll(asked.deliveries, { ...asked, secret }, doors);
  if (delivered.ok) return { ok: true, secrets: new Map([...secrets, [asked.name, secret]]) };
  const error = `${wordsOf(delivered.problems)}; the user was not created, and the next apply makes a new password`;
  return { ok: false, result: failed(error) };
}

/** What is in the sinks is of no use where the user does not come to be. */
export function withoutUser(result: Result, { userId }: Asked): Result {
  if (result.kind !== "failed" || result.written) return result;
  return { ...result, error: `${result.error}; the password that its sinks hold for ${userId} is of no use` };
}

function wordsOf(problems: readonly { readonly message: string }[]): string {
  return problems.map(({ message }) => message).join("; ");
}
