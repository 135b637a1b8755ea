import { expect, test } from "@jest/globals";
import { Wakeup } from "../../../src/daemon/wakeup.ts";
import { aPatientClock } from "../../support/patient-clock.ts";

const never = new AbortController().signal;

test("a wait ends after its time", async () => {
  const clock = aPatientClock();
  const waiting = new Wakeup(clock).wait(1_000, never);
  await clock.pass(1_000);
  expect(await waiting).toBe(false);
});

test("a wait ends when it is woken, and the next one waits again", async () => {
  const clock = aPatientClock();
  const wakeup = new Wakeup(clock);
  const waiting = wakeup.wait(1_000, never);
  wakeup.wake();
  wakeup.wake();
  expect(await waiting).toBe(true);
  const next = wakeup.wait(1_000, never);
  expect(clock.asleep()).toEqual([1_000]);
  await clock.pass(1_000);
  expect(await next).toBe(false);
});

test("who is woken before waiting does not wait", async () => {
  const wakeup = new Wakeup(aPatientClock());
  wakeup.wake();
  expect(await wakeup.wait(1_000, never)).toBe(true);
});

test("an end ends it, before and meanwhile, and holds nothing afterwards", async () => {
  const clock = aPatientClock();
  const wakeup = new Wakeup(clock);
  const controller = new AbortController();
  const waiting = wakeup.wait(1_000, controller.signal);
  controller.abort();
  expect([await waiting, await wakeup.wait(1_000, controller.signal)]).toEqual([false, false]);
  expect(clock.asleep()).toEqual([]);
});
