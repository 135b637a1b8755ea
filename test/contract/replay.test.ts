import { afterAll, describe, expect, test } from "@jest/globals";
import { startSimulator } from "../../src/simulator/server.ts";
import type { StateFile, StateFiles } from "../../src/simulator/store.ts";
import { systemClock } from "../../src/support/clock.ts";
import { recordedBytes, recordingNames } from "../support/recordings.ts";
import { replay } from "./replay.ts";

const files: Readonly<Record<string, StateFile>> = {
  "user.cfg": "user.cfg",
  "domains.cfg": "domains.cfg",
  "shadow.cfg": "priv/shadow.cfg",
  "token.cfg": "priv/token.cfg",
  "tfa.cfg": "priv/tfa.cfg",
};

/** These need the server brought into a state by hand: another node's lock, a file at its limit. */
const byHand = ["lock-timeout", "file-size-limit"];

const names = recordingNames("pve");
const scenarios = names
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.replace(".jsonl", ""))
  .filter((name) => !byHand.includes(name));

function stateOf(scenario: string): StateFiles {
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
    expect(scenarios.length).toBeGreaterThanOrEqual(20);
  });

  test.each(scenarios)("%s", async (scenario) => {
    const state = stateOf(scenario);
    const simulator = await startSimulator({
      clock: systemClock,
      rootPassword: "rootpass123",
      unixAccounts: { alice: "daemonpass1" },
      state: { files: state },
    });
    try {
      const { exchanges, differences } = await replay(scenario, simulator.port, secretsOf(state));
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
