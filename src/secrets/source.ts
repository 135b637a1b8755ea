import { Secret, wordReference, type ProgramReference, type SecretReference } from "../model/secret.ts";
import type { Logger } from "../support/logger.ts";
import { readSmallFile } from "./file-source.ts";
import { environmentFor, wordUnset } from "./program-environment.ts";
import { programProblem, runProgram } from "./program.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";

/** The variables of the process, handed in so that reading them is visible. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What sources and sinks need of the process around them. */
export interface SecretSurroundings {
  readonly environment: Environment;
  /** Whether programs that a Target names may be started. */
  readonly allowExec: boolean;
  readonly logger: Pick<Logger, "warn">;
}

/** No password, token or key comes near it; a log file named by mistake does. */
const maximumSecretBytes = 64 * 1024;

/** Reads the secret that a reference names. An empty one counts as missing: it would log in nobody. */
export async function resolveSecret(
  reference: SecretReference,
  surroundings: SecretSurroundings,
): Promise<Resolved<Secret>> {
  switch (reference.source) {
    case "env":
      return fromEnvironment(reference, surroundings.environment);
    case "file":
      return fromFile(reference, surroundings.logger);
    case "exec":
      return fromProgram(reference, surroundings);
  }
}

function fromEnvironment(
  reference: SecretReference & { readonly source: "env" },
  environment: Environment,
): Resolved<Secret> {
  // Own properties only: `env constructor` must not find what every object inherits.
  const text = Object.hasOwn(environment, reference.name) ? environment[reference.name] : undefined;
  if (text === undefined) return unresolved("secret-missing", `${wordReference(reference)} is not set`);
  if (text === "") return unresolved("secret-empty", `${wordReference(reference)} is empty`);
  return resolved(new Secret(text));
}

async function fromFile(
  reference: SecretReference & { readonly source: "file" },
  logger: SecretSurroundings["logger"],
): Promise<Resolved<Secret>> {
  const file = await readSmallFile(reference.path, maximumSecretBytes);
  if (!file.ok) return unresolved(`secret-${file.reason}`, `${wordReference(reference)} ${file.words}`);
  const text = withoutTrailingNewline(file.text);
  if (text === "") return unresolved("secret-empty", `${wordReference(reference)} is empty`);
  if ((file.mode & wideBits) !== 0) {
    const mode = file.mode.toString(8).padStart(4, "0");
    logger.warn(
      `${wordReference(reference)} holds a secret and has mode ${mode}, which lets others at it: 0640 or narrower is enough`,
    );
  }
  return resolved(new Secret(text));
}

/** What goes beyond 0640 and lets somebody else at the file. */
const wideBits = 0o027;

async function fromProgram(
  reference: ProgramReference,
  { environment, allowExec }: SecretSurroundings,
): Promise<Resolved<Secret>> {
  const name = wordReference(reference);
  if (!allowExec)
    return unresolved("exec-off", `${name} is a program, which is started only with --allow-exec`);
  const { command, args, timeoutMs, inheritEnv } = reference;
  const run = await runProgram({
    command,
    args,
    timeoutMs,
    environment: environmentFor(inheritEnv, environment),
    output: maximumSecretBytes,
  });
  const problem = programProblem(run);
  if (problem !== undefined)
    return unresolved("exec-failed", `${name} ${problem}${wordUnset(inheritEnv, environment)}`);
  const text = withoutTrailingNewline(run.output);
  return text === "" ? unresolved("secret-empty", `${name} printed nothing`) : resolved(new Secret(text));
}

/** Once only: editors add one newline; a second one was meant. */
function withoutTrailingNewline(text: string): string {
  return text.replace(/\r?\n$/u, "");
}
