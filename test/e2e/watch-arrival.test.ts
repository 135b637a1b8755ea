// How manifests arrive: what a person, Git and a volume do to files, and what must not be believed meanwhile.

import { appendFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { gitIn } from "./support/git.ts";
import { access, target, useOffices, type Office } from "./support/office.ts";
import { useDaemons, type Watching } from "./support/watching.ts";

const offices = useOffices();
const daemons = useDaemons();
afterEach(async () => {
  await daemons.close();
  await offices.close();
});

/** Trees of many users take each other's place. */
const manyDeletes = target.replace("maxRevocations: 100%", "maxRevocations: 100%, maxDeletes: 100%");

const user = (name: string): string =>
  `apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: ${name}@pve }\n`;

function hasUser({ server }: Office, name: string): boolean {
  return server.files()["user.cfg"]?.includes(`user:${name}@pve:`) === true;
}

/** The digests of all manifests that were ever in force, and how often any were found wrong. */
function acceptedBy({ log }: Watching): { readonly digests: readonly unknown[]; readonly wrong: number } {
  return {
    digests: log.filter(({ message }) => message === "manifests accepted").map(({ digest }) => digest),
    wrong: log.filter(({ message }) => String(message).includes("mistakes")).length,
  };
}

async function untilWaiting(daemon: Watching, why: string): Promise<void> {
  await daemon.until(why, async () => (await daemon.status()).manifests.waiting === why);
}

test("an editor that writes beside the file and renames is followed, time after time", async () => {
  const office = await offices.open();
  const daemon = await daemons.open(office);
  await daemon.untilPass("office", "synced");
  for (const name of ["eve", "lea"]) {
    office.write("manifests/.access.yaml.swp", `${access}---\n${user(name)}`);
    renameSync(join(office.folder, "manifests/access.yaml"), join(office.folder, "manifests/access.yaml~"));
    renameSync(
      join(office.folder, "manifests/.access.yaml.swp"),
      join(office.folder, "manifests/access.yaml"),
    );
    await daemon.until(name, () => hasUser(office, name));
  }
  await daemon.until("eve goes", () => !hasUser(office, "eve"));
  expect(acceptedBy(daemon)).toMatchObject({ digests: { length: 3 }, wrong: 0 });
});

describe("in a Git work tree", () => {
  /** Two commits: without eve, and with her and thirty more files. */
  async function openTree(): Promise<{
    readonly office: Office;
    readonly git: ReturnType<typeof gitIn>;
    readonly heads: readonly [string, string];
  }> {
    const office = await offices.open();
    const git = gitIn(office.folder);
    git("init", "-q");
    office.write("manifests/target.yaml", manyDeletes);
    const commit = (): string => {
      git("add", "-A", "manifests");
      git("commit", "-qm", "x");
      return git("rev-parse", "HEAD");
    };
    const first = commit();
    office.write("manifests/eve.yaml", user("eve"));
    for (let at = 10; at < 40; at++) office.write(`manifests/more/u${at}.yaml`, user(`u${at}`));
    return { office, git, heads: [first, commit()] };
  }

  test("a checkout of another commit is followed there and back, whole, with the commit", async () => {
    const { office, git, heads } = await openTree();
    const daemon = await daemons.open(office);
    expect((await daemon.untilPass("office", "synced")).observedCommit).toBe(heads[1]);
    const digests: unknown[] = [];
    for (const head of [heads[0], heads[1], heads[0]]) {
      const { observedDigest } = (await daemon.target("office")) ?? {};
      git("checkout", "-q", head);
      const after = await daemon.untilPass("office", "synced", observedDigest);
      expect(after.observedCommit).toBe(head);
      expect(hasUser(office, "eve")).toBe(head === heads[1]);
      digests.push(after.observedDigest);
    }
    expect(digests[2]).toBe(digests[0]);
    // Nothing between the commits was ever in force.
    expect(acceptedBy(daemon)).toMatchObject({ digests: { length: 4 }, wrong: 0 });
  });

  test("nothing is read while Git holds its lock", async () => {
    const { office } = await openTree();
    const daemon = await daemons.open(office);
    await daemon.untilPass("office", "synced");
    office.write(".git/index.lock", "");
    office.write("manifests/lea.yaml", user("lea"));
    await untilWaiting(daemon, "git-lock");
    await wait(2_500);
    expect(acceptedBy(daemon).digests).toHaveLength(1);
    expect((await daemon.status()).manifests.waiting).toBe("git-lock");
    rmSync(join(office.folder, ".git/index.lock"));
    await daemon.until("lea", () => hasUser(office, "lea"));
  });
});

test("files that are still being written are waited for: half a list means deletions", async () => {
  const office = await offices.open();
  // Ten times as long as a write is away from the next.
  const daemon = await daemons.open(office, "--settle", "3s");
  await daemon.untilPass("office", "synced");
  const users = Array.from({ length: 12 }, (_, at) => user(`u${at}`));
  for (const [at, text] of users.entries()) {
    appendFileSync(join(office.folder, "manifests/many.yaml"), `${at > 0 ? "---\n" : ""}${text}`);
    await wait(300);
  }
  await daemon.until("the last one", () => hasUser(office, "u11"), 20_000);
  expect(acceptedBy(daemon)).toMatchObject({ digests: { length: 2 }, wrong: 0 });
});

test("a tree that is swapped again and again is never seen half", async () => {
  const office = await offices.open();
  rmSync(join(office.folder, "manifests"), { recursive: true });
  // Read in this order, over forty files between the first and the last.
  for (const tree of ["here", "there"]) {
    office.write(`trees/${tree}/target.yaml`, manyDeletes);
    office.write(`trees/${tree}/a.yaml`, user(`${tree}1`));
    for (let at = 0; at < 40; at++) office.write(`trees/${tree}/m${at}.yaml`, user(`${tree}${at + 10}`));
    office.write(`trees/${tree}/z.yaml`, user(`${tree}2`));
  }
  const lead = (tree: string): void => {
    symlinkSync(`trees/${tree}`, join(office.folder, "next"));
    renameSync(join(office.folder, "next"), join(office.folder, "manifests"));
  };
  lead("here");
  const daemon = await daemons.open(office);
  const atFirst = await daemon.untilPass("office", "synced");
  lead("there");
  const atSecond = await daemon.untilPass("office", "synced", atFirst.observedDigest);
  // Faster than it looks, and in step with nothing, until it has followed some of it.
  for (let round = 0; acceptedBy(daemon).digests.length < 5; round++) {
    expect(round).toBeLessThan(300);
    lead(round % 2 === 0 ? "here" : "there");
    await wait((round * 37) % 240);
  }
  lead("here");
  await daemon.until("the last tree", () => hasUser(office, "here2") && !hasUser(office, "there2"));
  const { digests, wrong } = acceptedBy(daemon);
  expect(wrong).toBe(0);
  expect(new Set(digests)).toEqual(new Set([atFirst.observedDigest, atSecond.observedDigest]));
});
