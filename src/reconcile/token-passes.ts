// Passes that only look at tokens: what there is, and whether sinks hold what the server takes.

import { heldBySinks, type SinkState } from "../apply/held.ts";
import { desiredAt } from "../desired/at-instant.ts";
import type { ProductName } from "../model/product.ts";
import { listTokens, type TokenRow } from "../plan/token-list.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { wayOf } from "../secrets/sinks.ts";
import { sinkSurroundings } from "./doors.ts";
import { observe } from "./observe.ts";
import { endedBy, type Ended, type Opened, type Surroundings } from "./open.ts";
import type { ReportError } from "./report.ts";

/** A token with what its sinks hold, where that was looked at. */
export interface TokenReport extends TokenRow {
  readonly held?: readonly SinkState[];
}

export type TokensReport = { readonly name: string; readonly product: ProductName } & (
  | { readonly status: "ok"; readonly version: string; readonly tokens: readonly TokenReport[] }
  | { readonly status: "unreachable" | "invalid"; readonly error: ReportError }
);

export async function listPass(opened: Opened, signal: AbortSignal): Promise<TokensReport> {
  const { name, product } = opened.desired.target;
  const live = await observe(opened, signal);
  if ("status" in live) return { name, product, ...live };
  const nowSeconds = Math.floor(opened.clock.now() / 1000);
  return {
    name,
    product,
    status: "ok",
    version: live.version,
    tokens: listTokens(desiredAt(opened.desired, nowSeconds), live, nowSeconds),
  };
}

/** Looks into the sinks of the declared tokens that live, and asks the server with what they hold. */
export async function verifyPass(
  opened: Opened,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<TokensReport> {
  const listed = await listPass(opened, signal);
  if (listed.status !== "ok") return listed;
  const tokens: TokenReport[] = [];
  for (const row of listed.tokens.filter(
    ({ sinks, standing }) => sinks.length > 0 && standing !== "ignored",
  )) {
    const held = await heldOf(row, opened, surroundings, signal);
    if ("status" in held) return { name: listed.name, product: listed.product, ...held };
    tokens.push({ ...row, held });
  }
  return { ...listed, tokens };
}

async function heldOf(
  row: TokenRow,
  opened: Opened,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly SinkState[] | Ended> {
  const why = whyUntold(row, Math.floor(opened.clock.now() / 1000));
  if (why !== undefined) return row.sinks.map((sink) => ({ ...sink, state: "unknown", message: why }));
  const around = sinkSurroundings(opened, surroundings);
  const deliveries = opened.desired.tokens.get(row.token)?.deliveries ?? [];
  try {
    return await heldBySinks(
      { id: row.token, deliveries },
      {
        probe: opened.connected.probe,
        readSink: (delivery, owner) => wayOf(delivery).readBack(owner, around),
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return endedBy(error);
  }
}

/** The server refuses the right secret, too, where the token or its owner can't log in. */
function whyUntold({ expire, owner, ownerStanding }: TokenRow, nowSeconds: number): string | undefined {
  if (expire === undefined) return "the token is not on the server";
  if (expire !== 0 && expire <= nowSeconds) return "the token has expired, so the server refuses any secret";
  return ownerStanding === "usable" ? undefined : `${owner} can't log in, so the server refuses any secret`;
}
