import { expect, test } from "@jest/globals";
import { openTarget } from "../../../src/reconcile/open.ts";
import { createLoader } from "../../../src/reconcile/load.ts";
import { targetText } from "../../support/manifest-text.ts";
import { quietSurroundings } from "../../support/quiet.ts";
import { aClock } from "../../support/wound-clock.ts";

test("a way to a target that is of no use is closed again", async () => {
  const plans = "planCredentials: { token: { id: rolecall@pve!plan, secret: { env: PLAN } } }";
  const text = targetText("a", `, ${plans}`).replace("id: rolecall@pve!gitops", "id: { env: NOT_HERE }");
  const files = [{ name: "t.yaml", folder: "m", text }];
  const { wanted, diagnostics } = createLoader(undefined)({ filenames: { files, diagnostics: [] } });
  expect(diagnostics).toEqual([]);
  let [opened, closed] = [0, 0];
  const surroundings = quietSurroundings({
    clock: aClock(),
    environment: { PLAN: "11111111-2222-4333-8444-555555555555" },
    openTransport: () => {
      opened += 1;
      return {
        exchange: () => Promise.reject(new Error("nobody is asked")),
        close: () => {
          closed += 1;
          return Promise.resolve();
        },
      };
    },
  });
  for (const { desired } of wanted ?? [])
    expect(await openTarget(desired, "plan", surroundings)).toMatchObject({
      error: { code: "caller-unknown" },
    });
  expect([opened, closed]).toEqual([1, 1]);
});
