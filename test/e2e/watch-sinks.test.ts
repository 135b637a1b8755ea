import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { request } from "undici";
import { access, target, useOffices, type Office } from "./support/office.ts";
import { useDaemons, type Watching } from "./support/watching.ts";

const offices = useOffices();
const daemons = useDaemons();
afterEach(async () => {
  await daemons.close();
  await offices.close();
});

const quick = target.replace("prune: true", "prune: true\n  interval: 1s");
const token = "ci@pve!deploy";

function sinkFile({ folder }: Office): string {
  return join(folder, "delivered/deploy.json");
}

function delivered(office: Office): { readonly secret: string } {
  // Proof: format json writes it so.
  return JSON.parse(readFileSync(sinkFile(office), "utf8")) as { secret: string };
}

/** What the server says to whoever comes with this secret. */
async function logIn({ server }: Office, secret: string): Promise<number> {
  const headers = { authorization: `PVEAPIToken=${token}=${secret}` };
  const { statusCode, body } = await request(`${server.url}/api2/json/version`, { headers });
  await body.dump();
  return statusCode;
}

async function metric(daemon: Watching, name: string): Promise<string | undefined> {
  const { text } = await daemon.get("/metrics");
  return text.split("\n").find((line) => line.startsWith(name));
}

async function sinksOf(daemon: Watching): Promise<Record<string, unknown> | undefined> {
  return (await daemon.target("office"))?.sinks;
}

describe("what sinks hold", () => {
  test("is told where it is lost, until it is there again; nothing is made anew", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick);
    const daemon = await daemons.open(office, "--verify-sinks", "2s");
    await daemon.until("looked", async () => (await sinksOf(daemon))?.["accepted"] === 1);
    const before = delivered(office);
    rmSync(sinkFile(office));
    await daemon.until("missing", async () => (await sinksOf(daemon))?.["missing"] === 1);
    expect(await sinksOf(daemon)).toMatchObject({
      accepted: 0,
      notAccepted: [{ token, sink: "ci", state: "missing" }],
    });
    await daemon.until(
      "a warning",
      async () => ((await daemon.target("office"))?.lastPass?.warnings ?? 0) > 0,
    );
    expect(await metric(daemon, 'rolecall_sinks{target="office",state="missing"}')).toMatch(/ 1$/u);
    expect(await metric(daemon, 'rolecall_findings{target="office",severity="warning"}')).toMatch(/ [1-9]/u);
    expect((await daemon.get("/api/v1/targets/office")).text).toContain("secret-not-delivered");
    expect(daemon.log).toContainEqual(
      expect.objectContaining({
        level: "warn",
        code: "secret-not-delivered",
        token,
        pass: expect.any(String),
      }),
    );
    // Put back by hand: seen by the next pass.
    writeFileSync(sinkFile(office), JSON.stringify({ tokenid: token, secret: before.secret }));
    await daemon.until("there again", async () => (await sinksOf(daemon))?.["accepted"] === 1);
    expect(await logIn(office, before.secret)).toBe(200);
  });

  test("a secret that the server refuses is asked about no more often than the interval", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick);
    const daemon = await daemons.open(office, "--verify-sinks");
    await daemon.until("looked", async () => (await sinksOf(daemon))?.["accepted"] === 1);
    await daemon.stop();
    const wrong = "00000000-0000-4000-8000-000000000000";
    writeFileSync(sinkFile(office), JSON.stringify({ tokenid: token, secret: wrong }));
    const next = await daemons.open(office, "--verify-sinks");
    await next.until("refused", async () => (await sinksOf(next))?.["refused"] === 1);
    await next.until("more passes", async () => ((await next.target("office"))?.history.length ?? 0) > 3);
    expect(((await next.target("office"))?.lastPass?.warnings ?? 0) > 0).toBe(true);
    expect(await metric(next, 'rolecall_requests_total{method="GET",status="401"}')).toMatch(/ 1$/u);
  });

  test("is made anew where the token says repair: reissue, and what arrives logs in", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick);
    office.write(
      "manifests/access.yaml",
      access.replace("comment: deploys,", "comment: deploys, repair: reissue,"),
    );
    const daemon = await daemons.open(office, "--verify-sinks", "2s");
    await daemon.until("looked", async () => (await sinksOf(daemon))?.["accepted"] === 1);
    const before = delivered(office);
    writeFileSync(sinkFile(office), "");
    await daemon.until("made anew", () => readFileSync(sinkFile(office), "utf8") !== "");
    await daemon.until("accepted", async () => (await sinksOf(daemon))?.["accepted"] === 1);
    const after = delivered(office);
    expect([await logIn(office, before.secret), await logIn(office, after.secret)]).toEqual([401, 200]);
    expect(await metric(daemon, 'rolecall_sinks{target="office",state="missing"}')).toMatch(/ 0$/u);
  });

  test("is only told where the mode is observe, whatever the token says", async () => {
    const office = await offices.open();
    office.write(
      "manifests/access.yaml",
      access.replace("comment: deploys,", "comment: deploys, repair: reissue,"),
    );
    office.write("manifests/target.yaml", quick);
    const first = await daemons.open(office);
    await first.untilPass("office", "synced");
    await first.stop();
    const secret = delivered(office).secret;
    rmSync(sinkFile(office));
    office.write("manifests/target.yaml", quick.replace("prune: true", "prune: true\n  mode: observe"));
    const writes = office.server.requests.filter(({ method }) => method !== "GET").length;
    const daemon = await daemons.open(office, "--verify-sinks", "2s");
    await daemon.until("missing", async () => (await sinksOf(daemon))?.["missing"] === 1);
    await daemon.until("more passes", async () => ((await daemon.target("office"))?.history.length ?? 0) > 1);
    expect((await daemon.get("/api/v1/targets/office")).text).toContain("secret-not-delivered");
    expect(office.server.requests.filter(({ method }) => method !== "GET")).toHaveLength(writes);
    expect(await logIn(office, secret)).toBe(200);
  });

  test("is not looked at without the option", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick);
    const daemon = await daemons.open(office);
    await daemon.untilPass("office", "synced");
    rmSync(sinkFile(office));
    await daemon.until("more passes", async () => ((await daemon.target("office"))?.history.length ?? 0) > 2);
    expect(await sinksOf(daemon)).toBeUndefined();
    expect(await metric(daemon, "rolecall_sinks{")).toBeUndefined();
  });
});
