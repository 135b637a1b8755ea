import type { ManifestOf } from "../manifest/manifest.ts";
import type { Credentials, Target, TextOrEnv, TlsSettings } from "../model/target.ts";
import type { SecretReference } from "../model/secret.ts";
import { Bug } from "../support/bug.ts";
import type { Parsed } from "../support/parsed.ts";
import { endpointMistake, textOrEnvFrom } from "./endpoint.ts";
import { readId, refuse, type Reading } from "./reading.ts";
import { readSinkSettings } from "./read-sinks.ts";
import { commandFrom, pathFrom, secretReferenceFrom } from "./secret-bounds.ts";
import { pruneFrom, readDurationMs, readSafety, readScope } from "./target-guards.ts";

type TargetReading = Reading<ManifestOf<"Target">>;
type TargetSpec = ManifestOf<"Target">["document"]["spec"];
type WrittenReference = NonNullable<TargetSpec["credentials"]["token"]>["secret"];

/** What a Target says, with its defaults. Where something is wrong, that is reported and something stands in. */
export function readTarget(reading: TargetReading): Target {
  const { document, folder, place } = reading.manifest;
  const { metadata, spec } = document;
  const planCredentials =
    spec.planCredentials && readCredentials(reading, "/spec/planCredentials", spec.planCredentials);
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    product: spec.product,
    endpoints: spec.endpoints.map((endpoint, index) => readEndpoint(reading, endpoint, index)),
    credentials: readCredentials(reading, "/spec/credentials", spec.credentials),
    ...(planCredentials && { planCredentials }),
    tls: tlsFrom(spec.tls ?? {}, folder),
    prune: pruneFrom(spec.prune),
    scope: readScope(reading, spec.scope ?? {}),
    safety: readSafety(reading, spec.safety ?? {}),
    secrets: {
      envPrefix: spec.secrets?.envPrefix ?? "ROLECALL_SECRET_",
      dir: pathFrom(folder, spec.secrets?.dir ?? "/run/secrets/rolecall"),
    },
    sinks: readSinkSettings(reading, spec.sinks ?? {}),
    suspend: spec.suspend ?? false,
    mode: spec.mode ?? "enforce",
    intervalMs: readDurationMs(reading, "/spec/interval", spec.interval ?? "5m"),
    source: place,
  };
}

function readEndpoint(
  reading: TargetReading,
  written: TargetSpec["endpoints"][number],
  index: number,
): TextOrEnv {
  const said = typeof written === "string" ? endpointMistake(written) : undefined;
  if (said !== undefined) refuse(reading, `/spec/endpoints/${index}`, said);
  return textOrEnvFrom(written);
}

function readCredentials(
  reading: TargetReading,
  pointer: string,
  { token, password }: TargetSpec["credentials"],
): Credentials {
  const { product } = reading;
  if (token !== undefined) {
    const id = readIdOrEnv(reading, `${pointer}/token/id`, token.id, product.parseTokenId);
    return { kind: "token", id, secret: ownReference(reading, `${pointer}/token/secret`, token.secret) };
  }
  if (password === undefined) throw new Bug("credentials with neither token nor password");
  const user = readIdOrEnv(reading, `${pointer}/password/user`, password.user, product.parseUserId);
  return {
    kind: "password",
    user,
    password: ownReference(reading, `${pointer}/password/password`, password.password),
  };
}

function readIdOrEnv(
  reading: TargetReading,
  pointer: string,
  written: string | { readonly env: string },
  parse: (text: string) => Parsed<string>,
): TextOrEnv {
  if (typeof written !== "string") return textOrEnvFrom(written);
  if (!written.includes("=")) readId(reading, pointer, written, parse);
  // What stands behind a token's id and `=` is its secret: not to be repeated.
  else
    refuse(reading, pointer, {
      code: "literal-secret",
      message: "this is more than an id",
      hint: "cut it before the =",
    });
  return { text: written };
}

/** A Target is trusted: its references have no bounds, and may be programs. */
function ownReference(reading: TargetReading, pointer: string, written: WrittenReference): SecretReference {
  const { folder } = reading.manifest;
  if (written.exec) {
    const { command, args = [], timeout, inheritEnv = [] } = written.exec;
    const timeoutMs = readDurationMs(reading, `${pointer}/exec/timeout`, timeout ?? "30s");
    return { source: "exec", command: commandFrom(folder, command), args, timeoutMs, inheritEnv };
  }
  const reference = secretReferenceFrom(written);
  if (reference.source === "env") return reference;
  return { source: "file", path: pathFrom(folder, reference.path) };
}

function tlsFrom({ fingerprint, caFile }: NonNullable<TargetSpec["tls"]>, folder: string): TlsSettings {
  return {
    ...(fingerprint !== undefined && { fingerprint: fingerprint.toUpperCase() }),
    ...(caFile !== undefined && { caFile: pathFrom(folder, caFile) }),
  };
}
