import { isRecord } from "../support/is-record.ts";

/** What a line says of itself, for whoever looks only at the order of lines. */
export interface LineRead {
  readonly run: string;
  readonly target: string;
  readonly write: number;
  readonly phase: "before" | "after";
  /** Method and path. */
  readonly operation: string;
  readonly previous: string | undefined;
  readonly torn: readonly string[];
}

/** Undefined where it is no line of an audit log. Fields that a later release adds are passed over. */
export function readLine(bytes: Buffer): LineRead | undefined {
  const line = parsed(bytes);
  if (line?.["formatVersion"] !== 1) return undefined;
  const { run, target, write, phase, operation, previous, torn = [] } = line;
  if (typeof run !== "string" || typeof target !== "string" || typeof write !== "number") return undefined;
  if (phase !== "before" && phase !== "after") return undefined;
  if (previous !== undefined && typeof previous !== "string") return undefined;
  if (!Array.isArray(torn)) return undefined;
  return { run, target, write, phase, operation: wordOperation(operation), previous, torn: torn.map(String) };
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function wordOperation(operation: unknown): string {
  return isRecord(operation) ? `${String(operation["method"])} ${String(operation["path"])}` : "";
}
