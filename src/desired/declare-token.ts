import { isAbsolute } from "node:path";
import type { ManifestOf } from "../manifest/manifest.ts";
import { quoted } from "../support/printable.ts";
import type { DeclaredSink, TokenDeclaration } from "./declaration.ts";
import {
  ensureOf,
  readExpiry,
  readId,
  readText,
  refuse,
  refuseUnmanagedFields,
  type Reading,
} from "./reading.ts";

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
  const sink = readSink(reading, spec.sinks?.[0]);
  return id && { kind: "Token", manifest, token: { id, ...token }, ...(sink && { sink }) };
}

function readSink(
  reading: Reading,
  sink: NonNullable<TokenSpec["sinks"]>[number] | undefined,
): DeclaredSink | undefined {
  if (sink === undefined) return undefined;
  const problem = sinkFileProblem(sink.as);
  if (problem !== undefined) {
    const message = `${quoted(sink.as)} ${problem}`;
    refuse(reading, "/spec/sinks/0/as", { code: "sink-out-of-bounds", message });
  }
  return { name: sink.name, as: sink.as, format: sink.format ?? "env", key: sink.key ?? "PROXMOX_API_TOKEN" };
}

/** Only a plain way down: what a pull request names must not reach a file beside the sink's folder. */
function sinkFileProblem(as: string): string | undefined {
  const segments = as.split("/");
  if (isAbsolute(as) || segments.includes("..")) return "leads out of the sink's folder";
  if (segments.some((segment) => segment === "" || segment === ".")) return "is not a plain path to a file";
  if (/[\p{Cc}\\]/u.test(as)) return "holds characters that a file's name should not have";
  return /[{}]/u.test(as.replaceAll("{target}", "")) ? "holds braces other than {target}" : undefined;
}
