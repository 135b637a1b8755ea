import { join } from "node:path";
import { didYouMean, errorAt } from "../manifest/diagnostic.ts";
import type { DesiredToken, SecretDelivery } from "../model/desired.ts";
import type { TokenId } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { reportOutOfScope, warnOfAbsent, type Assembly } from "./assembly.ts";
import type { TokenDeclaration } from "./declaration.ts";

/** Tokens of absent owners are left out: the server deletes them with the owner. */
export function assembleTokens(assembly: Assembly): ReadonlyMap<TokenId, DesiredToken> {
  const tokens = sortedBy(assembly.objects.tokens, ([id]) => id).flatMap(([id, declaration]) => {
    const token = assembleToken(assembly, declaration);
    return token ? [[id, token] as const] : [];
  });
  return new Map(tokens);
}

function assembleToken(assembly: Assembly, declaration: TokenDeclaration): DesiredToken | undefined {
  const { token, sink } = declaration;
  if (!assembly.scope.tokens(token.id)) reportOutOfScope(assembly, declaration, "/metadata/name", token.id);
  if (token.ensure === "present" && assembly.absent.token(token.id)) {
    warnOfAbsent(assembly, declaration, "/metadata/name", `the owner of ${token.id}`);
    return undefined;
  }
  const delivery = sink && deliveryOf(assembly, declaration, sink);
  return delivery ? { ...token, delivery } : token;
}

function deliveryOf(
  { target, report }: Assembly,
  { manifest }: TokenDeclaration,
  sink: NonNullable<TokenDeclaration["sink"]>,
): SecretDelivery | undefined {
  const settings = target.sinks.get(sink.name);
  if (settings === undefined) {
    const message = `target ${target.name} has no sink ${quoted(sink.name)}`;
    const hint = didYouMean(nearest(sink.name, target.sinks.keys()));
    report(errorAt(manifest.locate("/spec/sinks/0/name"), { code: "unknown-sink", message, hint }));
    return undefined;
  }
  const file = join(settings.dir, sink.as.replaceAll("{target}", target.name));
  return { sink: sink.name, file, format: sink.format, key: sink.key };
}
