import { test } from "@jest/globals";
import fc from "fast-check";

import { pve } from "../../src/model/pve.ts";
import { readLiveState } from "../../src/live/pve.ts";
import { ApiError } from "../../src/proxmox/api-error.ts";
import { pveDataFrom } from "../../src/proxmox/pve-answer.ts";
import { allPools, cannedClient, freshReads, type CannedReads } from "../support/canned-reads.ts";

const never = new AbortController().signal;
const paths = Object.keys(freshReads);
const field = fc.constantFrom(
  "userid",
  "enable",
  "tokens",
  "tokenid",
  "users",
  "groups",
  "roleid",
  "privs",
  "type",
  "path",
);

async function endsProperly(reads: CannedReads): Promise<void> {
  try {
    await readLiveState(cannedClient(reads), pve, allPools, never);
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "malformed") throw error;
  }
}

test("whatever JSON a server answers, reading gives a state or says that it is malformed", async () => {
  const answer = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.array(fc.dictionary(field, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 })),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), answer, (path, value) =>
      endsProperly({ ...freshReads, [path]: value }),
    ),
    { numRuns: 300 },
  );
});

test("whatever bytes a server answers, the error is an ApiError", () => {
  const request = { method: "PUT", path: "/access/acl", parameters: {}, safe: false } as const;
  const text = fc.oneof(fc.string(), fc.json());
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), text, text, (status, reason, body) => {
      try {
        pveDataFrom(request, { status, reason, body });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
