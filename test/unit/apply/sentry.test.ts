import { describe, expect, test } from "@jest/globals";
import { applyPlan } from "../../../src/apply/apply.ts";
import { prepareApply } from "../../../src/apply/prepare.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { aGroup } from "../../support/builders.ts";
import { aDelivery, aPlan, type TerseDesired } from "../../support/desired-builders.ts";
import { aServer, type FakeServer, type Misfortune } from "../../support/fake-doors.ts";
import { aClock } from "../../support/wound-clock.ts";

const groups: TerseDesired = { groups: { a: {}, b: {}, c: {} } };

interface Course {
  readonly plan: Plan;
  readonly server: FakeServer;
  readonly statuses: readonly string[];
  readonly errors: readonly (string | undefined)[];
}

/** An apply in which each write takes so long, and something happens before each. */
async function slowly(
  desired: TerseDesired,
  writeMs: number,
  {
    before,
    ...misfortune
  }: Misfortune & { readonly before?: (done: number, server: FakeServer) => void } = {},
): Promise<Course> {
  const plan = aPlan(desired, { users: ["joe@pve"] });
  const clock = aClock(1_000_000);
  const server = aServer(plan.before, {
    ...misfortune,
    clock,
    onProgress: (done) => {
      before?.(done, server);
      clock.wind(writeMs);
    },
  });
  const { secrets } = await prepareApply(plan, server.doors);
  const outcomes = await applyPlan(plan, secrets, server.doors, new AbortController().signal);
  return {
    plan,
    server,
    statuses: outcomes.map(({ status }) => status),
    errors: outcomes.map(({ error }) => error),
  };
}

const foreign = { kind: "create-group", group: aGroup("foreign") } as const;

describe("during an apply", () => {
  test("that is short, nothing is read again", async () => {
    const { server } = await slowly(groups, 9_000, { before: (_, { meddle }) => meddle(foreign) });
    expect(server.log).not.toContain("read");
  });

  test("the state is read again every 30 s, and found as the writes left it", async () => {
    const { server, statuses } = await slowly(groups, 31_000);
    expect(server.log).toEqual(["create-group", "read", "create-group", "read", "create-group"]);
    expect([statuses, server.moved]).toEqual([["applied", "applied", "applied"], []]);
  });

  test("somebody else's change ends it and is told", async () => {
    const { server, statuses, errors } = await slowly(groups, 31_000, {
      before: (done, { meddle }) => done === 0 && meddle(foreign),
    });
    expect(statuses).toEqual(["applied", "not-attempted", "not-attempted"]);
    expect(server.moved).toEqual(["Group foreign was created"]);
    expect(errors[1]).toContain("Group foreign was created");
  });

  test("a server that cannot be read again is not written to", async () => {
    const { server, statuses } = await slowly(groups, 31_000, { onReadBack: () => "unreachable" });
    expect([statuses, server.moved]).toEqual([["applied", "not-attempted", "not-attempted"], []]);
  });

  test("what a failed write left is no foreign change", async () => {
    const tokens = {
      "joe@pve!ci": { deliveries: [aDelivery()] },
      "joe@pve!cj": { deliveries: [aDelivery()] },
    };
    const { server, statuses } = await slowly({ tokens }, 31_000, { sink: "full" });
    expect(server.log).toContain("read");
    expect([statuses, server.moved]).toEqual([["failed", "failed"], []]);
  });

  test("a token is confirmed before anybody looks", async () => {
    const tokens = { tokens: { "joe@pve!ci": { deliveries: [aDelivery()] } }, groups: { a: {} } };
    const { server, statuses } = await slowly(tokens, 31_000);
    expect(server.log.join(" ")).toContain("create-token deliver update-token");
    expect([statuses, server.moved]).toEqual([["applied", "applied"], []]);
  });
});
