import { connect } from "node:net";
import { describe, expect, test } from "@jest/globals";
import type { Fault, FaultRule } from "../../../../src/simulator/faults/fault.ts";
import { startSimulator, type Simulator } from "../../../../src/simulator/server.ts";
import { aClock, type WoundClock } from "../../../support/wound-clock.ts";

const secret = "11111111-2222-4333-8444-555555555501";
const files = {
  "user.cfg": "user:root@pam:1:0::::::\nuser:a@pve:1:0::::::\ntoken:root@pam!tok:0:0::\ngroup:g:a@pve::\n",
  "priv/token.cfg": `root@pam!tok ${secret}\n`,
};

interface Seen {
  /** All that came before the line was closed. */
  readonly text: string;
  readonly userCfg: string;
  readonly clock: WoundClock;
}

/** Makes a group on a server on which the fault strikes. */
async function makeGroup(fault: Fault, also: Partial<FaultRule> = {}): Promise<Seen> {
  const clock = aClock();
  const rules = [{ fault, requests: "writes", which: { kind: "every" }, ...also } as const];
  const simulator = await startSimulator({
    clock,
    rootPassword: "secret",
    state: { files },
    faults: { seed: 1, rules },
  });
  try {
    const text = await post(simulator, "groupid=made");
    return { text, userCfg: simulator.files()["user.cfg"] ?? "", clock };
  } finally {
    await simulator.close();
  }
}

function post({ port }: Simulator, body: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.write(
      `POST /api2/json/access/groups HTTP/1.1\r\nAuthorization: PVEAPIToken=root@pam!tok=${secret}\r\n` +
        `Connection: close\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
    );
  });
}

const first = (text: string): string => text.split("\r\n")[0] ?? "";
const isMade = ({ userCfg }: Seen): boolean => userCfg.includes("group:made:");

describe("what goes wrong", () => {
  test.each<readonly [Fault, string, boolean]>([
    [{ kind: "status", status: 596, happens: false }, "HTTP/1.1 596 Broken pipe", false],
    [{ kind: "status", status: 596, happens: true }, "HTTP/1.1 596 Broken pipe", true],
    [{ kind: "status", status: 503, happens: false }, "HTTP/1.1 503 Service Unavailable", false],
    [{ kind: "reset", happens: false }, "", false],
    [{ kind: "reset", happens: true }, "", true],
    [{ kind: "crash" }, "", true],
    [
      { kind: "lock", problem: "held" },
      "HTTP/1.1 500 create group failed: cfs-lock 'file-user_cfg' error: got lock request timeout",
      false,
    ],
    [
      { kind: "lock", problem: "no-quorum" },
      "HTTP/1.1 500 create group failed: cfs-lock 'file-user_cfg' error: no quorum!",
      false,
    ],
  ])("%j: what the client sees, and whether it is done", async (fault, line, happens) => {
    const seen = await makeGroup(fault);
    expect(first(seen.text)).toBe(line);
    expect(isMade(seen)).toBe(happens);
  });

  test("a body is cut in the middle, when everything is done", async () => {
    const seen = await makeGroup({ kind: "cut-body" });
    expect(seen.text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Content-Length: 13\r\n.*\r\n\r\n\{"data$/su);
    expect(isMade(seen)).toBe(true);
  });

  test("what is late is whole, and a lock is waited for as the real server does", async () => {
    const late = await makeGroup({ kind: "latency", ms: 1500 });
    expect([first(late.text), late.clock.slept]).toEqual(["HTTP/1.1 200 OK", [1500]]);
    const slow = await makeGroup({ kind: "slow-body", ms: 800 });
    expect(slow.text).toMatch(/\{"data":null\}$/u);
    expect(slow.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(800);
    const locked = await makeGroup({ kind: "lock", problem: "held" });
    expect(locked.clock.slept).toEqual([10_000]);
  });

  test("somebody else writes right before, and the request is answered as ever", async () => {
    const seen = await makeGroup({ kind: "second-writer" });
    expect(first(seen.text)).toBe("HTTP/1.1 200 OK");
    expect(isMade(seen)).toBe(true);
    const lines = seen.userCfg.split("\n").filter((line) => line !== "" && !line.includes("made"));
    expect(lines.sort()).not.toEqual(
      files["user.cfg"]
        .split("\n")
        .filter((line) => line !== "")
        .sort(),
    );
  });

  test("what is about other requests is left alone", async () => {
    const seen = await makeGroup({ kind: "reset", happens: false }, { requests: "reads" });
    expect(first(seen.text)).toBe("HTTP/1.1 200 OK");
  });

  test("after a crash nobody answers, until it is started again", async () => {
    const faults = {
      seed: 1,
      rules: [{ fault: { kind: "crash" }, requests: "writes", which: { kind: "every" } }],
    } as const;
    const simulator = await startSimulator({
      clock: aClock(),
      rootPassword: "secret",
      state: { files },
      faults,
    });
    try {
      expect(await post(simulator, "groupid=made")).toBe("");
      expect(await simulator.crashed).toBe(true);
      expect(await post(simulator, "groupid=more")).toBe("");
      expect(simulator.files()["user.cfg"]).not.toContain("more");
    } finally {
      await simulator.close();
    }
  });
});
