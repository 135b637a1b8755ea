// The door of prom-client. What happens is counted when it happens; what is, is asked for when somebody scrapes, so that
// nothing is left behind of a target that is gone.

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { stateGauges, type StateGauge } from "./gauges.ts";
import type { PassRecord } from "./record.ts";
import type { DaemonState } from "./status.ts";

export interface Metrics {
  countPass(target: string, record: PassRecord): void;
  countRequest(request: { readonly method: string; readonly status: string }): void;
  /** The text of `GET /metrics`. */
  render(): Promise<{ readonly type: string; readonly text: string }>;
}

export function createMetrics(version: string, state: () => DaemonState): Metrics {
  const registers = [new Registry()];
  const [registry] = registers;
  const passes = new Counter({
    name: "rolecall_passes_total",
    help: "Passes by target and result.",
    labelNames: ["target", "result"],
    registers,
  });
  const seconds = new Histogram({
    name: "rolecall_pass_duration_seconds",
    help: "How long passes took.",
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
    registers,
  });
  const changes = new Counter({
    name: "rolecall_changes_total",
    help: "Changes by target, kind and outcome: applied, failed.",
    labelNames: ["target", "kind", "outcome"],
    registers,
  });
  const requests = new Counter({
    name: "rolecall_requests_total",
    help: "Requests to targets by method and status; where there was no answer, how the line failed.",
    labelNames: ["method", "status"],
    registers,
  });
  new Gauge({
    name: "rolecall_build_info",
    help: "Always 1; the release and Node's are labels.",
    labelNames: ["version", "node"],
    registers,
  }).set({ version, node: process.version }, 1);
  for (const gauge of stateGauges) addGauge(gauge, registers, state);
  addProcessGauges(registers);
  return {
    countPass: (target, record) => {
      passes.inc({ target, result: record.result });
      seconds.observe(record.durationMs / 1000);
      for (const { kind, applied, failed } of record.kinds) {
        if (applied > 0) changes.inc({ target, kind, outcome: "applied" }, applied);
        if (failed > 0) changes.inc({ target, kind, outcome: "failed" }, failed);
      }
    },
    countRequest: ({ method, status }) => requests.inc({ method, status }),
    render: async () => {
      const known = new Set(state().targets.map(({ desired }) => desired.target.name));
      await forgetOthers(passes, known);
      await forgetOthers(changes, known);
      return rendered(registry);
    },
  };
}

/** What was counted of a target that is no longer declared; where it comes back before anybody asks, the count goes on. */
async function forgetOthers<T extends string>(
  counter: Counter<T | "target">,
  targets: ReadonlySet<string>,
): Promise<void> {
  const { values } = await counter.get();
  for (const { labels } of values) if (!targets.has(String(labels.target))) counter.remove(labels);
}

async function rendered(registry: Registry | undefined): ReturnType<Metrics["render"]> {
  return { type: registry?.contentType ?? "", text: (await registry?.metrics()) ?? "" };
}

function addGauge(
  { name, help, labels, samples }: StateGauge,
  registers: Registry[],
  state: () => DaemonState,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers,
    collect(): void {
      this.reset();
      for (const [values, value] of samples(state())) this.set(values, value);
    },
  });
}

/** By the names that every Prometheus client uses. prom-client's own set measures the loop 100 times a second. */
function addProcessGauges(registers: Registry[]): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect(): void {
        this.set(value());
      },
    });
  };
  gauge("process_resident_memory_bytes", "Memory of the process.", () => process.memoryUsage.rss());
  gauge("process_cpu_seconds_total", "CPU that the process has used.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000_000;
  });
  const startedSeconds = Date.now() / 1000 - process.uptime();
  gauge("process_start_time_seconds", "When the process began.", () => startedSeconds);
}
