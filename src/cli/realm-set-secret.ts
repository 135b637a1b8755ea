// `rolecall realm set-secret`: what can't be read back is set again, by the same way as apply.

import { Command } from "commander";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { RealmId } from "../model/ids.ts";
import { applyTargets, refuseWithoutTerminal } from "./applying.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { addApplyingOptions, addReportOptions } from "./options.ts";
import type { CommandContext } from "./process.ts";
import { exits, realmFrom } from "./realm-words.ts";
import type { ApplyingOptions } from "./supervise.ts";
import { declaredStates } from "./targets.ts";

type SetSecretOptions = ApplyingOptions & { readonly all?: true };

export function setSecretCommand(context: CommandContext): Command {
  return addApplyingOptions(addReportOptions(new Command("set-secret")))
    .argument("[realm...]", "declared realms, as corp")
    .option("--all", "all realms with declared secrets")
    .summary("set the declared secrets of realms again")
    .description(
      "Sends the declared secrets of realms (the bind password of ldap and ad, the client key of openid, the key of a second " +
        "factor of Yubico's) to the server. The server never shows them, so Rolecall sends them when it makes the realm, " +
        "when the option changes that they belong to, and when this command asks: after a secret has changed at its source, " +
        "or was declared of a realm that is there.",
    )
    .addHelpText(
      "after",
      `
Examples:
  rolecall realm set-secret --target dc1 corp
  rolecall realm set-secret --yes corp partners --audit-log audit.jsonl
  rolecall realm set-secret --target dc1 --all

${exits}`,
    )
    .action(async (names: readonly string[], options: SetSecretOptions) => {
      context.finish(await setSecret(names, options, context));
    });
}

async function setSecret(
  names: readonly string[],
  options: SetSecretOptions,
  context: CommandContext,
): Promise<ExitStatus> {
  refuseWithoutTerminal("realm set-secret", options, context.process);
  const named = names.map(realmFrom);
  refuseMix(named, options);
  const { states, manifests } = await declaredStates(context.process, options);
  const askedRealms = new Set(options.all ? realmsWithSecrets(states) : named);
  if (askedRealms.size === 0) throw nothingToSet(options, realmsWithSecrets(states));
  for (const id of askedRealms) refuseUndeclared(id, states);
  const concerned = states.filter((desired) => declaredOf(askedRealms, desired).length > 0);
  const onlyFor = (desired: DesiredOverTime) =>
    declaredOf(askedRealms, desired).map((name) => ({ kind: "Realm" as const, name }));
  return await applyTargets(concerned, options, { manifests, askedRealms, onlyFor }, context);
}

function refuseMix(named: readonly RealmId[], { all }: SetSecretOptions): void {
  if (!all || named.length === 0) return;
  throw new Failure(
    `--all and ${named.join(", ")} were both given`,
    exitStatus.error,
    "leave one of them out",
  );
}

function realmsWithSecrets(states: readonly DesiredOverTime[]): readonly RealmId[] {
  const ids = states.flatMap(({ realms }) => [...realms.keys()].filter((id) => hasSecret(id, realms)));
  return [...new Set(ids)].sort();
}

function nothingToSet({ all }: SetSecretOptions, declared: readonly RealmId[]): Failure {
  if (all || declared.length === 0)
    return new Failure(
      "no manifest of these targets declares a secret of a realm, so there is nothing to set",
      exitStatus.error,
      "declare it: spec.secrets of a Realm",
    );
  const hint = `name some, or all with --all; declared are ${declared.join(", ")}`;
  return new Failure("no realm was named", exitStatus.error, hint);
}

function declaredOf(asked: ReadonlySet<RealmId>, { realms }: DesiredOverTime): readonly RealmId[] {
  return [...asked].filter((id) => hasSecret(id, realms));
}

function hasSecret(id: RealmId, realms: DesiredOverTime["realms"]): boolean {
  const realm = realms.get(id);
  return realm?.ensure === "present" && realm.secrets.size > 0;
}

/** Without a manifest nobody knows where the secret is read from. */
function refuseUndeclared(id: RealmId, states: readonly DesiredOverTime[]): void {
  if (states.some(({ realms }) => hasSecret(id, realms))) return;
  throw new Failure(
    `no manifest of these targets declares a secret of the realm ${id}, so there is nothing to set`,
    exitStatus.error,
    "declare it: spec.secrets of a Realm",
  );
}
