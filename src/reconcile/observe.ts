// What reading a target, and planning on what was read, gives.

import { desiredAt } from "../desired/at-instant.ts";
import { declaredIn } from "../guard/declared.ts";
import { changesToHold, withoutHeld, type Judged } from "../guard/hold.ts";
import type { Approvals } from "../guard/approve.ts";
import { isRefused, judgePlan } from "../guard/judge.ts";
import type { AclPath, RealmId, TokenId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import { makePlan, type Found } from "../plan/make-plan.ts";
import type { Selector } from "../plan/select.ts";
import type { ChangeKey } from "../plan/settling.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { endedBy, type Bearings, type Ended, type Opened } from "./open.ts";
import { readLive } from "./read-live.ts";
import type { TargetReport } from "./report.ts";

export interface PassOptions {
  readonly approvals: Approvals;
  readonly only?: readonly Selector[];
  /** Tokens that are to have a new secret now. */
  readonly asked?: ReadonlySet<TokenId>;
  /** Realms whose secrets are to be set now. */
  readonly askedRealms?: ReadonlySet<RealmId>;
  /** What apply looked at before it plans. */
  readonly found?: Found;
  /** Paths of guests and storages that a pool has taken in during this pass. */
  readonly taken?: ReadonlySet<AclPath>;
}

/** The live state, proved whole, or why there is none. */
export async function observe(opened: Opened, signal: AbortSignal): Promise<LiveState | Ended> {
  try {
    const live = await readLive(opened, signal);
    return live.incomplete.length === 0 ? live : incompleteRead(live);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return endedBy(error);
  }
}

function incompleteRead(live: LiveState): Ended {
  const lists = live.incomplete.map(
    ({ list, privilege, path }) => `${list} (${privilege} on ${path}, propagated)`,
  );
  return {
    status: "invalid",
    error: {
      code: "incomplete-read",
      message: `${live.caller} may not see everything, so nothing is planned or answered; what it lacks: ${lists.join(", ")}`,
      hint: "Sys.Audit on /access and Pool.Audit on /pool, both propagated, are enough to plan: rolecall doctor --grant plan",
    },
  };
}

/** Plans and guards; where the target says `hold`, once more without what is refused. */
export function planned(opened: Bearings, live: LiveState, options: PassOptions): TargetReport {
  const { desired } = opened;
  const first = judged(opened, live, options);
  const held =
    desired.target.safety.onFinding === "hold" ? changesToHold(first.plan, first.findings) : undefined;
  const { plan, findings } = held ? withoutHeld(first, judged(opened, live, options, held)) : first;
  return {
    ...headOf(opened),
    version: live.version,
    ...(options.only && { partial: true }),
    plan: { ...plan, findings },
    complete: ["users", "groups", "roles", "acl", "tokens", "realms", "pools"],
    status: isRefused(findings) ? "refused" : "ok",
  };
}

function judged(
  opened: Bearings,
  live: LiveState,
  { approvals, only, asked, askedRealms, found, taken }: PassOptions,
  held?: ReadonlySet<ChangeKey>,
): Judged {
  const { caller, callers, stations } = opened;
  const nowSeconds = Math.floor(opened.clock.now() / 1000);
  const desired = desiredAt(opened.desired, nowSeconds);
  const plan = makePlan({
    nowSeconds,
    desired,
    live,
    product: stations.product,
    caller,
    callers,
    ...(only && { only }),
    ...(asked && { asked }),
    ...(askedRealms && { askedRealms }),
    ...(found && { found }),
    ...(taken && { taken }),
    ...(held && { held }),
  });
  const findings = judgePlan(plan, {
    safety: desired.target.safety,
    credentials: desired.target.credentials,
    approvals,
    declared: declaredIn(desired),
    policies: desired.policies,
    nowSeconds,
    caller,
    superuser: stations.product.superuser,
    missingPrivilege: opened.purpose === "apply" ? "error" : "warning",
    allowExec: opened.allowExec,
    paused: opened.purpose === "apply" ? "error" : "warning",
  });
  return { plan, findings };
}

/** Named by the identity that was used, which may be another one than guards judge as. */
export function ended(opened: Opened, end: Ended): TargetReport {
  return { ...headOf(opened), caller: opened.connected.caller, ...end };
}

function headOf({ desired, caller }: Bearings): Pick<TargetReport, "name" | "product" | "caller"> {
  return { name: desired.target.name, product: desired.target.product, caller };
}
