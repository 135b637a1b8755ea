import { ownerIdOf, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import type { ExecSinkSettings } from "../model/target.ts";
import { deliveryText, isVariableName } from "./delivery-text.ts";
import { isStartable, programProblem, runProgram } from "./program.ts";
import { resolved, unresolved } from "./resolved.ts";
import type { Sink, SinkSurroundings } from "./sink.ts";

/** A program that reads the secret from its standard input, and says by its exit status whether it has it. */
export const execSink: Sink<ExecSinkSettings> = {
  prove: async (sink, delivery, _owner, { allowExec, environment }) => {
    if (!allowExec) {
      const message = `sink ${sink.name} is a program (${sink.command}), which is started only with --allow-exec`;
      return unresolved("exec-off", message);
    }
    if (delivery.format === "env" && !isVariableName(delivery.key)) {
      const message = `sink ${sink.name}: ${JSON.stringify(delivery.key)} can't name a variable`;
      return unresolved("sink-key-invalid", message);
    }
    if (await isStartable(sink.command, environment)) return resolved(wordsOf(sink));
    const message = `sink ${sink.name}: there is no program ${sink.command} that can be started: install it, or name it by its path`;
    return unresolved("sink-unwritable", message);
  },
  deliver: async (sink, delivery, issued, surroundings) => {
    if (!surroundings.allowExec) return execSink.prove(sink, delivery, issued, surroundings);
    const run = await runProgram({
      command: sink.command,
      args: sink.args.map((argument) => filled(argument, delivery, issued, surroundings)),
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

/** Other braces stay as they are: they are the program's own. */
function filled(
  argument: string,
  { as }: SecretDelivery,
  owner: SecretOwner,
  { target }: SinkSurroundings,
): string {
  const values: Readonly<Record<string, string>> = { target, as, id: ownerIdOf(owner) };
  return argument.replaceAll(/\{(target|as|id)\}/gu, (whole, name: string) => values[name] ?? whole);
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
