import type { Token } from "../model/access-state.ts";
import { sortedBy } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { isNameable, remarkUnnameable, sayExpiry, sayText } from "./sayable.ts";

export function exportTokens(input: ExportInput): Part {
  const { state, extent } = input;
  const owned = sortedBy(state.tokens.values(), ({ id }) => id).filter(({ id }) => extent.token(id));
  const named = owned.filter(({ id }) => isNameable(id));
  const unnameable = owned.filter(({ id }) => !isNameable(id)).map(({ id }) => id);
  return {
    documents: named.map((token) => documentOf(token, input)),
    remarks: [
      ...(named.length === 0 ? [] : remarkSecrets),
      ...remarkUnnameable("tokens", unnameable, "scope.tokens.exclude"),
    ],
  };
}

const remarkSecrets: readonly string[] = [
  "Secrets of tokens can't be read back, so none is here: those that are there go on working. A token that is to be made on",
  "another server, or to get a new secret, needs a place for it, by the name that the Target's sinks give it:",
  "  sinks: [{ name: ci, as: NAME.env, format: env }]",
];

function documentOf(token: Token, { targets }: ExportInput): ExportedDocument<"Token"> {
  const expire = sayExpiry(token.expire);
  const comment = sayText("comment", token.comment);
  return {
    kind: "Token",
    name: token.id,
    spec: {
      ...(targets && { targets: [...targets] }),
      privilegeSeparation: token.privilegeSeparation,
      ...expire.fields,
      ...comment.fields,
    },
    remarks: [...expire.remarks, ...comment.remarks],
  };
}
