// In: a recorded scenario and the port of a server. Out: what the server answers otherwise than the real one did.
// Must not know: how the server works. The rules are those of recordings/pve/INDEX.md.

import { sendRaw } from "../support/raw-request.ts";
import { recordedLines } from "../support/recordings.ts";
import { isRecord, responseFrom, textOf, type Line, type Response, type Value } from "./recorded-line.ts";
import { ReplayMemory } from "./replay-memory.ts";

interface Difference {
  readonly line: string;
  readonly recorded: string;
  readonly answered: string;
}

export interface Replayed {
  readonly exchanges: number;
  readonly differences: readonly Difference[];
}

/** Plays every line in order; `tokens` are the secrets that the scenario begins with. `before` is told of each line. */
export async function replay(
  scenario: string,
  port: number,
  tokens: ReadonlyMap<string, string>,
  before: (line: Line) => void = () => undefined,
): Promise<Replayed> {
  const lines = recordedLines<Line>(`pve/${scenario}.jsonl`);
  const memory = new ReplayMemory(tokens);
  await memory.logInAsRoot(port);
  const differences: Difference[] = [];
  for (const [index, line] of lines.entries()) {
    before(line);
    const answer = await sendRaw(port, memory.requestFor(line));
    const live = responseFrom(answer);
    memory.learn(line, live);
    const [recorded, answered] = [canonical(line.response, line), canonical(live, line)];
    if (live.status === 0 && line.response.status === 0) continue;
    if (recorded !== answered) differences.push({ line: `${index + 1} ${line.name}`, recorded, answered });
  }
  return { exchanges: lines.length, differences };
}

/** One text for all answers that are the same but for what may vary. */
function canonical(response: Response, { varies, unordered = [] }: Line): string {
  const whole = {
    response: { ...response, headers: { contentType: response.headers?.["content-type"] ?? null } },
  };
  // `response.reason (pid)`: of the text only the number of the process varies.
  const masked = varies.reduce<Value>(
    (value, path) =>
      at(value, path.replace(" (pid)", "").split("."), (text) =>
        path.endsWith(" (pid)") ? textOf(text).replace(/tmp\.[0-9]+/u, "tmp.*") : "*",
      ),
    whole,
  );
  const ordered = unordered.reduce<Value>((value, path) => at(value, path.split("."), sorted), masked);
  return stable(ordered);
}

/** The value with what stands at the path changed; unchanged where there is nothing. */
function at(value: Value, [key, ...rest]: readonly string[], change: (value: Value) => Value): Value {
  if (key === undefined) return change(value);
  if (!isRecord(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: at(value[key] ?? null, rest, change) };
}

function sorted(value: Value): Value {
  return Array.isArray(value)
    ? [...(value as readonly Value[])].sort((a, b) => (stable(a) < stable(b) ? -1 : 1))
    : value;
}

function stable(value: Value): string {
  return JSON.stringify(value, (_, inner: Value) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
