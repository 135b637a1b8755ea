// In: what the daemon knows. Out: the values of its metrics. Pure; how they are written is metrics.ts' concern.

import { kindTitles } from "../render/words.ts";
import type { Condition } from "./conditions.ts";
import type { DaemonState } from "./status.ts";
import type { TargetState } from "./target-state.ts";

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

export interface StateGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (state: DaemonState) => readonly Sample[];
}

const manifestGauges: readonly StateGauge[] = [
  {
    name: "rolecall_manifests_valid",
    help: "1 where the last accepted manifests have no mistake; else what was accepted before stays in force.",
    labels: [],
    samples: ({ manifests }) => [[{}, manifests.isValid ? 1 : 0]],
  },
  {
    name: "rolecall_manifests_in_force_timestamp_seconds",
    help: "Since when the manifests in force are; 0 where none are.",
    labels: [],
    samples: ({ manifests }) => [[{}, (manifests.inForce?.sinceMs ?? 0) / 1000]],
  },
  {
    name: "rolecall_manifests_look_timestamp_seconds",
    help: "When the manifests' files were last looked at.",
    labels: [],
    samples: ({ lookout }) => [[{}, lookout.lookedMs / 1000]],
  },
  {
    name: "rolecall_audit_log_writable",
    help: "1 where the last line of the audit log could be written, 0 where nothing is written to servers since it could not; absent without --audit-log.",
    labels: [],
    samples: ({ audit }) => (audit === undefined ? [] : [[{}, audit.problem() === undefined ? 1 : 0]]),
  },
  {
    name: "rolecall_audit_log_intact",
    help: "1 where the end of the audit log was always found as it was left, 0 since somebody else has changed it; absent without --audit-log.",
    labels: [],
    samples: ({ audit }) => (audit === undefined ? [] : [[{}, audit.breach() === undefined ? 1 : 0]]),
  },
];

/** One value of each target; none where it is not known. */
function perTarget(
  name: string,
  help: string,
  value: (state: TargetState, daemon: DaemonState) => number | undefined,
): StateGauge {
  const samples = (daemon: DaemonState): readonly Sample[] =>
    daemon.targets.flatMap((target): readonly Sample[] => {
      const now = value(target, daemon);
      return now === undefined ? [] : [[{ target: target.desired.target.name }, now]];
    });
  return { name, help, labels: ["target"], samples };
}

const conditionValues: Readonly<Record<Condition["status"], number>> = { True: 1, False: 0, Unknown: -1 };

const targetGauges: readonly StateGauge[] = [
  perTarget(
    "rolecall_last_attempt_timestamp_seconds",
    "When the last pass began: with the last success, what an alert compares.",
    ({ history: [last] }) => last && last.startedMs / 1000,
  ),
  perTarget(
    "rolecall_last_success_timestamp_seconds",
    "When a pass last ended with nothing left to do, or with all that differs told (observe).",
    ({ lastSuccessMs }) => lastSuccessMs && lastSuccessMs / 1000,
  ),
  perTarget(
    "rolecall_next_pass_timestamp_seconds",
    "When the next pass is due.",
    ({ nextMs }) => nextMs && nextMs / 1000,
  ),
  perTarget(
    "rolecall_failures_in_a_row",
    "Passes that failed since the last one that did not.",
    ({ failures }) => failures,
  ),
  perTarget("rolecall_paused", "1 while the group rolecall-pause exists on the target.", ({ pause }) =>
    pause ? 1 : 0,
  ),
  perTarget("rolecall_suspended", "1 where spec.suspend is set.", ({ desired }) =>
    desired.target.suspend ? 1 : 0,
  ),
  {
    name: "rolecall_condition",
    help: "The conditions: 1 true, 0 false, -1 unknown.",
    labels: ["target", "type"],
    samples: ({ targets }) =>
      targets.flatMap(({ desired, conditions }) =>
        conditions.map(({ type, status }): Sample => [
          { target: desired.target.name, type },
          conditionValues[status],
        ]),
      ),
  },
  {
    name: "rolecall_drift",
    help: "Changes that the last pass left pending, by kind; 0 before the first one.",
    labels: ["target", "kind"],
    samples: ({ targets }) => targets.flatMap(driftSamples),
  },
  {
    name: "rolecall_findings",
    help: "What guards said of the last plan, by severity.",
    labels: ["target", "severity"],
    samples: ({ targets }) =>
      targets.flatMap(({ desired: { target }, history: [last] }): readonly Sample[] =>
        last === undefined
          ? []
          : [
              [{ target: target.name, severity: "error" }, last.errors],
              [{ target: target.name, severity: "warning" }, last.warnings],
            ],
      ),
  },
  {
    name: "rolecall_secrets",
    help: "With --verify-sinks: tokens' secrets by what the server says of them: accepted, refused, missing, unknown.",
    labels: ["target", "state"],
    samples: ({ targets }) => targets.flatMap(secretSamples),
  },
  {
    name: "rolecall_tokens",
    help: "Tokens that end, by the time until then: expired, 1d, 7d, 30d, later; each counts once.",
    labels: ["target", "within"],
    samples: ({ targets, nowMs }) => targets.flatMap((target) => tokenSamples(target, nowMs)),
  },
];

/** Each from the beginning: where a series begins with a change, nobody sees that it is one more. */
function driftSamples({ desired, history: [last] }: TargetState): readonly Sample[] {
  return Object.keys(kindTitles).map((kind) => [
    { target: desired.target.name, kind },
    last?.kinds.find((one) => one.kind === kind)?.pending ?? 0,
  ]);
}

const secretStates = ["accepted", "refused", "missing", "unknown"] as const;

function secretSamples({ desired, sinks }: TargetState): readonly Sample[] {
  if (sinks === undefined) return [];
  return secretStates.map((state) => [
    { target: desired.target.name, state },
    sinks.found.filter((one) => one.state === state).length,
  ]);
}

const spans = [
  ["expired", 0],
  ["1d", 1],
  ["7d", 7],
  ["30d", 30],
  ["later", Infinity],
] as const;

function tokenSamples({ desired, tokens }: TargetState, nowMs: number): readonly Sample[] {
  const days = tokens.map(({ expire }) => (expire - nowMs / 1000) / 86_400);
  return spans.map(([within, most], at) => {
    const least = spans[at - 1]?.[1] ?? -Infinity;
    return [
      { target: desired.target.name, within },
      days.filter((left) => left > least && left <= most).length,
    ];
  });
}

export const stateGauges: readonly StateGauge[] = [...manifestGauges, ...targetGauges];
