import type { Token } from "../model/access-state.ts";
import { sortedBy } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { nameable, sayExpiry, sayText } from "./sayable.ts";

export function exportTokens({ state, extent }: ExportInput): Part {
  const owned = sortedBy(state.tokens.values(), ({ id }) => id).filter(({ id }) => extent.token(id));
  const { named, remarks } = nameable("tokens", owned);
  return {
    documents: named.map(documentOf),
    remarks: [...(named.length === 0 ? [] : remarkSecrets), ...remarks],
  };
}

const remarkSecrets: readonly string[] = [
  "Secrets of tokens can't be read back, so none is here: those that are there go on working. A token that is to be made on",
  "another server, or to get a new secret, needs a place for it, by the name that the Target's sinks give it:",
  "  sinks: [{ name: ci, as: NAME.env, format: env }]",
];

function documentOf(token: Token): ExportedDocument<"Token"> {
  const expire = sayExpiry(token.expire);
  const comment = sayText("comment", token.comment);
  return {
    kind: "Token",
    name: token.id,
    spec: {
      privilegeSeparation: token.privilegeSeparation,
      ...expire.fields,
      ...comment.fields,
    },
    remarks: [...expire.remarks, ...comment.remarks],
  };
}
