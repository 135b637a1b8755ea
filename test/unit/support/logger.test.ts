import { expect, test } from "@jest/globals";
import { withFields, type LogFields, type Logger } from "../../../src/support/logger.ts";

test("fields are said along with everything, and the line's own win", () => {
  const lines: unknown[] = [];
  const note = (message: string, fields?: LogFields): void => void lines.push([message, fields]);
  const plain: Logger = { debug: note, info: note, warn: note, error: note };
  const logger = withFields(plain, { target: "dc1", pass: "a" });
  logger.debug("1");
  logger.info("2", { write: 1 });
  logger.warn("3", { pass: "b" });
  logger.error("4");
  expect(lines).toEqual([
    ["1", { target: "dc1", pass: "a" }],
    ["2", { target: "dc1", pass: "a", write: 1 }],
    ["3", { target: "dc1", pass: "b" }],
    ["4", { target: "dc1", pass: "a" }],
  ]);
});
