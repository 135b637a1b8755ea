// One operation: its lines in the audit log, its request, its answer, and for a token the delivery of its secret.

import type { Secret } from "../model/secret.ts";
import type { Operation, ParameterValue, SecretValue } from "../plan/plan.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { Bug } from "../support/bug.ts";
import { auditOutcome, type Auditor, type AuditOutcome, type AuditRequest } from "./audit.ts";
import { deliverSecret } from "./deliver-secret.ts";
import { proveAll } from "./delivery.ts";
import type { Doors } from "./doors.ts";
import { generatedIn, makePassword, withoutUser } from "./generated.ts";
import { look } from "./lost-answer.ts";
import type { Secrets } from "./prepare.ts";
import { digestFor } from "./realm-digest.ts";
import { done, failed, isLost, issueOf, refusalOf, wordsOf, type Result } from "./result.ts";
import { withoutSettled } from "./settled-members.ts";

/** What carries an operation out. */
export interface Errand {
  readonly secrets: Secrets;
  readonly doors: Doors;
  readonly auditor: Auditor;
}

/** The answer was lost, and the state shows that the server has not done it, or can't show whether it has. */
interface Unsettled {
  readonly kind: "not-happened" | "hidden";
  readonly error: string;
}

/** Refused for a member of a pool that is as wanted already: what is left is a write of its own. */
interface Settled {
  readonly kind: "settled";
  readonly error: string;
  readonly left: Operation | "nothing";
}

/** A write in flight is always finished: an interruption takes effect between operations. */
const uninterrupted = new AbortController().signal;

/** Carries the write out, with what belongs to it: sinks that are proved before, a password that is made. */
export async function runOperation(operation: Operation, errand: Errand): Promise<Result> {
  const issue = issueOf(operation);
  if (issue) {
    const proved = await proveAll(issue.deliveries, issue, errand.doors);
    if (!proved.ok) return failed(proved.problems.map(({ message }) => message).join("; "));
  }
  const asked = generatedIn(operation);
  if (!asked) return await write(operation, errand);
  const made = await makePassword(asked, errand.secrets, errand.doors);
  if (!made.ok) return made.result;
  return withoutUser(await write(operation, { ...errand, secrets: made.secrets }), asked);
}

/** Sends the write, and once more only where it did not happen, or where twice does the same as once. */
async function write(operation: Operation, errand: Errand): Promise<Result> {
  const first = await attempt(operation, errand, "first");
  if (!isUnsettled(first)) return first;
  const second = await attempt(operation, errand, "again");
  const isRefused = second.kind === "failed";
  // A refusal says nothing of a first try that no state shows.
  if (!isUnsettled(second) && !(isRefused && first.kind === "hidden")) return second;
  const error = `${first.error}; once more: ${second.error}`;
  return { kind: "unconfirmed", error, ends: isRefused && second.ends };
}

function isUnsettled(fate: Result | Unsettled): fate is Unsettled {
  return fate.kind === "not-happened" || fate.kind === "hidden";
}

/** Each further attempt has a member less, so there is an end. */
async function attempt(
  operation: Operation,
  errand: Errand,
  turn: "first" | "again",
): Promise<Result | Unsettled> {
  const { doors, auditor } = errand;
  const checked = await digestFor(operation, doors);
  if (!checked.ok) return checked.result;
  const request = withParameters(requestOf(operation, doors), checked.parameters);
  const conclude = await auditor.begin(operation, request);
  const problem = auditor.problem();
  if (problem !== undefined) return { kind: "failed", error: `${problem}, so nothing is sent`, ends: true };
  const result = await send(operation, request, errand, turn);
  if (result.kind === "settled") {
    await conclude({ status: "failed", error: result.error });
    return result.left === "nothing" ? done : await attempt(result.left, errand, turn);
  }
  await conclude(isUnsettled(result) ? unsettledOutcome(result) : auditOutcome(result));
  return result;
}

async function send(
  operation: Operation,
  request: AuditRequest,
  errand: Errand,
  turn: "first" | "again",
): Promise<Result | Unsettled | Settled> {
  const { secrets, doors } = errand;
  try {
    const parameters = withSecrets(request.parameters, secrets);
    const answer = await doors.write.send({ ...request, parameters }, uninterrupted);
    const issue = issueOf(operation);
    return issue ? await deliverSecret(issue, answer, doors) : done;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (operation.kind === "set-password" && knowsNoConfirmation(error)) {
      return await send(operation, withoutConfirmation(request), errand, turn);
    }
    const left = withoutSettled(operation, error);
    if (left !== undefined) return { kind: "settled", error: wordsOf(error), left };
    // A first try that happened late is what a second one is refused for.
    if (!isLost(error) && turn === "first") return refusalOf(error, operation);
    const seen = await look(error, operation, doors.readBack);
    if (typeof seen !== "string") return seen;
    return isLost(error) ? { kind: seen, error: wordsOf(error) } : refusalOf(error, operation);
  }
}

function unsettledOutcome({ kind, error }: Unsettled): AuditOutcome {
  return kind === "hidden"
    ? { status: "lost", error: `${error}; no state shows whether a secret was set` }
    : { status: "failed", error: `${error}; the state shows that it did not happen` };
}

const ownPassword = "confirmation-password";

/** Before libpve-access-control 8.1.3: nothing happened. */
function knowsNoConfirmation({ kind, parameters }: ApiError): boolean {
  return kind === "invalid" && /not defined in schema/u.test(parameters[ownPassword] ?? "");
}

function withoutConfirmation(request: AuditRequest): AuditRequest {
  const rest = Object.entries(request.parameters).filter(([name]) => name !== ownPassword);
  return { ...request, parameters: Object.fromEntries(rest) };
}

/** The request with the instants that it is sent at, and without the secrets. */
function requestOf(operation: Operation, { requestFor, clock }: Doors): AuditRequest {
  const { method, path, parameters } = requestFor(operation);
  const nowSeconds = Math.floor(clock.now() / 1000);
  const timed = Object.entries(parameters).flatMap(
    ([name, value]): (readonly [string, string | SecretValue])[] => {
      if (typeof value === "string" || "secret" in value || "endsInSecret" in value) return [[name, value]];
      // Read before: digestFor.
      return "digestOf" in value ? [] : [[name, instantOf(value, nowSeconds)]];
    },
  );
  return { method, path, parameters: Object.fromEntries(timed) };
}

function withParameters(request: AuditRequest, parameters: AuditRequest["parameters"]): AuditRequest {
  return { ...request, parameters: { ...request.parameters, ...parameters } };
}

function instantOf(
  { secondsAhead, before }: Extract<ParameterValue, { readonly secondsAhead: number }>,
  nowSeconds: number,
): string {
  const ahead = nowSeconds + secondsAhead;
  return String(before === undefined ? ahead : Math.min(ahead, before - 1));
}

function withSecrets(
  parameters: AuditRequest["parameters"],
  secrets: Secrets,
): Record<string, string | Secret> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]): readonly [string, string | Secret] => {
      if (typeof value === "string") return [name, value];
      if ("secret" in value) return [name, secretNamed(value.secret, secrets)];
      return [name, secretNamed(value.endsInSecret, secrets).behind(value.startsWith)];
    }),
  );
}

function secretNamed(name: string, secrets: Secrets): Secret {
  const secret = secrets.get(name);
  if (!secret) throw new Bug(`${name} was not read before the first write`);
  return secret;
}
