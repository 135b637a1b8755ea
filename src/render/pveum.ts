import { ownerOf, tokenNameOf } from "../model/ids.ts";
import type { Operation, ParameterValue, RequestShape } from "../plan/plan.ts";
import { replaceUnprintable } from "../support/printable.ts";
import { visible } from "./escape.ts";

/** The line that does on a node what the request does over the API. Secrets stand there as where they are read from. */
export function pveumLine(operation: Operation, request: RequestShape): string {
  const { program, command, positionals, asksForTheRest } = commandFor(operation);
  const options = Object.entries(asksForTheRest ? {} : request.parameters).filter(
    ([name, value]) => isOption(operation, name, value) && !isPlaced(name, value, positionals),
  );
  const line = pveumCommand(command, positionals, options);
  return program === undefined ? line : line.replace(/^pveum/u, program);
}

/** One line for a shell, whatever is in the words. */
export function pveumCommand(
  command: string,
  positionals: readonly string[],
  parameters: readonly (readonly [name: string, value: ParameterValue])[] = [],
): string {
  const options = parameters.map(([name, value]) => `--${name} ${wordParameter(value)}`);
  // Ids may begin with a dash; everything behind a lone `--` is no option.
  const guard = positionals.some((text) => text.startsWith("-")) ? ["--"] : [];
  const words = positionals.map(shellQuote);
  return guard.length === 0
    ? ["pveum", command, ...words, ...options].join(" ")
    : ["pveum", command, ...options, ...guard, ...words].join(" ");
}

interface Command {
  /** Where `pveum` has no such command. */
  readonly program?: "pvesh";
  readonly command: string;
  readonly positionals: readonly string[];
  readonly asksForTheRest?: true;
}

/** `user token remove` is understood by every release; `delete` came later. */
function commandFor(operation: Operation): Command {
  switch (operation.kind) {
    case "create-user":
      return { command: "user add", positionals: [operation.user.id] };
    case "update-user":
      return { command: "user modify", positionals: [operation.id] };
    case "set-password":
      // It asks for the password itself.
      return { command: "passwd", positionals: [operation.id], asksForTheRest: true };
    case "delete-user":
      return { command: "user delete", positionals: [operation.id] };
    case "create-group":
      return { command: "group add", positionals: [operation.group.id] };
    case "update-group":
      return { command: "group modify", positionals: [operation.id] };
    case "delete-group":
      return { command: "group delete", positionals: [operation.id] };
    case "create-role":
      return { command: "role add", positionals: [operation.role.id] };
    case "update-role":
      return { command: "role modify", positionals: [operation.role.id] };
    case "delete-role":
      return { command: "role delete", positionals: [operation.id] };
    case "grant":
      return { command: "acl modify", positionals: [operation.path] };
    case "revoke":
      return { command: "acl delete", positionals: [operation.path] };
    case "create-token":
      return tokenCommand("add", operation.token.id);
    case "reissue-token":
    case "update-token":
      return tokenCommand("modify", operation.id);
    case "delete-token":
      return tokenCommand("remove", operation.id);
    case "create-pool":
      return { command: "pool add", positionals: [operation.pool.id] };
    case "update-pool":
      return { command: "pool modify", positionals: [operation.id] };
    case "delete-pool":
      return { command: "pool delete", positionals: [operation.id] };
    case "create-realm":
      return { command: "realm add", positionals: [operation.realm.id] };
    case "update-realm":
      return { command: "realm modify", positionals: [operation.id] };
    case "delete-realm":
      return { command: "realm delete", positionals: [operation.id] };
    case "create-sync-job":
      return jobCommand("create", operation.job.id);
    case "update-sync-job":
      return jobCommand("set", operation.job.id);
    case "delete-sync-job":
      return jobCommand("delete", operation.id);
  }
}

function tokenCommand(verb: string, id: Parameters<typeof ownerOf>[0]): Command {
  return { command: `user token ${verb}`, positionals: [ownerOf(id), tokenNameOf(id)] };
}

function jobCommand(command: string, id: string): Command {
  return { program: "pvesh", command, positionals: [`/cluster/jobs/realm-sync/${id}`] };
}

/** Parameters that the command says otherwise: by its name or in its place. */
const idParameters = new Set(["userid", "groupid", "roleid", "path", "tokenid", "poolid", "realm"]);

/** `acl delete` has the word in its name; of a pool it is one of the options. */
function isOption({ kind }: Operation, name: string, value: ParameterValue): boolean {
  // The digest is of the moment, and guards against others: nobody else is at work in this shell.
  if (typeof value === "object" && "digestOf" in value) return false;
  return kind === "update-pool" || !(name === "delete" && value === "1");
}

function isPlaced(name: string, value: ParameterValue, positionals: readonly string[]): boolean {
  return idParameters.has(name) && typeof value === "string" && positionals.includes(value);
}

function wordParameter(value: ParameterValue): string {
  if (typeof value === "string") return shellQuote(value);
  if ("secret" in value) return wordSecret(value.secret);
  // A shell joins words that nothing stands between.
  if ("endsInSecret" in value) return shellQuote(value.startsWith) + wordSecret(value.endsInSecret);
  if ("digestOf" in value) return shellQuote(`<digest of ${value.digestOf}>`);
  const { secondsAhead, before } = value;
  if (before === undefined) return `"$(($(date +%s) + ${secondsAhead}))"`;
  return `"$((at = $(date +%s) + ${secondsAhead}, at < ${before} ? at : ${before - 1}))"`;
}

/** `env NAME` is the shell's own `"$NAME"`, `file PATH` what `cat` reads. */
function wordSecret(reference: string): string {
  const variable = /^env ([A-Za-z_][A-Za-z0-9_]*)$/u.exec(reference)?.[1];
  if (variable !== undefined) return `"$${variable}"`;
  const file = /^file (.+)$/su.exec(reference)?.[1];
  return file === undefined ? shellQuote(`<${reference}>`) : `"$(cat -- ${shellQuote(file)})"`;
}

/**
 * One word of a shell: plain, between single quotes where something is special, and as bash's $'…' where a terminal
 * would obey a character or hide it.
 */
function shellQuote(text: string): string {
  if (/^[A-Za-z0-9@%+=:,./_-]+$/u.test(text)) return text;
  if (visible(text) === text) return `'${text.replace(/'/gu, "'\\''")}'`;
  return `$'${replaceUnprintable(text.replace(/[\\']/gu, "\\$&"), bashEscape)}'`;
}

/** `\xHH` is a byte to bash, so it stands for ASCII only. */
function bashEscape(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return codePoint <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
