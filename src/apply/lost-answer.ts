// A write whose answer was lost: what the state says of it, and one more attempt where it did not happen.

import { isSameState } from "../plan/compare.ts";
import type { Write } from "../plan/plan.ts";
import { applyWrite } from "../plan/simulate.ts";
import { ApiError } from "../proxmox/api-error.ts";
import type { Doors } from "./doors.ts";
import { done, failed, isLost, isOver, issueOf, refusalOf, wordsOf, type Result } from "./result.ts";

type ReadBack = Doors["readBack"];

/** A write in flight is always settled: an interruption takes effect between operations. */
const uninterrupted = new AbortController().signal;

/**
 * The answer was lost: the state says whether the write happened. Only where it did not is it sent once more, and where
 * that is refused the state is asked again, since the first may have happened late.
 */
export async function settleLost(
  lost: ApiError,
  write: Write,
  readBack: ReadBack,
  again: () => Promise<Result | ApiError>,
): Promise<Result> {
  const seen = await look(lost, write, readBack);
  if (seen !== undefined) return seen;
  const second = await again();
  if (!(second instanceof ApiError)) return second;
  return (await look(second, write, readBack)) ?? refusalAfter(lost, second, write);
}

function refusalAfter(lost: ApiError, second: ApiError, write: Write): Result {
  if (!isLost(second)) return refusalOf(second, write);
  return { kind: "unconfirmed", error: `${wordsOf(lost)}; once more: ${wordsOf(second)}`, ends: false };
}

/** What the state says of a write whose answer was lost; undefined where it did not happen. */
async function look(lost: ApiError, write: Write, readBack: ReadBack): Promise<Result | undefined> {
  try {
    const state = await readBack(uninterrupted);
    const issue = issueOf(write);
    if (issue && (write.kind === "reissue-token" || state.tokens.has(issue.tokenId))) {
      return failed(
        `${wordsOf(lost)}; with the answer the secret of ${issue.tokenId} is lost: the token ends within the hour, and the next apply issues a new one`,
      );
    }
    return isSameState(applyWrite(state, write), state) ? done : undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const words = `${wordsOf(lost)}; reading back: ${wordsOf(error)}`;
    return { kind: "unconfirmed", error: words, ends: isOver(error) };
  }
}
