// In: nothing. Out: small access states in which all rules meet often. Must not know: what a law says.

import fc from "fast-check";
import type { AccessState } from "../../src/model/access-state.ts";
import { aPool, aState, aToken, type TerseState } from "./builders.ts";

const users = ["a@pve", "b@pve", "c@pve"];
const tokens = ["a@pve!sep", "b@pve!sep", "c@pve!sep", "root@pam!sep"];
const roles = { R1: ["VM.Audit", "VM.Console"], R2: ["VM.Console", "Sys.Audit"], Empty: [] };

export const paths: readonly string[] = [
  "/",
  "/vms",
  "/vms/100",
  "/vms/101",
  "/vms/100/deep",
  "/pool",
  "/pool/dev",
  "/pool/dev/sub",
  "/storage/local",
];

const subject = fc.constantFrom(
  ...users.map((id) => `user:${id}`),
  ...tokens.map((id) => `token:${id}`),
  "group:g1",
  "group:g2",
);
type Row = readonly [string, string, string, boolean];
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.constantFrom(...paths),
  subject,
  fc.constantFrom("R1", "R2", "Empty", "NoAccess", "PVEAuditor"),
  fc.boolean(),
);

export const arbitraryTerseState: fc.Arbitrary<TerseState> = fc.record({
  users: fc.constant(users),
  groups: fc.record({ g1: fc.subarray(users), g2: fc.subarray(users) }),
  roles: fc.constant(roles),
  tokens: fc.constant([...tokens, aToken("a@pve!full", { privilegeSeparation: false })]),
  // One row a path, subject and role: of two lines in a file the last one would hold, whatever the order here.
  acl: fc.uniqueArray(row, { maxLength: 12, selector: ([path, who, role]) => `${path} ${who} ${role}` }),
  pools: fc
    .tuple(fc.subarray([100, 101]), fc.boolean(), fc.boolean())
    .map(([vms, inDev, inSub]) => [
      aPool("dev", vms, inDev ? ["local"] : []),
      aPool("dev/sub", [], inSub ? ["local"] : []),
    ]),
});

export const arbitraryState: fc.Arbitrary<AccessState> = arbitraryTerseState.map(aState);
