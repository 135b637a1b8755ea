import { expect, test } from "@jest/globals";
import { generatePassword } from "../../../src/secrets/generate.ts";

test.each([8, 20, 64])("a password of %i characters has all classes", (length) => {
  for (let count = 0; count < 50; count++) {
    const text = generatePassword(length).reveal();
    expect(text).toMatch(/^[\w.~+:@%^*-]+$/u);
    expect(text).toHaveLength(length);
    for (const letters of [/[a-z]/u, /[A-Z]/u, /\d/u, /[-._~+:@%^*]/u]) expect(text).toMatch(letters);
  }
});

test("no two are alike, and every character comes about as often as any other", () => {
  const texts = Array.from({ length: 500 }, () => generatePassword(64).reveal());
  expect(new Set(texts).size).toBe(texts.length);
  const counts = new Map<string, number>();
  for (const letter of texts.join("")) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const mean = (texts.length * 64) / counts.size;
  expect(counts.size).toBe(72);
  // Seven standard deviations: a fair draw goes beyond them once in thousands of millions of runs.
  for (const count of counts.values()) expect(Math.abs(count - mean)).toBeLessThan(7 * Math.sqrt(mean));
});
