// Every recorded state exported: a plan of it is empty, and on a server that has nothing but what directories make it
// leads to a state whose export is the same.

import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import { auditPass, noAudit } from "../../src/apply/audit.ts";
import { extentOf } from "../../src/cli/export-extent.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import { pve } from "../../src/model/pve.ts";
import { observe } from "../../src/reconcile/observe.ts";
import { openTarget, type Opened } from "../../src/reconcile/open.ts";
import { applyPass } from "../../src/reconcile/pass.ts";
import { startSimulator } from "../../src/simulator/server.ts";
import type { StateFiles } from "../../src/simulator/store.ts";
import { systemClock } from "../../src/support/clock.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseDomains } from "../../src/usercfg/domains.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { aReadOf, changesOf, planBetween } from "../support/desired-builders.ts";
import { adoptedByExport, desiredFrom, exportedTexts, withoutComments } from "../support/exported.ts";
import { manifestText, type Texts } from "../support/manifest-text.ts";
import { recordedLines } from "../support/recordings.ts";
import { quietSurroundings } from "../support/quiet.ts";

interface Recording {
  readonly id: number;
  readonly cfg: string;
}

const recordings = recordedLines<Recording>("permissions/pve-random.jsonl");
const release = releaseOf("9.2.11")!;
const domainsCfg = "ad: corp-ad\n\tdomain corp.example\n\tserver1 dc.example\n\n";
const password = "canary password 1";
const never = new AbortController().signal;
const done = { empty: 0, again: 0, objects: 0 };

afterAll(() => {
  process.stdout.write(
    `export: ${done.empty} of ${recordings.length} states give an empty plan, ${done.again} the same export again; ` +
      `${done.objects} manifests\n`,
  );
});

function stateFrom(cfg: string): AccessState {
  const state = accessStateFrom(parseUserCfg(cfg, release), release);
  return { ...state, realms: parseDomains(domainsCfg) };
}

test.each(recordings)("state $id: the plan of its export is empty", ({ cfg }) => {
  const state = stateFrom(cfg);
  const plan = planBetween(adoptedByExport(state), aReadOf(state));
  expect(changesOf(plan)).toEqual([]);
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(plan.unmanaged).toEqual([]);
  done.empty += 1;
});

const surroundings = quietSurroundings({ environment: { ROOT: password }, clock: systemClock });

test.each(recordings)(
  "state $id: applied on an empty server, its export is the same again",
  async ({ cfg }) => {
    const before = stateFrom(cfg);
    const texts = exportedTexts(before);
    const server = await aServer({ "user.cfg": madeByDirectories(cfg), "domains.cfg": domainsCfg });
    try {
      const after = await applied(texts, server.url);
      const again = comparable(exportedTexts(after));
      expect(again).toEqual(comparable(texts));
      done.again += 1;
      done.objects += Object.values(texts).join("").split("kind:").length - 1;
    } finally {
      await server.close();
    }
  },
);

test("realms and their jobs: made anew on an empty server, their export is the same again", async () => {
  const grown = await aServer({ "domains.cfg": grownDomains, "jobs.cfg": jobsCfg });
  const empty = await aServer({});
  try {
    const texts = exportedTexts(await applied({}, grown.url, "false"));
    expect(texts["realms.yaml"]).toContain(
      '  sync: { schedule: "mon..fri 06:00", scope: both, removeVanished: [entry, acl], enabled: false }\n',
    );
    expect(comparable(exportedTexts(await applied(texts, empty.url)))).toEqual(comparable(texts));
  } finally {
    await Promise.all([grown.close(), empty.close()]);
  }
});

const grownDomains = readFileSync(new URL("../golden/export/domains.cfg", import.meta.url), "latin1");
const jobsCfg = `realm-sync: realm-sync-corp
\tenabled 0
\trealm corp
\tremove-vanished acl;entry
\tschedule mon..fri 06:00
\tscope both
`;

function aServer(files: StateFiles): ReturnType<typeof startSimulator> {
  return startSimulator({ clock: systemClock, rootPassword: password, state: { files } });
}

/** A directory has brought its users, and nobody has done anything else. */
function madeByDirectories(cfg: string): string {
  return cfg
    .split("\n")
    .filter((line) => /^user:(?:root@pam|[^:]*@corp-ad):/u.test(line))
    .map((line) => `${line}\n`)
    .join("");
}

async function applied(texts: Texts, url: string, prune = "true"): Promise<AccessState> {
  const target = manifestText(
    "Target",
    "dc1",
    `{ product: pve, endpoints: ["${url}"], prune: ${prune}, safety: { onFinding: hold }, ` +
      "credentials: { password: { user: root@pam, password: { env: ROOT } } } }",
  );
  const opened = await openTarget(desiredFrom(texts, target), "apply", surroundings);
  if ("status" in opened) throw new Error(opened.error.message);
  try {
    await write(opened);
    const live = await observe({ ...opened, purpose: "export" }, never);
    if ("status" in live) throw new Error(live.error.message);
    return live.state;
  } finally {
    await opened.connected.close();
  }
}

async function write(opened: Opened): Promise<void> {
  const supervision = {
    check: () => [],
    confirm: () => Promise.resolve(true),
    onProgress: () => undefined,
    audit: auditPass(noAudit, { run: "r", approvals: [], manifests: { digest: "sha256:d" } }),
  };
  const report = await applyPass(opened, { approvals: new Map() }, { surroundings, supervision }, never);
  // What needs a secret's place waits, and nothing else does.
  const held = (report.plan?.changes ?? []).filter((change) => change.held);
  expect(
    held.filter(({ kind, name }) => kind !== "Token" && !(kind === "ACL" && / token:/u.test(name))),
  ).toEqual([]);
  expect((report.outcomes ?? []).filter(({ status }) => status === "failed")).toEqual([]);
}

/** All but the tokens and their entries, which have a file of their own. */
function comparable(texts: Texts): Texts {
  const others = Object.entries(texts).filter(([name]) => name !== "tokens.yaml");
  return Object.fromEntries(others.map(([name, text]) => [name, withoutComments(text)]));
}

test("nothing of the tokens stands in another file", () => {
  for (const { cfg } of recordings) {
    const state = stateFrom(cfg);
    const extent = extentOf(undefined, state, pve, {});
    const { "tokens.yaml": tokens = "", ...others } = exportedTexts(state, { extent });
    expect(Object.values(others).join("")).not.toMatch(/kind: Token|token:/u);
    for (const id of state.tokens.keys()) expect(tokens).toContain(JSON.stringify(id));
  }
});
