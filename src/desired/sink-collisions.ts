import { errorAt, wordPlace, type Diagnostic } from "../manifest/diagnostic.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { DesiredToken } from "../model/desired.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { TokenId } from "../model/ids.ts";
import { quoted } from "../support/printable.ts";

interface Delivered {
  readonly token: DesiredToken;
  readonly target: string;
}

/** Finds the manifest of a token of a target. */
export type TokenManifest = (target: string, id: TokenId) => ManifestOf<"Token"> | undefined;

/** Two secrets in one file are one secret lost: of two tokens, or of one on two targets. */
export function sinkCollisions(states: readonly DesiredOverTime[], manifestOf: TokenManifest): Diagnostic[] {
  const firsts = new Map<string, Delivered>();
  const diagnostics: Diagnostic[] = [];
  for (const { target, tokens } of states) {
    for (const token of tokens.values()) {
      if (token.delivery === undefined || token.ensure !== "present") continue;
      const first = firsts.get(token.delivery.file);
      const delivered = { token, target: target.name };
      if (first === undefined) firsts.set(token.delivery.file, delivered);
      else diagnostics.push(...collision(first, delivered, manifestOf));
    }
  }
  return diagnostics;
}

function collision(first: Delivered, second: Delivered, manifestOf: TokenManifest): Diagnostic[] {
  const manifest = manifestOf(second.target, second.token.id);
  const related = first.token.source;
  const file = quoted(second.token.delivery?.file ?? "");
  const said =
    first.token.id === second.token.id
      ? {
          message: `the secrets of ${second.token.id} for targets ${first.target} and ${second.target} go to one file, ${file}`,
          hint: "put {target} into its name",
        }
      : {
          message: `the secret of ${first.token.id}, declared at ${wordPlace(related)}, goes to the same file, ${file}`,
          hint: "give each token a file of its own",
        };
  return manifest
    ? [errorAt(manifest.locate("/spec/sinks/0/as"), { code: "sink-collision", related, ...said })]
    : [];
}
