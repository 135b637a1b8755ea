// From how far one got to an endpoint to what is well with it, and what to do. Pure.

import type { TlsTrust } from "../model/connection.ts";
import { isPinned, isTrusted, type Greeting, type Inspection } from "../proxmox/inspect.ts";
import type { Probe, ServerCertificate } from "../proxmox/probe.ts";
import type { Check, CheckStatus } from "./check.ts";

interface Endpoints {
  readonly inspections: readonly Inspection[];
  readonly trust: TlsTrust;
  readonly nowMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;
const soonMs = 30 * dayMs;
/** A token that waits for its sink lives an hour, and expiries are in seconds: minutes matter, seconds don't. */
const tolerableClockMs = 60_000;

export function endpointChecks(endpoints: Endpoints): readonly Check[] {
  const isUsable = endpoints.inspections.some(isAnswered);
  return endpoints.inspections.flatMap((inspection) => {
    if (inspection.kind === "invalid")
      return [
        { ...failed("endpoint-invalid", `an endpoint ${inspection.problem}`), area: "endpoint" as const },
      ];
    return [
      // Another one takes over, which is what several are for.
      reachCheck(inspection.origin, inspection.probe, isUsable ? "warning" : "error"),
      ...(inspection.probe.kind === "secured"
        ? certificateChecks(inspection.origin, inspection.probe.certificate, endpoints)
        : []),
      ...(inspection.greeting === undefined ? [] : greetingChecks(inspection.origin, inspection.greeting)),
    ];
  });
}

export function isAnswered(
  inspection: Inspection,
): inspection is Extract<Inspection, { readonly kind: "probed" }> {
  return inspection.kind === "probed" && inspection.greeting?.kind === "answered";
}

function failed(
  code: string,
  message: string,
  hint?: string,
): Omit<Check, "area"> & { readonly status: "error" } {
  return { status: "error", code, message, ...(hint !== undefined && { hint }) };
}

function reachCheck(origin: string, probe: Probe, whereNot: CheckStatus): Check {
  const area = "endpoint";
  switch (probe.kind) {
    case "unresolved":
      return {
        ...failed("endpoint-unresolved", `${origin}: its name could not be looked up: ${probe.words}`),
        area,
        status: whereNot,
        hint: "compare the name in spec.endpoints, and the name server of this machine",
      };
    case "unconnected":
      return {
        ...failed("endpoint-unreachable", `${origin}: no connection: ${probe.words}`),
        area,
        status: whereNot,
        hint: "is the node up, and pveproxy on it; is the port 8006; does a firewall stand between",
      };
    case "unsecured":
      return {
        ...failed("endpoint-unsecured", `${origin}: connected, but no TLS: ${probe.words}`),
        area,
        status: whereNot,
        hint: "something else may listen there, or a proxy may cut TLS",
      };
    case "plain":
      return {
        area,
        status: "ok",
        code: "endpoint-reached",
        message: `${origin}: reached (name ${whole(probe.resolveMs)}, connection ${whole(probe.connectMs)}), unencrypted on this machine itself`,
      };
    case "secured":
      return {
        area,
        status: "ok",
        code: "endpoint-reached",
        message: `${origin}: reached (name ${whole(probe.resolveMs)}, connection ${whole(probe.connectMs)}, TLS ${whole(probe.tlsMs)})`,
      };
  }
}

function whole(ms: number): string {
  return `${Math.round(ms)} ms`;
}

function certificateChecks(
  origin: string,
  certificate: ServerCertificate,
  { inspections, trust, nowMs }: Endpoints,
): readonly Check[] {
  const area = "certificate";
  const shown = `SHA-256 ${certificate.fingerprint}, ${certificate.subject}, valid to ${dateOf(certificate.validToMs)}`;
  if (isTrusted(certificate, trust)) {
    const message = `${origin}: trusted by ${trustedBy(trust)}: ${shown}`;
    return [
      { area, status: "ok", code: "certificate-trusted", message },
      ...expiryChecks(origin, certificate, trust, nowMs),
    ];
  }
  if (trust.fingerprint !== undefined && !isPinned(certificate, trust.fingerprint))
    return [{ area, ...mismatch(origin, certificate, trust.fingerprint, inspections.length) }];
  return [{ area, ...untrusted(origin, certificate, trust, shown) }];
}

function trustedBy({ fingerprint, ca }: TlsTrust): string {
  const names = [
    ...(fingerprint === undefined ? [] : ["the pinned fingerprint"]),
    ...(ca === undefined ? [] : ["tls.caFile"]),
  ];
  return names.length === 0 ? "the public authorities" : names.join(" and ");
}

function mismatch(
  origin: string,
  { fingerprint, subject }: ServerCertificate,
  pin: string,
  endpoints: number,
): ReturnType<typeof failed> {
  return failed(
    "certificate-mismatch",
    `${origin}: another certificate than the pinned one: shown is ${fingerprint} (${subject}), pinned is ${pin}`,
    endpoints > 1
      ? "every node has a certificate of its own: for several endpoints use tls.caFile with the cluster's /etc/pve/pve-root-ca.pem"
      : `if the node's certificate was renewed, compare it on the node (${compareOnNode}) and pin the new one; if not, somebody stands between`,
  );
}

const compareOnNode =
  "pvenode cert info, or openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pve-ssl.pem";

function untrusted(
  origin: string,
  certificate: ServerCertificate,
  trust: TlsTrust,
  shown: string,
): ReturnType<typeof failed> {
  const why = `${distrustWords[certificate.distrust ?? ""] ?? "nobody that is trusted vouches for it"} (${certificate.distrust ?? ""})`;
  const message = `${origin}: the certificate is not trusted: ${why}: ${shown}, issued by ${certificate.issuer}`;
  const where =
    trust.ca === undefined
      ? ""
      : "tls.caFile is of another authority, or the name in spec.endpoints is not in the certificate; ";
  return failed(
    "certificate-untrusted",
    message,
    `${where}compare the fingerprint on the node (${compareOnNode}); only if it is the same, put into the target: tls: { fingerprint: "${certificate.fingerprint}" }`,
  );
}

const distrustWords: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its authority is not a known one",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its authority is not a known one",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its authority is not a known one",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "it is for another name",
};

