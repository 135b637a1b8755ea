// Changes that people make, each carried out clean and with the least number of writes that all orders of them have.

import { describe, expect, test } from "@jest/globals";
import { applyWrite } from "../../../src/plan/simulate.ts";
import { adopted } from "../../support/adopted.ts";
import { aState } from "../../support/builders.ts";
import { faultsBetween, leastOrder } from "../../support/clean-orders.ts";
import { aReadOf, planBetween } from "../../support/desired-builders.ts";
import { orderStories } from "../../support/order-stories.ts";

const nowSeconds = Date.UTC(2026, 0, 1) / 1000;

describe("changes that people make", () => {
  test.each(orderStories)("$name", ({ before, after }) => {
    const plan = planBetween(adopted(aState(after)), aReadOf(aState(before)));
    const ends = { before: plan.before, after: plan.after, nowSeconds };
    let state = plan.before;
    const faults = plan.operations.flatMap((operation) => {
      state = applyWrite(state, operation);
      return faultsBetween(ends)(state);
    });
    expect(faults).toEqual([]);
    const least = leastOrder(ends, "none");
    expect(least.kind === "order" && least.writes.length).toBe(plan.operations.length);
  });
});
