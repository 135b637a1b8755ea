import type { ManifestOf } from "../manifest/manifest.ts";
import type { TokenDeclaration } from "./declaration.ts";
import { readSinks } from "./declared-sinks.ts";
import { readEnd } from "./read-lifetime.ts";
import { ensureOf, readId, readText, refuse, refuseUnmanagedFields, type Reading } from "./reading.ts";

type TokenSpec = NonNullable<ManifestOf<"Token">["document"]["spec"]>;

export function declareToken(reading: Reading<ManifestOf<"Token">>): TokenDeclaration | undefined {
  const { manifest, product } = reading;
  const spec: TokenSpec = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parseTokenId);
  const unmanaged: readonly string[] = spec.unmanaged ?? [];
  refuseUnmanagedFields(reading, unmanaged, spec);
  const end = readEnd(reading, spec);
  const token = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(!unmanaged.includes("privilegeSeparation") && {
      privilegeSeparation: spec.privilegeSeparation ?? true,
    }),
    ...(end !== undefined && { expire: end }),
    ...(spec.rotation !== undefined && { rotation: spec.rotation }),
    ...(spec.repair !== undefined && { repair: readRepair(reading, spec) }),
    ...(spec.comment !== undefined && { comment: readText(reading, "/spec/comment", spec.comment) }),
  };
  const sinks = readSinks(reading, "/spec/sinks", spec.sinks);
  return id && { kind: "Token", manifest, token: { id, ...token }, sinks };
}

function readRepair(reading: Reading<ManifestOf<"Token">>, { sinks = [] }: TokenSpec): "reissue" {
  if (sinks.length === 0) {
    const message = "repair looks at the sinks of the token, and its manifest names none";
    refuse(reading, "/spec/repair", { code: "missing-field", message, hint: "add sinks" });
  }
  return "reissue";
}
