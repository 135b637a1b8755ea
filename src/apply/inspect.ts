// In: both states and the doors. Out: what apply knows before it plans and plan does not, since it takes log-ins, sinks and
// a try. Must not know: the plan. Nothing here changes a server or a sink.

import type { DesiredState, DesiredToken } from "../model/desired.ts";
import type { Expiry, User } from "../model/access-state.ts";
import { ownerOf, type TokenId, type UserId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Product } from "../model/product.ts";
import type { Found } from "../plan/make-plan.ts";
import type { RequestShape, Write } from "../plan/plan.ts";
import { renewalReason } from "../plan/renewal.ts";
import type { Selector } from "../plan/select.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { ProbeClient } from "../proxmox/acceptance.ts";
import type { WriteClient } from "../proxmox/write.ts";
import type { SecretProblem } from "../secrets/resolved.ts";
import { mapBounded } from "../support/concurrency.ts";
import type { Doors } from "./doors.ts";
import { heldBySinks, isLost, type SinkReader } from "./held.ts";

export interface InspectionDoors extends SinkReader {
  readonly probe: ProbeClient;
  readonly write: WriteClient;
  readonly secretFor: Doors["secretFor"];
  readonly requestFor: (write: Write) => RequestShape;
}

export interface Question {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly product: Product;
  readonly nowSeconds: number;
  readonly asked: ReadonlySet<TokenId>;
  /** Only these are looked at; all where undefined. */
  readonly only: readonly Selector[] | undefined;
}

/** A refused log-in takes three seconds (PVE delays every 401), and many at once look like an attack. */
const parallelLogins = 4;

/** Throws ApiError where the server can't be asked. */
export async function inspect(
  question: Question,
  doors: InspectionDoors,
  signal: AbortSignal,
): Promise<{ readonly found: Found; readonly problems: readonly SecretProblem[] }> {
  const { refused, problems } = await findRefusedPasswords(question, doors, signal);
  const notInSink = await findNotInSink(question, doors, signal);
  const regenerates = await learnRegenerate(question, notInSink, doors, signal);
  return {
    found: { refusedPasswords: refused, notInSink, ...(regenerates !== undefined && { regenerates }) },
    problems,
  };
}

async function findRefusedPasswords(
  { desired, live, nowSeconds, only }: Question,
  { probe, secretFor }: InspectionDoors,
  signal: AbortSignal,
): Promise<{ readonly refused: ReadonlySet<UserId>; readonly problems: readonly SecretProblem[] }> {
  const problems: SecretProblem[] = [];
  const refused = new Set<UserId>();
  // An API token may not set passwords, so there is nothing to be found out for.
  if (desired.target.credentials.kind !== "password") return { refused, problems };
  const enforced = [...desired.users.values()].filter(
    ({ id, ensure, password }) =>
      ensure === "present" &&
      password?.policy === "enforce" &&
      mayLogIn(live.state.users.get(id), nowSeconds) &&
      isChosen("User", id, only),
  );
  await mapBounded(enforced, parallelLogins, async ({ id, password, source }) => {
    if (password?.origin.kind !== "given") return;
    const secret = await secretFor(password.origin.from);
    if (!secret.ok) {
      const { file, line } = password.origin.source ?? source;
      const place = `${file}:${line}: password of ${id}`;
      problems.push(
        ...secret.problems.map(({ code, message }) => ({ code, message: `${place}: ${message}` })),
      );
    } else if ((await probe.password(id, secret.value, signal)) === "refused") refused.add(id);
  });
  return { refused, problems };
}

async function findNotInSink(
  { desired, live, nowSeconds, only }: Question,
  doors: InspectionDoors,
  signal: AbortSignal,
): Promise<ReadonlySet<TokenId>> {
  const { state } = live;
  const repaired = [...desired.tokens.values()].filter(
    ({ id, ensure, repair }) =>
      ensure === "present" &&
      repair === "reissue" &&
      // A refusal says that the secret is wrong only where a right one would be taken.
      mayLogIn(state.tokens.get(id), nowSeconds) &&
      mayLogIn(state.users.get(ownerOf(id)), nowSeconds) &&
      isChosen("Token", id, only),
  );
  const found = await mapBounded(repaired, parallelLogins, async (token) => {
    const states = await heldBySinks(token, doors, signal);
    return states.some(isLost) ? [token.id] : [];
  });
  return new Set(found.flat());
}

/**
 * A try that can't succeed: with an expiry that no release takes, the server names everything that is wrong with the
 * request, `regenerate` too where it does not know it, and does nothing. Undefined where nobody needs to know, or where
 * the answer does not tell.
 */
async function learnRegenerate(
  question: Question,
  notInSink: ReadonlySet<TokenId>,
  { write, requestFor }: InspectionDoors,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { desired, live, product, only } = question;
  if (product.lacksRegenerate(live.version)) return false;
  const ground = { ...question, notInSink };
  const isDue = ({ id, ensure, ...token }: DesiredToken): boolean => {
    const there = live.state.tokens.get(id);
    if (ensure !== "present" || !there || !isChosen("Token", id, only)) return false;
    return renewalReason({ id, ...token }, there, ground) !== undefined;
  };
  const token = [...desired.tokens.values()].find(isDue);
  if (token === undefined) return undefined;
  const { method, path } = requestFor({ kind: "update-token", id: token.id, set: {} });
  try {
    await write.send({ method, path, parameters: { regenerate: "1", expire: "-1" } }, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind !== "invalid") return undefined;
    return !/not defined in schema/u.test(error.parameters["regenerate"] ?? "");
  }
}

function mayLogIn(
  object: (Pick<User, "expire"> & { readonly enabled?: boolean; readonly expire: Expiry }) | undefined,
  nowSeconds: number,
): boolean {
  if (object === undefined || object.enabled === false) return false;
  return object.expire === 0 || object.expire > nowSeconds;
}

function isChosen(kind: Selector["kind"], id: string, only: readonly Selector[] | undefined): boolean {
  return only?.some((selector) => selector.kind === kind && selector.name === id) ?? true;
}
