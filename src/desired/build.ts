import { hasErrors, sortedDiagnostics, type Diagnostic } from "../manifest/diagnostic.ts";
import type { Manifest, ManifestOf } from "../manifest/manifest.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import type { TokenId, UserId } from "../model/ids.ts";
import { comparePlaces } from "../support/place.ts";
import { assembleState } from "./assemble.ts";
import type { Declaration } from "./declaration.ts";
import { declareAll } from "./declare.ts";
import { listTargets, targetMistakes } from "./list-targets.ts";
import type { Report } from "./reading.ts";
import { sinkCollisions, type OwnerManifest } from "./sink-collisions.ts";
import { sinkOverwrites } from "./sink-overwrites.ts";
import { warnOfLongOver } from "./time-boxes.ts";

export interface BuildOptions {
  /** Names of the targets that are asked for (`--target`); all where undefined. */
  readonly targets?: readonly string[];
  /**
   * How many documents and files could not be read, as ManifestsRead counts them. While there are some, a target that
   * nobody declares is no mistake: it may stand in one of them.
   */
  readonly unread?: number;
  /** The instant, in seconds since the epoch, of which to tell what ended long before it; nothing is told without one. */
  readonly nowSeconds?: number;
}

export interface Built {
  /**
   * In the order of the targets' names. Empty where a diagnostic is an error or something was not read: half a desired
   * state would delete the other half.
   */
  readonly states: readonly DesiredOverTime[];
  /** Sorted by place; of all targets, whichever are asked for. */
  readonly diagnostics: readonly Diagnostic[];
}

/** From manifests, in whatever order, to what is wanted of each target. Pure; all mistakes are told at once. */
export function buildDesired(manifests: readonly Manifest[], options: BuildOptions = {}): Built {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const ordered = [...manifests].sort((a, b) => comparePlaces(a.place, b.place));
  const isWhole = (options.unread ?? 0) === 0;
  const targets = listTargets(
    ordered.filter((one) => one.kind === "Target"),
    isWhole,
    report,
  );
  diagnostics.push(
    ...targetMistakes(targets, options.targets ?? [], ordered[0]?.place.file ?? "command line"),
  );
  const declared = declareAll(
    ordered.filter((one) => one.kind !== "Target"),
    targets,
    report,
  );
  const declaredFor = (target: string): readonly Declaration[] => declared.get(target) ?? [];
  const states = targets.selectable.map((one) => assembleState(one, declaredFor(one.target.name), report));
  const manifestOf: OwnerManifest = (target, id) => ownerManifest(declaredFor(target), id);
  diagnostics.push(...sinkCollisions(states, manifestOf), ...sinkOverwrites(states, manifestOf));
  if (options.nowSeconds !== undefined) {
    for (const declarations of declared.values()) warnOfLongOver(declarations, options.nowSeconds, report);
  }
  const chosen = states.filter(({ target }) => options.targets?.includes(target.name) ?? true);
  return {
    states: isWhole && !hasErrors(diagnostics) ? chosen : [],
    diagnostics: sortedDiagnostics(diagnostics),
  };
}

function ownerManifest(
  declarations: readonly Declaration[],
  id: TokenId | UserId,
): ManifestOf<"Token"> | ManifestOf<"User"> | undefined {
  for (const declaration of declarations) {
    if (declaration.kind === "Token" && declaration.token.id === id) return declaration.manifest;
    if (declaration.kind === "User" && declaration.user.id === id) return declaration.manifest;
  }
  return undefined;
}
