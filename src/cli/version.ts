import manifest from "../../package.json" with { type: "json" };

/** Of the package that this was built from. */
export function version(): string {
  return manifest.version;
}
