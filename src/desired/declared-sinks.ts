import { isAbsolute } from "node:path";
import type { SecretFormat } from "../model/delivery.ts";
import { quoted } from "../support/printable.ts";
import { refuse, type Reading } from "./reading.ts";

/** A sink as a manifest names it, before a target says of which kind it is. */
export interface DeclaredSink {
  readonly name: string;
  /** Below the sink's place; may hold `{target}`. */
  readonly as?: string;
  readonly format?: SecretFormat;
  readonly key?: string;
  /** Of this one in the manifest. */
  readonly pointer: string;
}

interface WrittenSink {
  readonly name: string;
  readonly as?: string;
  readonly format?: SecretFormat;
  readonly key?: string;
}

/** The sinks that a list in a manifest names. */
export function readSinks(
  reading: Reading,
  pointer: string,
  written: readonly WrittenSink[] | undefined,
): readonly DeclaredSink[] {
  return (written ?? []).map((sink, index) => {
    const own = `${pointer}/${index}`;
    const problem = sink.as === undefined ? undefined : placeProblem(sink.as);
    if (problem !== undefined) {
      const message = `${quoted(sink.as ?? "")} ${problem}`;
      refuse(reading, `${own}/as`, { code: "sink-out-of-bounds", message });
    }
    return { ...sink, pointer: own };
  });
}

/** Only a plain way down: what a pull request names must not reach a file beside the sink's folder. */
function placeProblem(as: string): string | undefined {
  const segments = as.split("/");
  if (isAbsolute(as) || segments.includes("..")) return "leads out of the sink's folder";
  if (segments.some((segment) => segment === "" || segment === ".")) return "is not a plain path to a file";
  if (/[\p{Cc}\\]/u.test(as)) return "holds characters that a file's name should not have";
  return /[{}]/u.test(as.replaceAll("{target}", "")) ? "holds braces other than {target}" : undefined;
}
