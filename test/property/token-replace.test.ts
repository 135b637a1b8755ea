// A token that is deleted, made and granted again may lack something for a while, and never has too much.

import { test } from "@jest/globals";
import fc from "fast-check";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import { canonicalState } from "../../src/plan/compare.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { aToken, aTokenId } from "../support/builders.ts";
import { aDelivery, aPlan, planInstant as now } from "../support/desired-builders.ts";

const id = "ci@pve!deploy";
const paths = ["/", "/vms", "/vms/100", "/storage", "/storage/local"];
const roles = ["PVEAdmin", "PVEVMUser", "PVEAuditor", "NoAccess"];
/** Who backs all that the token has. */
const owner = ["/", "user:ci@pve", ["Administrator"]] as const;
const looked = [...paths, "/vms/200", "/storage/other"];

const entries = fc
  .dictionary(fc.constantFrom(...paths), fc.tuple(fc.constantFrom(...roles), fc.boolean()))
  .map(Object.entries<[string, boolean]>);

test("after each write of a replacement the token has at most what one of the ends gives it", () => {
  fc.assert(
    fc.property(entries, entries, (before, after) => {
      const subject = `token:${id}`;
      const plan = aPlan(
        {
          tokens: {
            [id]: { expire: 0, rotation: "replace", deliveries: [aDelivery()] },
          },
          prune: { acl: true },
          acl: [
            owner,
            ...after.map(
              ([path, [role, propagate]]) => [path, subject, [propagate ? role : `${role}!`]] as const,
            ),
          ],
        },
        {
          users: ["ci@pve"],
          tokens: [aToken(id, { expire: now + 86_400 })],
          acl: [
            ["/", "user:ci@pve", "Administrator"],
            ...before.map(([path, [role, propagate]]) => [path, subject, role, propagate] as const),
          ],
          version: "8.4.5",
        },
      );
      const held = (state: typeof plan.before, path: string): ReadonlySet<string> =>
        new Set(effectivePrivileges(indexAccess(state), aTokenId(id), path).keys());
      let state = plan.before;
      for (const write of plan.operations) {
        state = applyWrite(state, write);
        for (const path of looked) {
          const allowed = new Set([...held(plan.before, path), ...held(plan.after, path)]);
          const excess = [...held(state, path)].filter((privilege) => !allowed.has(privilege));
          if (excess.length > 0) throw new Error(`${write.kind}: ${excess.join()} on ${path}`);
        }
      }
      if (plan.operations[0]?.kind !== "delete-token") throw new Error("nothing was replaced");
      return canonicalState(state) === canonicalState(plan.after);
    }),
    { numRuns: 200 },
  );
});
