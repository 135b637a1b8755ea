// A write whose answer was lost: what the state says of it. Only where it did not happen may it be sent once more.

import type { AccessState } from "../model/access-state.ts";
import { isSameState } from "../plan/compare.ts";
import type { Write } from "../plan/plan.ts";
import { applyWrite } from "../plan/simulate.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { Doors } from "./doors.ts";
import { done, failedAfterwards, isOver, issueOf, untilNext, wordsOf, type Result } from "./result.ts";

/** A write in flight is always settled: an interruption takes effect between operations. */
const uninterrupted = new AbortController().signal;

/** `hidden`: it set a secret, and no state shows one. It may be sent again all the same, since it sets the same. */
type Unsettled = "not-happened" | "hidden";

/** What the state says of a write whose answer was lost. */
export async function look(
  lost: ApiError,
  write: Write,
  readBack: Doors["readBack"],
): Promise<Result | Unsettled> {
  if (isHidden(write)) return "hidden";
  try {
    const state = await readBack(uninterrupted);
    const issue = issueOf(write);
    if (write.kind === "create-realm") return state.realms.has(write.realm.id) ? done : "not-happened";
    if (!issue) return isSameState(applyWrite(state, write), state) ? done : "not-happened";
    if (!hasIssued(write, state)) return "not-happened";
    return failedAfterwards(
      `${wordsOf(lost)}; with the answer the secret of ${issue.tokenId} is lost: ${untilNext}`,
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const words = `${wordsOf(lost)}; reading back: ${wordsOf(error)}`;
    return { kind: "unconfirmed", error: words, ends: isOver(error) };
  }
}

/** Of who or what is there already; what is made with a secret shows by being there. */
function isHidden(write: Write): boolean {
  return (
    write.kind === "set-password" || (write.kind === "update-realm" && Object.keys(write.secrets).length > 0)
  );
}

/** A new secret comes with an expiry of its own, so the server shows whether it was made. */
function hasIssued(write: Write, { tokens }: AccessState): boolean {
  if (write.kind === "create-token") return tokens.has(write.token.id);
  return write.kind === "reissue-token" && tokens.get(write.id)?.expire !== write.liveExpire;
}
