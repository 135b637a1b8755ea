import { expect, test } from "@jest/globals";

import { DeadlineError, startDeadline } from "../../../src/support/deadline.ts";

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

test("ends when the time is over", async () => {
  const deadline = startDeadline(5, new AbortController().signal);
  expect(await aborted(deadline.signal)).toBeInstanceOf(DeadlineError);
  deadline.stop();
});

test("ends with the signal that it was given, also when that has ended before", () => {
  const source = new AbortController();
  const early = startDeadline(60_000, source.signal);
  source.abort("stopped");
  const late = startDeadline(60_000, source.signal);
  expect([early.signal.reason, late.signal.reason]).toEqual(["stopped", "stopped"]);
  early.stop();
  late.stop();
});

test("does not end once it is stopped", async () => {
  const source = new AbortController();
  const deadline = startDeadline(5, source.signal);
  deadline.stop();
  source.abort();
  await new Promise((resolve) => setTimeout(resolve, 15));
  expect(deadline.signal.aborted).toBe(false);
});
