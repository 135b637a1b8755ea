import { describe, expect, test } from "@jest/globals";
import {
  parseSecondFactors,
  parseShadow,
  parseTokenSecrets,
  writeSecondFactors,
  writeShadow,
  writeTokenSecrets,
} from "../../../../src/simulator/files/passwords.ts";
import { recordedBytes, recordingNames } from "../../../support/recordings.ts";

const files = (kind: string): string[] =>
  recordingNames("pve").filter((name) => name.endsWith(`.after.${kind}.cfg`));

describe("files that the real server wrote are written as they were read", () => {
  test.each(files("shadow"))("%s", (name) => {
    const text = recordedBytes(`pve/${name}`);
    expect(writeShadow(parseShadow(text))).toBe(text);
  });

  test.each(files("token"))("%s", (name) => {
    const text = recordedBytes(`pve/${name}`);
    expect(writeTokenSecrets(parseTokenSecrets(text))).toBe(text);
  });

  test.each(files("tfa"))("%s", (name) => {
    const text = recordedBytes(`pve/${name}`);
    expect(writeSecondFactors(parseSecondFactors(text))).toBe(text);
  });
});

test.each(["", "{", "[]", '{"users": 5}', '{"users": {"a@pve": 5}}', "null"])(
  "what is no file of second factors is an empty one: %j",
  (text) => {
    expect(parseSecondFactors(text).size).toBe(0);
  },
);
