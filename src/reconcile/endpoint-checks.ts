// From how far one got to an endpoint to what is well with it, and what to do. Pure.

import type { TlsTrust } from "../model/connection.ts";
import type { Greeting, Inspection } from "../proxmox/inspect.ts";
import { certificateChecks } from "./certificate-checks.ts";
import type { Check, CheckStatus } from "./check.ts";

interface Endpoints {
  readonly inspections: readonly Inspection[];
  readonly trust: TlsTrust;
  readonly nowMs: number;
}

/** A token that waits for its sink lives an hour, and expiries are in seconds: minutes matter, seconds don't. */
const tolerableClockMs = 60_000;

export function endpointChecks({ inspections, trust, nowMs }: Endpoints): readonly Check[] {
  const isUsable = inspections.some(isAnswered);
  return inspections.flatMap((inspection): readonly Check[] => {
    if (inspection.kind === "invalid") return [invalidCheck(inspection.problem)];
    const { origin, probe, greeting } = inspection;
    const checked = { trust, endpoints: inspections.length, nowMs };
    return [
      // Another one takes over, which is what several are for.
      reachCheck(inspection, isUsable ? "warning" : "error"),
      ...(probe.kind === "secured" ? certificateChecks(origin, probe.certificate, checked) : []),
      ...(greeting === undefined ? [] : greetingChecks(origin, greeting)),
    ];
  });
}

type Probed = Extract<Inspection, { readonly kind: "probed" }>;

export function isAnswered(inspection: Inspection): inspection is Probed {
  return inspection.kind === "probed" && inspection.greeting?.kind === "answered";
}

function invalidCheck(problem: string): Check {
  return { area: "endpoint", status: "error", code: "endpoint-invalid", message: `an endpoint ${problem}` };
}

function reachCheck({ origin, probe, greeting }: Probed, whereNot: CheckStatus): Check {
  const area = "endpoint";
  switch (probe.kind) {
    case "unresolved":
    case "unconnected":
    case "unsecured": {
      const { code, tried, hint } = failures[probe.kind];
      return { area, status: whereNot, code, message: `${origin}: ${tried}: ${probe.words}`, hint };
    }
    case "plain":
    case "secured": {
      const steps = [
        `name ${whole(probe.resolveMs)}`,
        `connection ${whole(probe.connectMs)}`,
        probe.kind === "plain" ? "no TLS, which is for this machine only" : `TLS ${whole(probe.tlsMs)}`,
        ...(greeting?.kind === "answered" ? [`answer ${whole(greeting.ms)}`] : []),
      ];
      return {
        area,
        status: "ok",
        code: "endpoint-reached",
        message: `${origin}: reached (${steps.join(", ")})`,
      };
    }
  }
}

const failures = {
  unresolved: {
    code: "endpoint-unresolved",
    tried: "its name could not be looked up",
    hint: "compare the name in spec.endpoints, and the name server of this machine",
  },
  unconnected: {
    code: "endpoint-unreachable",
    tried: "no connection",
    hint: "is the node up, and pveproxy on it; is the port 8006; does a firewall stand between",
  },
  unsecured: {
    code: "endpoint-unsecured",
    tried: "connected, but no TLS",
    hint: "something else may listen there, or something in between cuts TLS",
  },
} as const;

function whole(ms: number): string {
  return `${Math.round(ms)} ms`;
}

function greetingChecks(origin: string, greeting: Greeting): readonly Check[] {
  if (greeting.kind === "strange")
    return [
      {
        area: "endpoint",
        status: "error",
        code: "endpoint-strange",
        message: `${origin}: what answers there is not the API of Proxmox: ${greeting.words}`,
        hint: "compare host and port in spec.endpoints; a proxy in between must hand everything through",
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