/** A pin holds whatever the dates, but a renewed certificate is another one. */
function expiryChecks(
  origin: string,
  { validToMs }: ServerCertificate,
  { fingerprint }: TlsTrust,
  nowMs: number,
): readonly Check[] {
  if (validToMs - nowMs > soonMs) return [];
  const when = validToMs < nowMs ? "expired" : "expires";
  return [
    {
      area: "certificate",
      status: "warning",
      code: "certificate-expiring",
      message: `${origin}: the certificate ${when} on ${dateOf(validToMs)}`,
      hint:
        fingerprint === undefined
          ? "renew it before then (pvenode cert)"
          : "a renewed one has another fingerprint: pin that one then, or use tls.caFile",
    },
  ];
}

function dateOf(ms: number): string {
  return Number.isNaN(ms) ? "an unknown day" : new Date(ms).toISOString().slice(0, 10);
}

function greetingChecks(origin: string, greeting: Greeting): readonly Check[] {
  if (greeting.kind === "strange")
    return [
      {
        area: "endpoint",
        ...failed(
          "endpoint-strange",
          `${origin}: what answers there is not the API of Proxmox: ${greeting.words}`,
          "compare host and port in spec.endpoints; a proxy in between must hand everything through",
        ),
      },
    ];
  const { clockMs } = greeting;
  if (clockMs === undefined || Math.abs(clockMs) < tolerableClockMs) return [];
  const ahead = clockMs > 0 ? "ahead of" : "behind";
  return [
    {
      area: "clock",
      status: "warning",
      code: "clock-differs",
      message: `${origin}: its clock is ${Math.round(Math.abs(clockMs) / 1000)} s ${ahead} this machine's`,
      hint: "expiries of users and tokens, and validity, are judged by both: let both follow a time server",
    },
  ];
}
