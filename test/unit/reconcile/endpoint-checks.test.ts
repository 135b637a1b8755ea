import { describe, expect, test } from "@jest/globals";
import type { TlsTrust } from "../../../src/model/connection.ts";
import type { Greeting, Inspection } from "../../../src/proxmox/inspect.ts";
import type { Probe, ServerCertificate } from "../../../src/proxmox/probe.ts";
import { endpointChecks } from "../../../src/reconcile/endpoint-checks.ts";

const nowMs = Date.UTC(2026, 0, 1);
const day = 24 * 60 * 60 * 1000;
const [pin, other] = ["AA:11", "BB:22"];
const answered: Greeting = { kind: "answered", ms: 9, clockMs: 400 };

function aCertificate(fields: Partial<ServerCertificate> = {}): ServerCertificate {
  return {
    fingerprint: pin,
    subject: "CN=pve1.example",
    issuer: "CN=pve1.example",
    validToMs: nowMs + 400 * day,
    distrust: undefined,
    ...fields,
  };
}

function shown(fields: Partial<ServerCertificate>, greeting?: Greeting): Inspection {
  const probe: Probe = {
    kind: "secured",
    resolveMs: 1,
    connectMs: 2,
    tlsMs: 3,
    certificate: aCertificate(fields),
  };
  return { kind: "probed", origin: "https://pve1.example:8006", probe, greeting };
}

const dead: Inspection = {
  kind: "probed",
  origin: "https://pve2.example:8006",
  probe: { kind: "unconnected", words: "refused" },
  greeting: undefined,
};
const selfSigned = { distrust: "DEPTH_ZERO_SELF_SIGNED_CERT" };

function checks(inspections: readonly Inspection[], trust: TlsTrust = {}): readonly string[] {
  return endpointChecks({ inspections, trust, nowMs }).map(({ status, code }) => `${status} ${code}`);
}

describe("what is well with endpoints", () => {
  const trusted = ["ok endpoint-reached", "ok certificate-trusted"];
  test.each<[string, readonly Inspection[], TlsTrust, readonly string[]]>([
    ["all", [shown({}, answered)], {}, trusted],
    ["a pin is the whole proof", [shown(selfSigned, answered)], { fingerprint: pin }, trusted],
    ["however it is spelt", [shown(selfSigned, answered)], { fingerprint: "aa11" }, trusted],
    [
      "with a CA both must hold",
      [shown(selfSigned)],
      { fingerprint: pin, ca: "PEM" },
      ["ok endpoint-reached", "error certificate-untrusted"],
    ],
    ["nobody vouches", [shown(selfSigned)], {}, ["ok endpoint-reached", "error certificate-untrusted"]],
    [
      "another one",
      [shown({ fingerprint: other })],
      { fingerprint: pin },
      ["ok endpoint-reached", "error certificate-mismatch"],
    ],
    [
      "one that ends soon",
      [shown({ validToMs: nowMs + 5 * day }, answered)],
      {},
      [...trusted, "warning certificate-expiring"],
    ],
    [
      "a server that is ten minutes late",
      [shown({}, { ...answered, clockMs: -600_000 })],
      {},
      [...trusted, "warning clock-differs"],
    ],
    [
      "something else",
      [shown({}, { kind: "strange", words: "a web page" })],
      {},
      [...trusted, "error endpoint-strange"],
    ],
    [
      "one is down, another is not",
      [dead, shown({}, answered)],
      {},
      ["warning endpoint-unreachable", ...trusted],
    ],
    ["all are down", [dead, dead], {}, ["error endpoint-unreachable", "error endpoint-unreachable"]],
    ["no address", [{ kind: "invalid", problem: "is not https" }], {}, ["error endpoint-invalid"]],
  ])("%s", (_, inspections, trust, expected) => {
    expect(checks(inspections, trust)).toEqual(expected);
  });

  test("a pin that fits one node of several leads to the cluster's authority", () => {
    const [, mismatch] = endpointChecks({
      inspections: [shown({ fingerprint: other }), shown({}, answered)],
      trust: { fingerprint: pin },
      nowMs,
    });
    expect(mismatch?.hint).toContain("pve-root-ca.pem");
  });
});
