import { afterAll, describe, expect, test } from "@jest/globals";
import { startSimulator } from "../../src/simulator/server.ts";
import type { LockedFile, LockProblem } from "../../src/simulator/locks.ts";
import type { StateFile, StateFiles } from "../../src/simulator/store.ts";
import { systemClock } from "../../src/support/clock.ts";
import { recordedBytes, recordingNames } from "../support/recordings.ts";
import { aClock } from "../support/wound-clock.ts";
import type { Line } from "./recorded-line.ts";
import { replay } from "./replay.ts";

const files: Readonly<Record<string, StateFile>> = {
  "user.cfg": "user.cfg",
  "domains.cfg": "domains.cfg",
  "shadow.cfg": "priv/shadow.cfg",
  "token.cfg": "priv/token.cfg",
  "tfa.cfg": "priv/tfa.cfg",
};

/** Another node's locks, which were taken and given back by hand between the lines: what the recording's notes say. */
const locks: Readonly<Record<string, readonly [LockedFile, LockProblem]>> = {
  "create group while user.cfg is locked elsewhere": ["user.cfg", "held"],
  "acl while locked": ["user.cfg", "held"],
  "token create while locked": ["user.cfg", "held"],
  "token update while locked": ["user.cfg", "held"],
  "GET works while locked": ["user.cfg", "held"],
  "domain create while domains.cfg locked": ["domains.cfg", "held"],
  "password while shadow locked": ["priv/shadow.cfg", "held"],
  "create user with password while shadow locked": ["priv/shadow.cfg", "held"],
  "token create while token.cfg locked": ["priv/token.cfg", "held"],
  "create group without quorum": ["user.cfg", "no-quorum"],
  "GET works without quorum": ["user.cfg", "no-quorum"],
};

const lockedFiles = ["user.cfg", "domains.cfg", "priv/shadow.cfg", "priv/token.cfg"] as const;

const names = recordingNames("pve");
const scenarios = names.filter((name) => name.endsWith(".jsonl")).map((name) => name.replace(".jsonl", ""));

/** Described as "user.cfg of 1048469 bytes": the recorded one was not kept. */
function nearLimit(): string {
  const line = (number: number, comment: string): string =>
    `user:user${String(number).padStart(6, "0")}@pve:1:0:::${comment}:::\n`;
  const first = `user:root@pam:1:0::::::\n${line(1, "")}`;
  const size = 1_048_469 - "\n\n\n\n".length - first.length;
  const unit = line(2, "").length;
  const count = Math.floor(size / unit) - 10;
  const many = Array.from({ length: count }, (_, index) => line(index + 2, "")).join("");
  const rest = size - many.length - line(999_999, "").length;
  return `${first}${many}user:user999999@pve:1:0:${"x".repeat(rest)}:::::\n\n\n\n\n`;
}

function stateOf(scenario: string): StateFiles {
  if (scenario === "file-size-limit") return { "user.cfg": nearLimit() };
  return Object.fromEntries(
    Object.entries(files)
      .filter(([suffix]) => names.includes(`${scenario}.${suffix}`))
      .map(([suffix, file]) => [file, recordedBytes(`pve/${scenario}.${suffix}`)]),
  );
}

function secretsOf(state: StateFiles): Map<string, string> {
  const lines = (state["priv/token.cfg"] ?? "").split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => line.split(" ") as [string, string]));
}

/** Sections stand in no fixed order. */
function sections(text: string): string[] {
  return text.trim().split("\n\n").sort();
}

describe("the simulator answers as the real server did", () => {
  let compared = 0;
  afterAll(() => {
    process.stdout.write(`${String(compared)} recorded exchanges compared\n`);
  });

  test("there are scenarios", () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(22);
  });

  test.each(scenarios)("%s", async (scenario) => {
    const state = stateOf(scenario);
    const simulator = await startSimulator({
      clock: scenario === "lock-timeout" ? aClock(Date.now()) : systemClock,
      rootPassword: "rootpass123",
      unixAccounts: { alice: "daemonpass1" },
      state: { files: state },
    });
    try {
      const takeLocks = ({ name }: Line): void => {
        const [locked, problem] = locks[name] ?? [];
        for (const file of lockedFiles) simulator.locks.set(file, file === locked ? problem : undefined);
      };
      const { exchanges, differences } = await replay(
        scenario,
        simulator.port,
        secretsOf(state),
        scenario === "lock-timeout" ? takeLocks : undefined,
      );
      compared += exchanges;
      expect(differences).toEqual([]);
      const after = simulator.files();
      if (names.includes(`${scenario}.after.user.cfg`))
        expect(after["user.cfg"]).toBe(recordedBytes(`pve/${scenario}.after.user.cfg`));
      if (names.includes(`${scenario}.after.domains.cfg`))
        expect(sections(after["domains.cfg"] ?? "")).toEqual(
          sections(recordedBytes(`pve/${scenario}.after.domains.cfg`)),
        );
    } finally {
      await simulator.close();
    }
  });
});
