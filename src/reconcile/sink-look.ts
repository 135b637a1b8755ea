// What a look into the sinks says of a target, beside what its plan says: plans read no sink.

import { isLost } from "../apply/held.ts";
import type { TokenId } from "../model/ids.ts";
import type { Finding } from "../plan/plan.ts";
import { groupBy } from "../support/group-by.ts";
import type { Opened, Surroundings } from "./open.ts";
import type { LookedSink, TargetReport } from "./report.ts";
import { verifyPass } from "./token-passes.ts";

/** Reads the sinks and asks the server with what they hold; undefined where the server did not let itself be asked. */
export async function lookIntoSinks(
  opened: Opened,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly LookedSink[] | undefined> {
  const report = await verifyPass(opened, surroundings, signal);
  if (report.status !== "ok") return undefined;
  return report.tokens.flatMap(({ token, held = [] }) => held.map((state) => ({ token, ...state })));
}

/** Those that somebody has to mend. */
export function lostIn(sinks: readonly LookedSink[]): readonly LookedSink[] {
  return sinks.filter(isLost);
}

/** The report with a warning for each token whose secret a sink does not hold. */
export function withLostSecrets(report: TargetReport, sinks: readonly LookedSink[]): TargetReport {
  const { plan } = report;
  if (plan === undefined) return report;
  const lost = groupBy(lostIn(sinks), ({ token }) => token);
  if (lost.size === 0) return report;
  const found = [...lost].map(([token, states]) => lostSecret(token, [...states]));
  return { ...report, plan: { ...plan, findings: [...plan.findings, ...found] } };
}

/** What is in the way would make the new delivery be refused. */
function lostSecret(token: TokenId, states: readonly LookedSink[]): Finding {
  const first = states.some(({ occupied }) => occupied === true) ? "make room in it, then " : "";
  return {
    severity: "warning",
    code: "secret-not-delivered",
    message: `a sink of ${token} does not hold a secret that the server takes: ${first}rolecall tokens rotate makes a new one, or repair: reissue in its manifest`,
    changes: [],
  };
}
