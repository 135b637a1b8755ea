import { readFileSync } from "node:fs";

/** Of the package that this file lies in, wherever it is installed. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  // Proof: our own file, whose version npm requires.
  return (JSON.parse(text) as { readonly version: string }).version;
}
