import { auditPass, noAudit } from "../../src/apply/audit.ts";
import { afterEach, expect, test } from "@jest/globals";
import { openTarget } from "../../src/reconcile/open.ts";
import { applyPass } from "../../src/reconcile/pass.ts";
import { systemClock } from "../../src/support/clock.ts";
import { buildFiles } from "../support/manifest-text.ts";
import { access, target, useOffices } from "./support/office.ts";
import { quietSurroundings } from "../support/quiet.ts";

const offices = useOffices();
afterEach(offices.close);

/** A server may do more with a write than the plan says; what it does itself must not look like somebody else's doing. */
test("with a read after every write, the server is always found as the plan simulates it", async () => {
  const { env, folder, server } = await offices.open();
  const texts = {
    "target.yaml": target.replace("../delivered", `${folder}/delivered`),
    "access.yaml": access,
  };
  const [desired] = buildFiles(texts).states;
  if (desired === undefined) throw new Error("the office's manifests are wrong");
  let ahead = 0;
  const surroundings = quietSurroundings({
    environment: env,
    clock: { ...systemClock, now: () => Date.now() + ahead },
    random: Math.random,
  });
  const opened = await openTarget(desired, "apply", surroundings);
  if ("status" in opened) throw new Error(opened.error.message);
  const { signal } = new AbortController();
  const supervision = {
    check: () => [],
    confirm: () => Promise.resolve(true),
    onProgress: () => void (ahead += 31_000),
    audit: auditPass(noAudit, { run: "r", approvals: [], manifests: { digest: "sha256:d" } }),
  };
  const report = await applyPass(opened, { approvals: new Map() }, { surroundings, supervision }, signal);
  await opened.connected.close();
  expect([report.status, report.error]).toEqual(["ok", undefined]);
  const reads = server.requests.filter(({ path }) => path === "/access/domains").length;
  const writes = server.requests.filter(({ method }) => method !== "GET").length;
  // Not before the first, nor between a token and the write that confirms it; twice before the writes and once after.
  expect(reads).toBe(writes - 2 + 3);
});
