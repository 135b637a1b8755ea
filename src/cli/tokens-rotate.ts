// `rolecall tokens rotate`: a new secret now, by the same way as apply.

import { Command } from "commander";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { TokenId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import { applyTargets, refuseWithoutTerminal } from "./applying.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { addApplyingOptions, addReportOptions } from "./options.ts";
import type { CommandContext } from "./process.ts";
import { declaredStates } from "./targets.ts";
import { nearest } from "../support/suggest.ts";
import type { ApplyingOptions } from "./supervise.ts";
import { exits } from "./tokens-words.ts";

export function rotateCommand(context: CommandContext): Command {
  return addApplyingOptions(addReportOptions(new Command("rotate")))
    .argument("<name...>", "tokens, as 'ci@pve!deploy' (in quotes: a shell takes the ! for its own)")
    .summary("give tokens a new secret now")
    .description(
      "Gives declared tokens a new secret, whenever it is due: plans, guards, asks, proves every sink, makes the secret, " +
        "delivers and confirms it. The old secret ends at once.",
    )
    .addHelpText(
      "after",
      `
Examples:
  rolecall tokens rotate 'ci@pve!deploy'
  rolecall tokens rotate --yes --target dc1 'ci@pve!deploy' 'backup@pve!cron' --audit-log audit.jsonl

${exits}`,
    )
    .action(async (names: readonly string[], options: ApplyingOptions) => {
      context.finish(await rotate(names, options, context));
    });
}

async function rotate(
  names: readonly string[],
  options: ApplyingOptions,
  context: CommandContext,
): Promise<ExitStatus> {
  refuseWithoutTerminal("tokens rotate", options, context.process);
  const { states, manifests } = await declaredStates(context.process, options);
  const asked = new Set(names.map((name) => declaredToken(name, states)));
  const concerned = states.filter((desired) => declaredOf(asked, desired).length > 0);
  const onlyFor = (desired: DesiredOverTime) =>
    declaredOf(asked, desired).map((name) => ({ kind: "Token" as const, name }));
  return await applyTargets(concerned, options, { manifests, asked, onlyFor }, context);
}

/** Without a manifest nobody knows where the secret should go. */
function declaredToken(text: string, states: readonly DesiredOverTime[]): TokenId {
  const declared = states.flatMap(({ tokens }) =>
    [...tokens.values()].filter(({ ensure }) => ensure === "present").map(({ id }) => id),
  );
  const id = declared.find((one) => one === text);
  if (id !== undefined) return id;
  const parsed = pve.parseTokenId(text);
  const near = nearest(text, declared);
  const [message, hint] = parsed.ok
    ? [
        `the token ${text} is not declared at ${states.map(({ target }) => target.name).join(", ")}, so nobody knows where its new secret should go`,
        "declare it, with the sinks of its secret",
      ]
    : [`${text} ${parsed.problem}`, "name a token in full, as 'ci@pve!deploy'"];
  throw new Failure(message, exitStatus.error, near === undefined ? hint : `did you mean ${near}?`);
}

function declaredOf(asked: ReadonlySet<TokenId>, { tokens }: DesiredOverTime): readonly TokenId[] {
  return [...asked].filter((id) => tokens.get(id)?.ensure === "present");
}
