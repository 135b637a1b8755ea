import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { request } from "undici";
import { access, target as targetText, useOffices, type Office } from "./support/office.ts";
import { useDaemons, type Watching } from "./support/watching.ts";

const offices = useOffices();
const daemons = useDaemons();
afterEach(async () => {
  await daemons.close();
  await offices.close();
});

async function statesIn(daemon: Watching): Promise<readonly string[]> {
  const { sinks } = (await daemon.target("office")) ?? {};
  return (sinks?.found ?? []).map(({ token, sink, state }) => `${token} ${sink} ${state}`);
}

/** Whether the server takes what the sink holds. */
async function isTaken({ server, folder }: Office): Promise<boolean> {
  // Proof: format json writes it so.
  const { token } = JSON.parse(readFileSync(join(folder, "delivered/deploy.json"), "utf8")) as {
    token: string;
  };
  const headers = { authorization: `PVEAPIToken=${token}` };
  return (await request(`${server.url}/api2/json/access/permissions`, { headers })).statusCode === 200;
}

test("a secret that is gone from its sink is told, in status, metrics and log, and not reissued", async () => {
  const office = await offices.open();
  const daemon = await daemons.open(office, "--verify-sinks", "1s");
  await daemon.untilPass("office", "synced");
  await daemon.until("a look", async () => (await statesIn(daemon)).length > 0);
  expect(await statesIn(daemon)).toEqual(["ci@pve!deploy ci accepted"]);
  const before = office.server.files()["priv/token.cfg"];
  rmSync(join(office.folder, "delivered/deploy.json"));
  await daemon.get("/healthz");
  office.write(
    "manifests/note.yaml",
    "# asks for a pass\napiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: eve@pve }\n",
  );
  await daemon.until("the loss", async () => (await statesIn(daemon)).includes("ci@pve!deploy ci missing"));
  const target = await daemon.get("/api/v1/targets/office");
  expect(target.text).toContain("secret-not-delivered");
  expect((await daemon.get("/targets/office")).text).toContain(">not there<");
  expect((await daemon.get("/metrics")).text).toContain(
    'rolecall_secrets{target="office",state="missing"} 1',
  );
  expect(daemon.log).toContainEqual(
    expect.objectContaining({ level: "warn", token: "ci@pve!deploy", sink: "ci", state: "missing" }),
  );
  expect(office.server.files()["priv/token.cfg"]).toBe(before);
});

test("with repair: reissue the sink gets a new one that the server takes", async () => {
  const office = await offices.open();
  office.write(
    "manifests/access.yaml",
    access.replace("comment: deploys,", "comment: deploys, repair: reissue,"),
  );
  const daemon = await daemons.open(office, "--verify-sinks", "1s");
  await daemon.untilPass("office", "synced");
  expect(await isTaken(office)).toBe(true);
  const before = office.server.files()["priv/token.cfg"];
  rmSync(join(office.folder, "delivered/deploy.json"));
  office.write(
    "manifests/eve.yaml",
    "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: eve@pve }\n",
  );
  await daemon.until("another secret", () => office.server.files()["priv/token.cfg"] !== before);
  const { observedDigest } = await daemon.untilPass("office", "synced");
  await daemon.until("a look", async () => (await statesIn(daemon)).includes("ci@pve!deploy ci accepted"));
  expect([await isTaken(office), observedDigest !== ""]).toEqual([true, true]);
});

test("an observed target is only told about, and what can't be read back is not known", async () => {
  const office = await offices.open();
  const daemon = await daemons.open(office);
  await daemon.untilPass("office", "synced");
  await daemon.stop();
  rmSync(join(office.folder, "delivered/deploy.json"));
  const target = readFileSync(join(office.folder, "manifests/target.yaml"), "utf8");
  const program = target.replace(
    "sinks: { ci:",
    "mode: observe\n  sinks: { hook: { exec: { command: ./hook } }, ci:",
  );
  office.write("manifests/target.yaml", program);
  office.write("manifests/access.yaml", access.replace("sinks: [{", "sinks: [{ name: hook }, {"));
  const before = office.server.files();
  const observing = await daemons.open(office, "--verify-sinks");
  await observing.until("a look", async () => (await statesIn(observing)).length > 0);
  expect(await statesIn(observing)).toEqual(["ci@pve!deploy hook unknown", "ci@pve!deploy ci missing"]);
  expect(office.server.files()).toEqual(before);
});

test("a secret that the server refuses is asked about once an interval, and told in every pass", async () => {
  const office = await offices.open();
  office.write("manifests/target.yaml", targetText.replace("prune: true", "prune: true\n  interval: 1s"));
  const first = await daemons.open(office);
  await first.untilPass("office", "synced");
  await first.stop();
  const wrong = { tokenid: "ci@pve!deploy", secret: "00000000-0000-4000-8000-000000000000" };
  writeFileSync(join(office.folder, "delivered/deploy.json"), JSON.stringify(wrong));
  const daemon = await daemons.open(office, "--verify-sinks");
  await daemon.until("a look", async () => (await statesIn(daemon)).includes("ci@pve!deploy ci refused"));
  await daemon.until("passes", async () => ((await daemon.target("office"))?.history.length ?? 0) > 3);
  expect((await daemon.target("office"))?.lastPass?.warnings).toBeGreaterThan(0);
  // Each is a failed log-in, for which some servers shut a machine out.
  const { text } = await daemon.get("/metrics");
  expect(text).toContain('rolecall_requests_total{method="GET",status="401"} 1\n');
});
