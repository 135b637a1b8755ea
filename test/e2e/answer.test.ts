import { afterEach, expect, test } from "@jest/globals";
import { request } from "undici";
import { useOffices } from "./support/office.ts";
import { useDaemons } from "./support/watching.ts";

const offices = useOffices();
const daemons = useDaemons();
afterEach(async () => {
  await daemons.close();
  await offices.close();
});

const question = "/access?target=office&subject=anna%40pve&path=%2Fvms%2F100&privilege=VM.Console";

test("a question is answered of the live state, by what may only read, and is in the log", async () => {
  const office = await offices.open();
  const daemon = await daemons.open(office);
  await daemon.untilPass("office", "synced");
  const before = office.server.requests.length;
  const { status, text } = await daemon.get(question);
  expect(status).toBe(200);
  expect(text).toContain("group operators has VMOperator on /vms");
  expect(text).toContain("rolecall@pve!plan");
  const reads = office.server.requests.slice(before);
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.filter(({ method }) => method !== "GET")).toEqual([]);
  // The next one is answered by the same read.
  expect((await daemon.get("/access?target=office&privilege=VM.Console&path=%2Fvms")).status).toBe(200);
  expect(office.server.requests).toHaveLength(before + reads.length);
  expect(daemon.log).toContainEqual(
    expect.objectContaining({ message: "question", target: "office", subject: "anna@pve" }),
  );
});

test("--answer says whose questions are heard", async () => {
  const office = await offices.open();
  const [local, nobody] = [await daemons.open(office), await daemons.open(office, "--answer", "nobody")];
  await local.untilPass("office", "synced");
  const proxied = await request(`${local.url}${question}`, { headers: { "x-forwarded-for": "192.0.2.1" } });
  expect([proxied.statusCode, (await proxied.body.text()).includes("localhost")]).toEqual([403, true]);
  expect((await nobody.get(question)).status).toBe(403);
  // What is no question is shown to all.
  expect((await nobody.get("/access")).status).toBe(200);
});
