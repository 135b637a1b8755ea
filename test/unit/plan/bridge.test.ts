// Pairs of states between which no order of the plain writes is clean (tried out: clean-orders.ts), and the helper that
// makes one so.

import { describe, expect, test } from "@jest/globals";
import { subjectKey } from "../../../src/model/ids.ts";
import type { Operation, Plan } from "../../../src/plan/plan.ts";
import { applyWrite } from "../../../src/plan/simulate.ts";
import { adopted } from "../../support/adopted.ts";
import { aState, aToken, type TerseState } from "../../support/builders.ts";
import { faultsBetween, leastOrder } from "../../support/clean-orders.ts";
import { aPlan, aReadOf, planBetween } from "../../support/desired-builders.ts";

const nowSeconds = Date.UTC(2026, 0, 1) / 1000;

interface DeadEnd {
  readonly name: string;
  readonly before: TerseState;
  readonly after: TerseState;
  /** What stands for a while. */
  readonly helper: string;
}

const users = ["ann@pve", "bob@pve"];

const deadEnds: readonly DeadEnd[] = [
  {
    name: "two people change places in groups that change places: one of them has an entry of her own meanwhile",
    before: {
      users,
      groups: { day: ["ann@pve"], night: ["bob@pve"] },
      roles: { Look: ["VM.Audit"] },
      acl: [
        ["/", "group:night", "Look"],
        ["/", "group:day", "Look", false],
      ],
    },
    after: {
      users,
      groups: { day: ["bob@pve"], night: ["ann@pve"] },
      roles: { Look: ["VM.Audit"] },
      acl: [
        ["/", "group:day", "Look"],
        ["/", "group:night", "Look", false],
      ],
    },
    helper: "grant rolecall-tmp-1 to user:bob@pve on /",
  },
  {
    name: "a role that changes is to lie over a wider one: nothing at all stands there meanwhile",
    before: {
      users,
      groups: { staff: users },
      roles: { Own: ["VM.Console"], Wide: ["VM.Console"] },
      acl: [["/", "user:ann@pve", "Own", false]],
    },
    after: {
      users,
      groups: { staff: users },
      roles: { Own: ["VM.Audit"], Wide: ["VM.Console"] },
      acl: [
        ["/vms", "user:ann@pve", "Own"],
        ["/", "group:staff", "Wide"],
      ],
    },
    helper: "grant NoAccess to user:ann@pve on /vms",
  },
  {
    name: "a token that is separated from an owner whose roles change: it has an entry of its own meanwhile",
    before: {
      users,
      tokens: [aToken("ann@pve!ci", { privilegeSeparation: false })],
      roles: { Own: ["VM.Backup"], Wide: ["VM.Audit", "VM.Backup"] },
      acl: [
        ["/vms/100", "user:ann@pve", "Own"],
        ["/", "user:ann@pve", "Wide"],
      ],
    },
    after: {
      users,
      tokens: ["ann@pve!ci"],
      roles: { Own: ["VM.Audit", "VM.Backup"], Wide: ["VM.Backup"] },
      acl: [
        ["/vms", "user:ann@pve", "Own"],
        ["/", "token:ann@pve!ci", "Wide"],
      ],
    },
    helper: "grant rolecall-tmp-1 to token:ann@pve!ci on /vms/100",
  },
];

function planOf({ before, after }: DeadEnd): Plan {
  return planBetween(adopted(aState(after)), aReadOf(aState(before)));
}

function told(operation: Operation): string {
  if (operation.kind !== "grant") return operation.kind;
  return `grant ${operation.roles.join()} to ${operation.subjects.map(subjectKey).join()} on ${operation.path}`;
}

describe("dead ends", () => {
  test.each(deadEnds)("$name", (deadEnd) => {
    const plan = planOf(deadEnd);
    const ends = { before: plan.before, after: plan.after, nowSeconds };
    expect(leastOrder(ends, "none")).toEqual({ kind: "none" });

    let state = plan.before;
    const faults = plan.operations.flatMap((operation) => {
      state = applyWrite(state, operation);
      return faultsBetween(ends)(state);
    });
    expect(faults).toEqual([]);
    expect(plan.operations.map(told)).toContain(deadEnd.helper);
  });

  test.each(deadEnds)("$name: what a crash leaves at any moment is gone after the next pass", (deadEnd) => {
    const plan = planOf(deadEnd);
    let state = plan.before;
    for (const operation of plan.operations) {
      state = applyWrite(state, operation);
      const again = planBetween(adopted(aState(deadEnd.after)), aReadOf(state));
      const end = again.operations.reduce(applyWrite, state);
      expect([...end.roles.keys()].filter((role) => role.startsWith("rolecall-tmp"))).toEqual([]);
      expect(new Set(end.acl.map((entry) => JSON.stringify(entry)))).toEqual(
        new Set(plan.after.acl.map((entry) => JSON.stringify(entry))),
      );
    }
  });

  test("left-over roles of the tool's own go wherever the target does not prune", () => {
    const plan = aPlan(
      { prune: false, users: { "ann@pve": {} } },
      {
        users,
        roles: { "rolecall-tmp-1": ["VM.Audit"] },
        acl: [["/vms", "user:bob@pve", "rolecall-tmp-1"]],
      },
    );
    expect(plan.operations.map(told)).toEqual(["delete-role"]);
  });
});
