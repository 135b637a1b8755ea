import { ownerIdOf, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import type { ExecSinkSettings } from "../model/target.ts";
import { deliveryText, isVariableName } from "./delivery-text.ts";
import { isStartable, programProblem, runProgram } from "./program.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";
import type { Sink, SinkSurroundings } from "./sink.ts";

/** A program that reads the secret from its standard input, and says by its exit status whether it has it. */
export const execSink: Sink<ExecSinkSettings> = {
  prove: async (sink, delivery, owner, surroundings) => {
    if (!surroundings.allowExec) {
      const message = `sink ${sink.name} is a program (${sink.command}), which is started only with --allow-exec`;
      return unresolved("exec-off", message);
    }
    if (delivery.format === "env" && !isVariableName(delivery.key)) {
      const message = `sink ${sink.name}: ${JSON.stringify(delivery.key)} can't name a variable`;
      return unresolved("sink-key-invalid", message);
    }
    const filled = argumentsFor(sink, delivery, owner, surroundings);
    if (!filled.ok) return filled;
    if (await isStartable(sink.command, surroundings.environment)) return resolved(wordsOf(sink));
    const message = `sink ${sink.name}: there is no program ${sink.command} that can be started: install it, or name it by its path`;
    return unresolved("sink-unwritable", message);
  },
  deliver: async (sink, delivery, issued, surroundings) => {
    if (!surroundings.allowExec) return execSink.prove(sink, delivery, issued, surroundings);
    const filled = argumentsFor(sink, delivery, issued, surroundings);
    if (!filled.ok) return filled;
    const run = await runProgram({
      command: sink.command,
      args: filled.value,
      timeoutMs: sink.timeoutMs,
      environment: { ...surroundings.environment, ...variablesFor(delivery, issued, surroundings) },
      input: deliveryText(delivery, issued),
    });
    const problem = programProblem(run);
    if (problem === undefined) return resolved(wordsOf(sink));
    return unresolved("exec-failed", `sink ${sink.name}: ${sink.command} ${problem}`);
  },
  readBack: ({ name }) =>
    Promise.resolve({
      kind: "unknown",
      message: `sink ${name} is a program: it takes secrets and gives none back`,
    }),
};

function wordsOf({ name, command }: ExecSinkSettings): string {
  return `${command} (sink ${name})`;
}

/**
 * The arguments with what the placeholders stand for. What a manifest names must not become an option of the program.
 * Other braces stay as they are: they are the program's own.
 */
function argumentsFor(
  { name, args }: ExecSinkSettings,
  { as }: SecretDelivery,
  owner: SecretOwner,
  { target }: SinkSurroundings,
): Resolved<readonly string[]> {
  const values: Readonly<Record<string, string>> = { target, as, id: ownerIdOf(owner) };
  const filled = args.map((argument) =>
    argument.replaceAll(/\{(target|as|id)\}/gu, (whole, placeholder: string) => values[placeholder] ?? whole),
  );
  const slip = filled.find(
    (argument, index) => argument.startsWith("-") && args[index]?.startsWith("-") === false,
  );
  if (slip === undefined) return resolved(filled);
  const message = `sink ${name} would hand its program ${JSON.stringify(slip)}, which looks like an option: name it without a - in front`;
  return unresolved("sink-unwritable", message);
}

/** Whose secret comes, for a program that serves many; never the secret: others can read a program's environment. */
function variablesFor(
  { as, format }: SecretDelivery,
  owner: SecretOwner,
  { target }: SinkSurroundings,
): Readonly<Record<string, string>> {
  return {
    ROLECALL_TARGET: target,
    ROLECALL_KIND: owner.kind,
    ROLECALL_ID: ownerIdOf(owner),
    ROLECALL_AS: as,
    ROLECALL_FORMAT: format,
  };
}
