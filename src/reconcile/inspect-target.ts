import { inspect } from "../apply/inspect.ts";
import { desiredAt } from "../desired/at-instant.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Found } from "../plan/make-plan.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { SecretProblem } from "../secrets/resolved.ts";
import { wayOf } from "../secrets/sinks.ts";
import { resolveSecret } from "../secrets/source.ts";
import { sinkSurroundings } from "./doors.ts";
import type { PassOptions } from "./observe.ts";
import { endedBy, type Ended, type Opened, type Surroundings } from "./open.ts";

/** What apply knows beside the live state, or why it can't go on. */
export async function inspectTarget(
  opened: Opened,
  { asked = new Set(), only }: PassOptions,
  { live, surroundings }: { readonly live: LiveState; readonly surroundings: Surroundings },
  signal: AbortSignal,
): Promise<Found | Ended> {
  const { connected, stations } = opened;
  const around = sinkSurroundings(opened, surroundings);
  const nowSeconds = Math.floor(opened.clock.now() / 1000);
  const desired = desiredAt(opened.desired, nowSeconds);
  try {
    const { found, problems } = await inspect(
      { desired, live, product: stations.product, nowSeconds, asked, only },
      {
        probe: connected.probe,
        write: connected.write,
        requestFor: stations.requestFor,
        secretFor: (reference) => resolveSecret(reference, surroundings),
        readSink: (delivery, owner) => wayOf(delivery).readBack(owner, around),
      },
      signal,
    );
    return problems.length === 0 ? found : invalidFor(problems);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return endedBy(error);
  }
}

export function invalidFor(problems: readonly SecretProblem[]): Ended & { readonly status: "invalid" } {
  const message = problems.map((problem) => problem.message).join("; ");
  return { status: "invalid", error: { code: problems[0]?.code ?? "secret-missing", message } };
}
