// In: an access state. Out: what is exported of it, and the desired state that those files then say. Must not know: what
// a test asks.

import { exportState } from "../../src/export/export-state.ts";
import type { ExportInput } from "../../src/export/exported.ts";
import { wordPart } from "../../src/export/yaml.ts";
import { extentOf } from "../../src/cli/export-extent.ts";
import { desiredAt } from "../../src/desired/at-instant.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import type { DesiredOverTime } from "../../src/model/desired-over-time.ts";
import { pve } from "../../src/model/pve.ts";
import { planInstant } from "./desired-builders.ts";
import { buildFiles, targetText, type Texts } from "./manifest-text.ts";

/** By file. Everything that a Target owns which says nothing of its scope. */
export function exportedTexts(state: AccessState, also: Partial<ExportInput> = {}): Texts {
  const extent = extentOf(undefined, state, pve, {});
  const files = exportState({ state, product: pve, extent, envPrefix: "ROLECALL_SECRET_", ...also });
  return Object.fromEntries(files.map((file) => [file.name, wordPart(file)]));
}

/** Built as any manifests are, beside a target that prunes; throws where there is a mistake in them. */
export function desiredFrom(texts: Texts, target = targetText()): DesiredOverTime {
  const { states, diagnostics } = buildFiles({ ...texts, "target.yaml": target });
  const [desired] = states;
  if (desired === undefined || diagnostics.some(({ severity }) => severity === "error"))
    throw new Error(diagnostics.map(({ place, message }) => `${place.file}: ${message}`).join("\n"));
  return desired;
}

export function adoptedByExport(state: AccessState, nowSeconds = planInstant): DesiredState {
  return desiredAt(desiredFrom(exportedTexts(state)), nowSeconds);
}

/** Without the comments: what people and machines both go by. */
export function withoutComments(text: string): string {
  return text.replace(/^#.*\n/gmu, "").replace(/^\n/u, "");
}
