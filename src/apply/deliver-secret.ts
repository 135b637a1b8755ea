// From the answer that holds a token's new secret to its sinks.

import { Secret } from "../model/secret.ts";
import { deliverAll } from "./delivery.ts";
import type { Doors } from "./doors.ts";
import { done, failedAfterwards, untilNext, type Issue, type Result } from "./result.ts";

/** What the server has begun is finished: an interruption takes effect between operations. */
const uninterrupted = new AbortController().signal;

/** POST and PUT of a token answer with its secret as `value`, this once (PVE 7 to 9; regenerate since 9.2). */
export async function deliverSecret(
  { tokenId, deliveries }: Issue,
  answer: unknown,
  doors: Doors,
): Promise<Result> {
  const value = typeof answer === "object" && answer !== null && "value" in answer ? answer.value : undefined;
  if (typeof value !== "string" || value === "") {
    return failedAfterwards(`the server's answer holds no secret for ${tokenId}: ${untilNext}`);
  }
  const issued = { kind: "token", tokenId, secret: new Secret(value) } as const;
  const delivered = await deliverAll(deliveries, issued, doors);
  const isOwn = tokenId === doors.caller;
  if (delivered.ok) return isOwn ? await renewCaller(doors) : done;
  const why = delivered.problems.map(({ message }) => message).join("; ");
  return failedAfterwards(
    isOwn
      ? `${why}; the secret of ${tokenId} is lost, and with it this way to the server: give it a new one as another identity`
      : `${why}; the secret of ${tokenId} is lost: ${untilNext}`,
  );
}

/** The old secret ended with the answer: what follows is sent with the one that the source holds now. */
async function renewCaller({ renewCaller: renew, caller }: Doors): Promise<Result> {
  const renewed = await renew(uninterrupted);
  if (renewed.ok) return done;
  const why = renewed.problems.map(({ message }) => message).join("; ");
  return {
    kind: "failed",
    error: `${caller} has a new secret, but with what its source holds now the server can't be asked: ${why}`,
    ends: true,
    written: true,
  };
}
