import { Command, Option } from "commander";
import { explain } from "../access/explain.ts";
import { explainAt, explainEverywhere, explainPlaces } from "../access/everywhere.ts";
import { whoCan } from "../access/who-can.ts";
import { authKey } from "../model/ids.ts";
import { renderSubject, renderSubjectJson, renderWhoCan, renderWhoCanJson } from "../render/questions.ts";
import { reportCommand } from "./access-report.ts";
import { addSourceOptions, openSource, type SourceOptions } from "./access-source.ts";
import { logInNow, pathFrom, privilegeFrom, subjectFrom } from "./access-words.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import type { CommandContext } from "./process.ts";
import { paletteFor } from "./terminal.ts";

interface QuestionOptions extends SourceOptions {
  readonly output: "text" | "json";
}

const exits = "Exit status: 0 answered, 1 wrong input or an unreachable server.";

export function accessCommand(context: CommandContext): Command {
  return new Command("access")
    .description("Answers who may do what where, and why: of a server, or of a copy of its user.cfg.")
    .addCommand(ofCommand(context))
    .addCommand(whoCanCommand(context))
    .addCommand(reportCommand(context))
    .addHelpText(
      "after",
      `
Examples:
  rolecall access of joe@pve
  rolecall access who-can VM.PowerMgmt --on /vms/100
  rolecall access report --from user.cfg -o csv

${exits}`,
    );
}

function ofCommand(context: CommandContext): Command {
  return addSourceOptions(new Command("of"))
    .argument("<subject>", "joe@pve, ci@pve!deploy; also as user:joe@pve, token:ci@pve!deploy")
    .summary("what a user or token may do, and why")
    .description(
      "Says what a user or token may do, on one path or everywhere, and why: which entries, by which group or pool, " +
        "what a token and its owner do not both have, and what does not count.",
    )
    .option("--on <path>", "this path alone")
    .addOption(questionOutput())
    .addHelpText(
      "after",
      `
Examples:
  rolecall access of joe@pve                                  # of the one target in manifests/
  rolecall access of token:ci@pve!deploy --on /vms/100
  rolecall access of joe@pve --from user.cfg -o json
  ssh root@pve1 cat /etc/pve/user.cfg | rolecall access of joe@pve --from -

As text, a path stands for all below it until another one is named.
${exits}`,
    )
    .action(async (subject: string, options: QuestionOptions & { readonly on?: string }) => {
      context.finish(await answerOf(subject, options, context));
    });
}

async function answerOf(
  text: string,
  options: QuestionOptions & { readonly on?: string },
  context: CommandContext,
): Promise<ExitStatus> {
  const { process } = context;
  const source = await openSource(options, context);
  const { index } = source;
  const id = subjectFrom(text, source);
  const path = options.on === undefined ? undefined : pathFrom(options.on, source, process);
  const head = { subject: authKey(id), logIn: logInNow(source, id) };
  if (options.output === "json") {
    const explained = path === undefined ? explainPlaces(index, id) : [explain(index, id, path)];
    process.stdout.write(renderSubjectJson(head, explained));
  } else {
    const statements = path === undefined ? explainEverywhere(index, id) : explainAt(index, id, path);
    const answer = { ...head, statements, all: index.superuserPrivileges };
    process.stdout.write(renderSubject(answer, paletteFor(process, options.color)));
  }
  return exitStatus.ok;
}

function whoCanCommand(context: CommandContext): Command {
  return addSourceOptions(new Command("who-can"))
    .argument("<privilege>", "as VM.PowerMgmt")
    .summary("who can use a privilege on a path, and why")
    .description(
      "Says which users and tokens can use a privilege on a path, and why. Who cannot log in can use nothing.",
    )
    .requiredOption("--on <path>", "the path, as /vms/100")
    .addOption(questionOutput())
    .addHelpText(
      "after",
      `
Examples:
  rolecall access who-can Permissions.Modify --on /
  rolecall access who-can VM.PowerMgmt --on /vms/100 --from user.cfg --server-version 8.4.1

${exits}`,
    )
    .action(async (privilege: string, options: QuestionOptions & { readonly on: string }) => {
      context.finish(await answerWhoCan(privilege, options, context));
    });
}

async function answerWhoCan(
  text: string,
  options: QuestionOptions & { readonly on: string },
  context: CommandContext,
): Promise<ExitStatus> {
  const { process } = context;
  const source = await openSource(options, context);
  const privilege = privilegeFrom(text, source);
  const path = pathFrom(options.on, source, process);
  const holdings = whoCan(source.index, privilege, path, source.nowSeconds);
  const answer = { privilege, path, holdings };
  process.stdout.write(
    options.output === "json"
      ? renderWhoCanJson(answer)
      : renderWhoCan(answer, paletteFor(process, options.color)),
  );
  return exitStatus.ok;
}

function questionOutput(): Option {
  return new Option("-o, --output <format>", "what to print").choices(["text", "json"]).default("text");
}
