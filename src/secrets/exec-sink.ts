import { ownerIdOf, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import type { ExecSinkSettings } from "../model/target.ts";
import { deliveryText, isVariableName } from "./delivery-text.ts";
import { environmentFor, wordUnset } from "./program-environment.ts";
import { isStartable, programProblem, runProgram } from "./program.ts";
import { resolved, unresolved } from "./resolved.ts";
import type { Sink, SinkSurroundings } from "./sink.ts";

/** A program that reads the secret from its standard input, and says by its exit status whether it has it. */
export const execSink: Sink<ExecSinkSettings> = {
  prove: async (sink, delivery, _, surroundings) => {
    if (!surroundings.allowExec) {
      const message = `sink ${sink.name} is a program (${sink.command}), which is started only with --allow-exec`;
      return unresolved("exec-off", message);
    }
    if (delivery.format === "env" && !isVariableName(delivery.key)) {
      const message = `sink ${sink.name}: ${JSON.stringify(delivery.key)} can't name a variable`;
      return unresolved("sink-key-invalid", message);
    }
    if (await isStartable(sink.command, surroundings.environment)) return resolved(wordsOf(sink));
    const message = `sink ${sink.name}: there is no program ${sink.command} that can be started: install it, or name it by its path`;
    return unresolved("sink-unwritable", message);
  },
  deliver: async (sink, delivery, issued, surroundings) => {
    if (!surroundings.allowExec) return execSink.prove(sink, delivery, issued, surroundings);
    const { command, args, timeoutMs, inheritEnv } = sink;
    const inherited = environmentFor(inheritEnv, surroundings.environment);
    const run = await runProgram({
      command,
      args,
      timeoutMs,
      environment: { ...inherited, ...variablesFor(delivery, issued, surroundings) },
      input: deliveryText(delivery, issued),
    });
    const problem = programProblem(run);
    if (problem === undefined) return resolved(wordsOf(sink));
    const unset = wordUnset(inheritEnv, surroundings.environment);
    return unresolved("exec-failed", `sink ${sink.name}: ${command} ${problem}${unset}`);
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
