import type { DesiredToken } from "../model/desired.ts";
import type { TokenId } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { assembleDeliveries } from "./assemble-sinks.ts";
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
  const { token, sinks } = declaration;
  if (!assembly.scope.tokens(token.id)) reportOutOfScope(assembly, declaration, "/metadata/name", token.id);
  if (token.ensure === "present" && assembly.absent.token(token.id)) {
    warnOfAbsent(assembly, declaration, "/metadata/name", `the owner of ${token.id}`);
    return undefined;
  }
  const owner = { manifest: declaration.manifest, id: token.id, key: "PROXMOX_API_TOKEN" };
  return { ...token, deliveries: assembleDeliveries(assembly, owner, sinks) };
}
