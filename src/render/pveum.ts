import { ownerOf, tokenNameOf } from "../model/ids.ts";
import type { Operation, ParameterValue, RequestShape } from "../plan/plan.ts";
import { replaceUnprintable } from "../support/printable.ts";
import { visible } from "./escape.ts";

/** The line that does on a node what the request does over the API. Secrets stand there as where they are read from. */
export function pveumLine(operation: Operation, request: RequestShape): string {
  const { command, positionals } = commandFor(operation);
  const options = Object.entries(request.parameters).filter(
    ([name, value]) => isOption(operation, name, value) && !isPlaced(name, value, positionals),
  );
  return pveumCommand(command, positionals, options);
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
  readonly command: string;
  readonly positionals: readonly string[];
}

/** `user token remove` is understood by every release; `delete` came later. */
function commandFor(operation: Operation): Command {
  switch (operation.kind) {
    case "create-user":
      return { command: "user add", positionals: [operation.user.id] };
    case "update-user":
      return { command: "user modify", positionals: [operation.id] };
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
  }
}

function tokenCommand(verb: string, id: Parameters<typeof ownerOf>[0]): Command {
  return { command: `user token ${verb}`, positionals: [ownerOf(id), tokenNameOf(id)] };
}

/** Parameters that the command says otherwise: by its name or in its place. */
const idParameters = new Set(["userid", "groupid", "roleid", "path", "tokenid", "poolid"]);

/** `acl delete` has the word in its name; of a pool it is one of the options. */
function isOption({ kind }: Operation, name: string, value: ParameterValue): boolean {
  return kind === "update-pool" || !(name === "delete" && value === "1");
}

function isPlaced(name: string, value: ParameterValue, positionals: readonly string[]): boolean {
  return idParameters.has(name) && typeof value === "string" && positionals.includes(value);
}

function wordParameter(value: ParameterValue): string {
  if (typeof value === "string") return shellQuote(value);
  if ("secondsAhead" in value) return `"$(($(date +%s) + ${value.secondsAhead}))"`;
  return wordSecret(value.secret);
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
