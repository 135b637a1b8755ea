// One operation: its request, its answer, and for a token the delivery of its secret.

import { Secret } from "../model/secret.ts";
import type { Operation, ParameterValue } from "../plan/plan.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { Bug } from "../support/bug.ts";
import { deliverAll, proveAll } from "./delivery.ts";
import type { Doors } from "./doors.ts";
import { generatedIn, makePassword, withoutUser } from "./generated.ts";
import { settleLost } from "./lost-answer.ts";
import type { Secrets } from "./prepare.ts";
import { withoutSettled } from "./settled-members.ts";
import { done, failed, failedAfterwards, isLost, issueOf, refusalOf, type Result } from "./result.ts";

/** A write in flight is always finished: an interruption takes effect between operations. */
const uninterrupted = new AbortController().signal;

export async function runOperation(operation: Operation, secrets: Secrets, doors: Doors): Promise<Result> {
  const issue = issueOf(operation);
  if (issue) {
    const proved = await proveAll(issue.deliveries, issue, doors);
    if (!proved.ok) return failed(proved.problems.map(({ message }) => message).join("; "));
  }
  const asked = generatedIn(operation);
  if (!asked) return await write(operation, secrets, doors);
  const made = await makePassword(asked, secrets, doors);
  return made.ok ? withoutUser(await write(operation, made.secrets, doors), asked) : made.result;
}

async function write(operation: Operation, secrets: Secrets, doors: Doors): Promise<Result> {
  const first = await attempt(operation, secrets, doors);
  if (!(first instanceof ApiError)) return first;
  if (!isLost(first)) return refusalOf(first, operation);
  return await settleLost(first, operation, doors.readBack, () => attempt(operation, secrets, doors));
}

/** Each further attempt has a member less, so there is an end. */
async function attempt(operation: Operation, secrets: Secrets, doors: Doors): Promise<Result | ApiError> {
  const result = await attemptOnce(operation, secrets, doors);
  const left = result instanceof ApiError ? withoutSettled(operation, result) : undefined;
  if (left === undefined) return result;
  return left === "nothing" ? done : await attempt(left, secrets, doors);
}

async function attemptOnce(operation: Operation, secrets: Secrets, doors: Doors): Promise<Result | ApiError> {
  try {
    return await deliverSecret(operation, await send(operation, secrets, doors), doors);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error;
  }
}

async function send(operation: Operation, secrets: Secrets, doors: Doors): Promise<unknown> {
  const { method, path, parameters } = doors.requestFor(operation);
  const request = { method, path, parameters: fill(parameters, secrets, doors) };
  return await doors.write.send(request, uninterrupted);
}

function fill(
  parameters: Readonly<Record<string, ParameterValue>>,
  secrets: Secrets,
  { clock }: Doors,
): Record<string, string | Secret> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]): [string, string | Secret][] => {
      if (typeof value === "string") return [[name, value]];
      if ("secondsAhead" in value)
        return [[name, String(Math.floor(clock.now() / 1000) + value.secondsAhead)]];
      const secret = secrets.get(value.secret);
      if (!secret) throw new Bug(`${value.secret} was not read before the first write`);
      return [[name, secret]];
    }),
  );
}

/** POST and PUT of a token answer with its secret as `value`, this once (PVE 7 to 9; regenerate since 9.1). */
async function deliverSecret(operation: Operation, answer: unknown, doors: Doors): Promise<Result> {
  const issue = issueOf(operation);
  if (!issue) return done;
  const value = typeof answer === "object" && answer !== null && "value" in answer ? answer.value : undefined;
  if (typeof value !== "string" || value === "") {
    return failedAfterwards(
      `the server's answer holds no secret for ${issue.tokenId}; the token ends within the hour`,
    );
  }
  const secret = new Secret(value);
  const delivered = await deliverAll(
    issue.deliveries,
    { kind: "token", tokenId: issue.tokenId, secret },
    doors,
  );
  if (delivered.ok) return done;
  const why = delivered.problems.map(({ message }) => message).join("; ");
  return failedAfterwards(
    `${why}; the secret of ${issue.tokenId} is lost, the token ends within the hour, and the next apply issues a new one`,
  );
}
