import type { DiagnosticCode } from "./diagnostic.ts";
import type { Range } from "./tree.ts";

/** What is wrong with a text as YAML, and where. */
export interface YamlMistake extends Range {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
}

/** By the parser's code and in our words: the parser's own may quote the text, and the text may be a secret. */
export function syntaxMistake(parserCode: string, { start, end }: Range): YamlMistake {
  if (parserCode === "TAG_RESOLVE_FAILED" || parserCode === "BAD_COLLECTION_TYPE") {
    return {
      code: "unsupported-yaml",
      message: "this tag is not supported",
      hint: "leave the tag out",
      start,
      end,
    };
  }
  return { code: "yaml-syntax", message: syntaxWords.get(parserCode) ?? "this is not YAML", start, end };
}

const syntaxWords: ReadonlyMap<string, string> = new Map([
  ["ALIAS_PROPS", "an alias cannot have an anchor or a tag"],
  ["BAD_ALIAS", "this cannot be the name of an anchor or an alias"],
  ["BAD_DIRECTIVE", "this directive is not known"],
  ["BAD_DQ_ESCAPE", "this escape is not known in double quotes"],
  ["BAD_INDENT", "the indentation does not fit what is around it"],
  ["BAD_SCALAR_START", "a plain text cannot begin with this character: put it in quotes"],
  ["BLOCK_AS_IMPLICIT_KEY", "a mapping cannot begin here: is a quote or a line break missing?"],
  ["BLOCK_IN_FLOW", "a block cannot stand inside of brackets or braces"],
  ["KEY_OVER_1024_CHARS", "this key is longer than 1024 characters"],
  ["MISSING_CHAR", "something is missing here: a colon, a comma, a blank, a bracket or a quote"],
  ["MULTILINE_IMPLICIT_KEY", "a key must stand on one line: is a colon missing?"],
  ["MULTIPLE_ANCHORS", "a value can have one anchor only"],
  ["MULTIPLE_TAGS", "a value can have one tag only"],
  ["TAB_AS_INDENT", "a tab cannot indent: use blanks"],
  ["UNEXPECTED_TOKEN", "this was not expected here"],
]);
