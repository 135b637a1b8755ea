import { wordReference, type Secret, type SecretReference } from "../model/secret.ts";
import type { Operation, Plan, RealmSecrets } from "../plan/plan.ts";
import {
  bothResolved,
  resolved,
  unresolved,
  type Resolved,
  type SecretProblem,
} from "../secrets/resolved.ts";
import type { Place } from "../support/place.ts";
import type { Doors } from "./doors.ts";
import { generatedIn } from "./generated.ts";
import { fittingSecrets } from "./realm-secrets.ts";
import { issueOf } from "./result.ts";

/** The secrets that the operations need, by their reference's words. */
export type Secrets = ReadonlyMap<string, Secret>;

type NeededDoors = Pick<Doors, "secretFor" | "proveSink" | "passwordLengths">;

/**
 * Reads every secret and proves every sink that the operations need, before anything is written: a missing variable or
 * a full disk is found while nothing has happened yet. Problems say where the manifest asks for it.
 */
export async function prepareApply(
  plan: Plan,
  doors: NeededDoors,
): Promise<{ readonly secrets: Secrets; readonly problems: readonly SecretProblem[] }> {
  const secrets = new Map<string, Secret>();
  const problems: SecretProblem[] = [];
  for (const operation of plan.operations) {
    for (const one of await needs(operation, plan, doors)) {
      for (const [name, secret] of readIn(one)) secrets.set(name, secret);
      problems.push(...missingIn(one).map((problem) => asked(problem, one, operation, plan)));
    }
  }
  return { secrets, problems };
}

interface Need {
  /** Whose secret it is, in words. */
  readonly what: string;
  /** Where a manifest names the sink, or what the secret is read from; undefined: where it names the object. */
  readonly source: Place | undefined;
  readonly needed: Resolved<Secrets>;
}

function readIn({ needed }: Need): Secrets {
  return needed.ok ? needed.value : new Map();
}

function missingIn({ needed }: Need): readonly SecretProblem[] {
  return needed.ok ? [] : needed.problems;
}

async function needs(operation: Operation, plan: Plan, doors: NeededDoors): Promise<readonly Need[]> {
  const none: Secrets = new Map();
  const delivered = issueOf(operation) ?? generatedIn(operation);
  if (delivered) {
    const what =
      delivered.kind === "token" ? `secret of ${delivered.tokenId}` : `password of ${delivered.userId}`;
    const found: Need[] = [];
    for (const delivery of delivered.deliveries) {
      const proved = await doors.proveSink(delivery, delivered);
      found.push({ what, source: delivery.source, needed: proved.ok ? resolved(none) : proved });
    }
    return found;
  }
  if (operation.kind === "set-password") {
    const { id, password, confirmation } = operation;
    const own: Resolved<Secrets> = confirmation ? await read(confirmation, doors) : resolved(none);
    const both = bothResolved(await readFitting(password, plan, doors), own);
    const needed = both.ok ? resolved(new Map([...both.value[0], ...both.value[1]])) : both;
    return [{ what: `password of ${id}`, source: undefined, needed }];
  }
  if (operation.kind === "create-realm" || operation.kind === "update-realm") {
    const id = operation.kind === "create-realm" ? operation.realm.id : operation.id;
    const all = await readAll(operation.secrets, doors);
    const needed = all.ok ? fittingSecrets(operation, all.value) : all;
    return [{ what: `secret of realm ${id}`, source: undefined, needed }];
  }
  if (operation.kind !== "create-user" || operation.password?.kind !== "given") return [];
  const { from, source } = operation.password;
  const needed = await readFitting(from, plan, doors);
  return [{ what: `password of ${operation.user.id}`, source, needed }];
}

async function readAll(secrets: RealmSecrets, doors: NeededDoors): Promise<Resolved<Secrets>> {
  let all: Resolved<Secrets> = resolved(new Map());
  for (const reference of Object.values(secrets)) {
    const both = bothResolved(all, await read(reference, doors));
    all = both.ok ? resolved(new Map([...both.value[0], ...both.value[1]])) : both;
  }
  return all;
}

async function read(reference: SecretReference, { secretFor }: NeededDoors): Promise<Resolved<Secrets>> {
  const secret = await secretFor(reference);
  return secret.ok ? resolved(new Map([[wordReference(reference), secret.value]])) : secret;
}

async function readFitting(
  from: SecretReference,
  plan: Plan,
  doors: NeededDoors,
): Promise<Resolved<Secrets>> {
  const name = wordReference(from);
  const secret = await doors.secretFor(from);
  const fitting = secret.ok ? ofFittingLength(secret.value, name, plan, doors) : secret;
  return fitting.ok ? resolved(new Map([[name, fitting.value]])) : fitting;
}

/** The server would refuse it in the middle of the writes. */
function ofFittingLength(
  secret: Secret,
  name: string,
  { version }: Plan,
  { passwordLengths }: NeededDoors,
): Resolved<Secret> {
  const { minimum, maximum } = passwordLengths(version);
  if (secret.length >= minimum && secret.length <= maximum) return resolved(secret);
  const message = `${name} has ${secret.length < minimum ? "fewer" : "more"} characters than the server takes: ${minimum} to ${maximum}`;
  return unresolved("password-length", message);
}

function asked(
  problem: SecretProblem,
  { what, source }: Need,
  { changes }: Operation,
  plan: Plan,
): SecretProblem {
  const named = source ?? changes.flatMap((change) => plan.changes[change]?.source ?? [])[0];
  const place = named === undefined ? "" : `${named.file}:${named.line}: `;
  return { ...problem, message: `${place}${what}: ${problem.message}` };
}
