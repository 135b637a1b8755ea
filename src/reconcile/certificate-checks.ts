// From the certificate that an endpoint showed to whether it is the right one, and what to do. Pure.

import type { TlsTrust } from "../model/connection.ts";
import { isPinned, isTrusted } from "../proxmox/inspect.ts";
import type { ServerCertificate } from "../proxmox/probe.ts";
import type { Check } from "./check.ts";

const soonMs = 30 * 24 * 60 * 60 * 1000;

interface Trusting {
  readonly trust: TlsTrust;
  /** How many endpoints there are: each node has a certificate of its own. */
  readonly endpoints: number;
  readonly nowMs: number;
}

export function certificateChecks(
  origin: string,
  certificate: ServerCertificate,
  { trust, endpoints, nowMs }: Trusting,
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
    return [mismatch(origin, certificate, trust.fingerprint, endpoints)];
  return [untrusted(origin, certificate, trust, shown)];
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
): Check {
  return {
    area: "certificate",
    status: "error",
    code: "certificate-mismatch",
    message: `${origin}: another certificate than the pinned one: shown is ${fingerprint} (${subject}), pinned is ${pin}`,
    hint:
      endpoints > 1
        ? "every node has a certificate of its own: for several endpoints use tls.caFile with the cluster's /etc/pve/pve-root-ca.pem"
        : `if the node's certificate was renewed, compare it on the node (${compareOnNode}) and pin the new one; if not, somebody stands between`,
  };
}

const compareOnNode =
  "pvenode cert info, or openssl x509 -noout -fingerprint -sha256 -in /etc/pve/local/pve-ssl.pem";

function untrusted(
  origin: string,
  { distrust = "", fingerprint, issuer }: ServerCertificate,
  { ca }: TlsTrust,
  shown: string,
): Check {
  const why = distrustWords[distrust] ?? "nobody that is trusted vouches for it";
  const caWords = ca === undefined ? "" : "compare tls.caFile and the name in spec.endpoints with it; or ";
  const place = ca === undefined ? "put into the target" : "put into the target in place of tls.caFile";
  return {
    area: "certificate",
    status: "error",
    code: "certificate-untrusted",
    message: `${origin}: the certificate is not trusted, since ${why} (${distrust}): ${shown}, issued by ${issuer}`,
    hint: `${caWords}compare the fingerprint on the node (${compareOnNode}); only if it is the same, ${place}: tls: { fingerprint: "${fingerprint}" }`,
  };
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
