import { printableJson } from "../render/escape.ts";
import { statusDocument, targetStatus, type DaemonState } from "./status.ts";
import type { TargetState } from "./target-state.ts";

/** What `GET /api/v1/status` answers. */
export function renderStatus(state: DaemonState): string {
  return printableJson(statusDocument(state));
}

/** What `GET /api/v1/targets/NAME` answers: the target's part of the status, and the last plan in full. */
export function renderTarget(state: TargetState): string {
  return printableJson({
    formatVersion: 1,
    target: targetStatus(state),
    ...(state.plan && { plan: state.plan }),
  });
}
