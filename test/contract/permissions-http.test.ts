// The recorded states once more, each asked of a simulator over HTTP as the real server was: every check, every answer.

import { expect, test } from "@jest/globals";
import { startSimulator } from "../../src/simulator/server.ts";
import { systemClock } from "../../src/support/clock.ts";
import { asRoot, connected, password } from "../support/connected.ts";
import { recordedLines } from "../support/recordings.ts";

type Flags = Readonly<Record<string, 0 | 1>>;
interface Recording {
  readonly id: number;
  readonly cfg: string;
  readonly checks: readonly { readonly authid: string; readonly path: string; readonly privs: Flags }[];
  readonly effective: Readonly<Record<string, Readonly<Record<string, Flags>>>>;
}

const recordings = recordedLines<Recording>("permissions/pve-random.jsonl");
/** Many requests at once on one signal would look like a leak. */
const never = (): AbortSignal => new AbortController().signal;

test.each(recordings)("state $id", async ({ cfg, checks, effective }) => {
  const files = { "user.cfg": cfg };
  const server = await startSimulator({ clock: systemClock, rootPassword: password, state: { files } });
  const client = connected([server.url], { credentials: asRoot });
  try {
    const asked = await Promise.all(
      checks.map(async ({ authid: userid, path }) =>
        client.read.get("/access/permissions", { userid, path }, never()),
      ),
    );
    expect(asked).toEqual(checks.map(({ path, privs }) => ({ [path]: privs })));
    const whole = await Promise.all(
      Object.keys(effective).map(async (userid) =>
        client.read.get("/access/permissions", { userid }, never()),
      ),
    );
    expect(whole).toEqual(Object.values(effective));
  } finally {
    await client.close();
    await server.close();
  }
});
