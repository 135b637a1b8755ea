// In: references to secrets, files and variables. Out: what was read, as a type that can't be printed; secrets delivered
// to files; or why not. Must not know: plans, requests, what a secret is good for.

import type { Connection, ResolvedCredentials, TlsTrust } from "../model/connection.ts";
import type { Product } from "../model/product.ts";
import type { Credentials, Target, TextOrEnv, TlsSettings } from "../model/target.ts";
import type { Parsed } from "../support/parsed.ts";
import { readSmallFile } from "./file-source.ts";
import { bothResolved, everyResolved, resolved, unresolved, type Resolved } from "./resolved.ts";
import { resolveSecret, type Environment, type SecretSurroundings } from "./source.ts";

/** A bundle of every public authority is a quarter of it. */
const maximumCaBytes = 1024 * 1024;

interface Surroundings extends SecretSurroundings {
  readonly product: Product;
}

/** Where a target is and how it is known: what it takes to look at it without logging in. */
export async function resolveRoute(
  target: Pick<Target, "endpoints" | "tls">,
  environment: Environment,
): Promise<Resolved<Pick<Connection, "endpoints" | "tls">>> {
  const both = bothResolved(resolveEndpoints(target.endpoints, environment), await resolveTrust(target.tls));
  return both.ok ? resolved({ endpoints: both.value[0], tls: both.value[1] }) : both;
}

/**
 * Reads all that it takes to talk to a target as `credentials`: the target's own, or its planCredentials.
 * Gives all problems at once.
 */
export async function resolveConnection(
  target: Pick<Target, "product" | "endpoints" | "tls">,
  credentials: Credentials,
  surroundings: Surroundings,
): Promise<Resolved<Connection>> {
  const endpoints = resolveEndpoints(target.endpoints, surroundings.environment);
  const identity = await resolveCredentials(credentials, surroundings);
  const trust = await resolveTrust(target.tls);
  const all = bothResolved(bothResolved(endpoints, identity), trust);
  if (!all.ok) return all;
  const [[texts, read], tls] = all.value;
  return resolved({ product: target.product, endpoints: texts, credentials: read, tls });
}

function resolveEndpoints(
  endpoints: readonly TextOrEnv[],
  environment: Environment,
): Resolved<readonly string[]> {
  return everyResolved(endpoints.map((endpoint) => resolveText(endpoint, environment)));
}

export async function resolveCredentials(
  credentials: Credentials,
  surroundings: Surroundings,
): Promise<Resolved<ResolvedCredentials>> {
  const { product, environment } = surroundings;
  if (credentials.kind === "token") {
    const id = resolveId(credentials.id, environment, product.parseTokenId);
    const both = bothResolved(id, await resolveSecret(credentials.secret, surroundings));
    return both.ok ? resolved({ kind: "token", id: both.value[0], secret: both.value[1] }) : both;
  }
  const user = resolveId(credentials.user, environment, product.parseUserId);
  const both = bothResolved(user, await resolveSecret(credentials.password, surroundings));
  return both.ok ? resolved({ kind: "password", user: both.value[0], password: both.value[1] }) : both;
}

function resolveId<Id extends string>(
  from: TextOrEnv,
  environment: Environment,
  parse: (text: string) => Parsed<Id>,
): Resolved<Id> {
  const text = resolveText(from, environment);
  if (!text.ok) return text;
  const id = parse(text.value);
  if (id.ok) return resolved(id.value);
  // A variable's text is not repeated: the likeliest mistake is the secret in the wrong variable.
  const where = "env" in from ? `the text of env ${from.env}` : JSON.stringify(text.value);
  return unresolved("id-invalid", `${where} ${id.problem}`);
}

function resolveText(from: TextOrEnv, environment: Environment): Resolved<string> {
  if ("text" in from) return resolved(from.text);
  const text = Object.hasOwn(environment, from.env) ? environment[from.env] : undefined;
  if (text === undefined) return unresolved("text-missing", `env ${from.env} is not set`);
  if (text === "") return unresolved("text-missing", `env ${from.env} is empty`);
  return resolved(text);
}

async function resolveTrust(settings: TlsSettings): Promise<Resolved<TlsTrust>> {
  const pin = settings.fingerprint === undefined ? {} : { fingerprint: settings.fingerprint };
  if (settings.caFile === undefined) return resolved(pin);
  const file = await readSmallFile(settings.caFile, maximumCaBytes);
  if (!file.ok) return unresolved("ca-unreadable", `caFile ${settings.caFile} ${file.words}`);
  if (!file.text.includes("-----BEGIN CERTIFICATE-----")) {
    return unresolved("ca-unreadable", `caFile ${settings.caFile} holds no certificate in PEM form`);
  }
  return resolved({ ...pin, ca: file.text });
}
