// In: names of recordings. Out: what the real server said and wrote. Must not know: what a test asks.

import { readFileSync, readdirSync } from "node:fs";

const root = new URL("../contract/recordings/", import.meta.url);

/** The names of a folder of recordings, sorted. */
export function recordingNames(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, root)).sort();
}

/** A file of the server's, one character a byte. */
export function recordedBytes(path: string): string {
  return readFileSync(new URL(path, root), "latin1");
}

/** The values of a file with one JSON text a line. */
export function recordedLines<T>(path: string): T[] {
  const lines = readFileSync(new URL(path, root), "utf8").split("\n");
  // Proof: the caller names the recording and says what is in it; a test fails where it is something else.
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as T);
}
