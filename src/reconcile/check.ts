// What a doctor has to say: one check after the other.

import type { ProductName } from "../model/product.ts";

export type CheckStatus = "ok" | "warning" | "error";

/** What a check is about, in the order in which a target is looked at. */
export const checkAreas = [
  "endpoint",
  "certificate",
  "clock",
  "release",
  "login",
  "reading",
  "applying",
] as const;
export type CheckArea = (typeof checkAreas)[number];

export interface Check {
  readonly area: CheckArea;
  readonly status: CheckStatus;
  /** Stable, kebab-case. */
  readonly code: string;
  /** What was tried, on what, what was seen. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

export interface TargetHealth {
  readonly name: string;
  readonly product: ProductName;
  /** The server's release; undefined where nobody could log in to ask. */
  readonly version?: string;
  readonly checks: readonly Check[];
}

/** The worst of all. */
export function statusOfChecks(checks: readonly Check[]): CheckStatus {
  if (checks.some(({ status }) => status === "error")) return "error";
  return checks.some(({ status }) => status === "warning") ? "warning" : "ok";
}
