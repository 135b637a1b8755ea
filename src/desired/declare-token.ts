import type { ManifestOf } from "../manifest/manifest.ts";
import type { TokenDeclaration } from "./declaration.ts";
import { readSinks } from "./declared-sinks.ts";
import { ensureOf, readExpiry, readId, readText, refuseUnmanagedFields, type Reading } from "./reading.ts";

type TokenSpec = NonNullable<ManifestOf<"Token">["document"]["spec"]>;

export function declareToken(reading: Reading<ManifestOf<"Token">>): TokenDeclaration | undefined {
  const { manifest, product } = reading;
  const spec: TokenSpec = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parseTokenId);
  const unmanaged: readonly string[] = spec.unmanaged ?? [];
  refuseUnmanagedFields(reading, unmanaged, spec);
  const token = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(!unmanaged.includes("privilegeSeparation") && {
      privilegeSeparation: spec.privilegeSeparation ?? true,
    }),
    ...(!unmanaged.includes("expire") && {
      expire: readExpiry(reading, "/spec/expire", spec.expire ?? "never"),
    }),
    ...(spec.comment !== undefined && { comment: readText(reading, "/spec/comment", spec.comment) }),
  };
  const sinks = readSinks(reading, "/spec/sinks", spec.sinks);
  return id && { kind: "Token", manifest, token: { id, ...token }, sinks };
}
