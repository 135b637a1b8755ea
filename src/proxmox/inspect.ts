// One endpoint as a doctor sees it: how far one gets, and where its certificate is the right one, whether a server of
// this product answers there, without logging in.

import type { TlsTrust } from "../model/connection.ts";
import type { ProductName } from "../model/product.ts";
import { Bug } from "../support/bug.ts";
import type { Clock } from "../support/clock.ts";
import { ApiError } from "./api-error.ts";
import { wires } from "./connect.ts";
import { parseEndpoint, type Endpoint } from "./endpoint.ts";
import { plainFingerprint } from "./fingerprint.ts";
import { probeEndpoint, type Probe, type ServerCertificate } from "./probe.ts";
import { defaultLimits, openTransport, type Limits } from "./transport.ts";
import type { Wire } from "./wire.ts";

export type Greeting =
  | {
      readonly kind: "answered";
      readonly ms: number;
      /** The server's clock less ours, to the second; undefined where it does not tell. */
      readonly clockMs: number | undefined;
    }
  /** Something else answers there, or the line broke. */
  | { readonly kind: "strange"; readonly words: string };

export type Inspection =
  | { readonly kind: "invalid"; readonly problem: string }
  | {
      readonly kind: "probed";
      readonly origin: string;
      readonly probe: Probe;
      /** Undefined where nothing may be sent to it. */
      readonly greeting: Greeting | undefined;
    };

export interface Inspecting {
  readonly product: ProductName;
  readonly trust: TlsTrust;
  readonly clock: Pick<Clock, "now">;
  readonly limits?: Limits;
}

export async function inspectEndpoint(
  text: string,
  { product, trust, clock, limits = defaultLimits }: Inspecting,
  signal: AbortSignal,
): Promise<Inspection> {
  const wire = wires[product];
  if (wire === undefined) throw new Bug(`no wire for ${product}`);
  const endpoint = parseEndpoint(text);
  if (!endpoint.ok) return { kind: "invalid", problem: endpoint.problem };
  const { origin } = endpoint.value;
  const probe = await probeEndpoint(endpoint.value, trust, { clock, limitMs: limits.connectMs }, signal);
  if (!mayTalk(probe, trust)) return { kind: "probed", origin, probe, greeting: undefined };
  const greeting = await greet(endpoint.value, wire, { trust, clock, limits }, signal);
  return { kind: "probed", origin, probe, greeting };
}

function mayTalk(probe: Probe, trust: TlsTrust): boolean {
  return probe.kind === "plain" || (probe.kind === "secured" && isTrusted(probe.certificate, trust));
}

/** As the transport decides: a pin alone is the whole proof; with a CA, both must hold. */
export function isTrusted(certificate: ServerCertificate, { fingerprint, ca }: TlsTrust): boolean {
  const isVouchedFor = certificate.distrust === undefined;
  if (fingerprint === undefined) return isVouchedFor;
  return isPinned(certificate, fingerprint) && (ca === undefined || isVouchedFor);
}

export function isPinned({ fingerprint }: ServerCertificate, pin: string): boolean {
  return plainFingerprint(fingerprint) === plainFingerprint(pin);
}

/** What anybody may ask. Its answer tells a server of this product, and its time. */
async function greet(
  endpoint: Endpoint,
  wire: Wire,
  { trust, clock, limits }: { trust: TlsTrust; clock: Pick<Clock, "now">; limits: Limits },
  signal: AbortSignal,
): Promise<Greeting> {
  const transport = openTransport(trust, limits);
  const request = { method: "GET", path: wire.openPath, parameters: {}, safe: true } as const;
  const start = clock.now();
  try {
    const http = {
      method: "GET",
      path: `${wire.basePath}${request.path}`,
      headers: {},
      body: undefined,
    } as const;
    const exchange = await transport.exchange(endpoint, http, signal);
    signal.throwIfAborted();
    if (exchange.kind !== "answer") return { kind: "strange", words: exchange.words };
    const end = clock.now();
    wire.dataFrom(request, exchange.answer);
    const date = Date.parse(exchange.answer.date ?? "");
    const middle = start + (end - start) / 2;
    return { kind: "answered", ms: end - start, clockMs: Number.isNaN(date) ? undefined : date - middle };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { kind: "strange", words: error.words };
  } finally {
    await transport.close();
  }
}
