// With the real file system and real time: what is tested are facts about both.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Lookout, type Accepted, type Pace } from "../../../src/daemon/lookout.ts";
import { systemClock } from "../../../src/support/clock.ts";
import type { Logger } from "../../../src/support/logger.ts";
import { quietLogger } from "../../support/quiet.ts";

let folder = "";
const stops: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "rolecall-")));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** One rename: nobody ever sees no link. */
function flip(link: string, target: string): void {
  symlinkSync(target, join(folder, `${link}.new`));
  renameSync(join(folder, `${link}.new`), join(folder, link));
}

interface Watched {
  readonly lookout: Lookout;
  /** The texts of every accepted set. */
  readonly accepted: readonly string[];
  readonly commits: readonly (string | undefined)[];
  readonly warnings: readonly string[];
  readonly until: (text: string, withinMs?: number) => Promise<void>;
}

/** Looks only for a hint, or after a time so long that it can't be why something was noticed. */
const onEvents: Pace = { settleMs: 300, pollMs: 60_000, blindPollMs: 60_000 };

function watchOver(path: string, pace: Pace = onEvents): Watched {
  const accepted: string[] = [];
  const commits: (string | undefined)[] = [];
  const warnings: string[] = [];
  const logger: Logger = { ...quietLogger, warn: (text) => warnings.push(text) };
  const onAccepted = ({ snapshot, commit }: Accepted): void => {
    accepted.push(snapshot.read.filenames.files.map(({ text }) => text).join("|"));
    commits.push(commit);
  };
  const paths = { filenames: [path.startsWith("/") ? path : join(folder, path)] };
  const lookout = new Lookout({ paths, pace, clock: systemClock, logger, onAccepted });
  const controller = new AbortController();
  const run = lookout.run(controller.signal);
  stops.push(async () => {
    controller.abort();
    await run;
  });
  const until = async (text: string, withinMs = 4_000): Promise<void> => {
    const end = Date.now() + withinMs;
    while (accepted.at(-1) !== text) {
      if (Date.now() > end) throw new Error(`${text} was never accepted: ${JSON.stringify(accepted)}`);
      await wait(20);
    }
  };
  return { lookout, accepted, commits, warnings, until };
}

describe("what arrives", () => {
  test("an edit in place, a new file, one that goes, deep down", async () => {
    write("m/a.yaml", "1");
    const { until, accepted } = watchOver("m");
    await until("1");
    write("m/a.yaml", "2");
    await until("2");
    write("m/x/y/b.yaml", "3");
    await until("2|3");
    rmSync(join(folder, "m/x"), { recursive: true });
    await until("2");
    expect(accepted).toEqual(["1", "2", "2|3", "2"]);
  });

  test("an editor's rename-save, of a folder's file and of a single one", async () => {
    write("m/a.yaml", "1");
    const both = [watchOver("m"), watchOver("m/a.yaml")];
    for (const { until } of both) await until("1");
    for (const text of ["2", "3"]) {
      write("m/.a.yaml.swp", text);
      renameSync(join(folder, "m/.a.yaml.swp"), join(folder, "m/a.yaml"));
      for (const { until } of both) await until(text);
    }
  });

  test("a flipped link, at the end of the path and in its middle, while the old tree stays", async () => {
    for (const at of ["1", "2", "3"]) write(`revisions/${at}/m/a.yaml`, at);
    flip("current", "revisions/1");
    const both = [watchOver("current"), watchOver("current/m")];
    for (const { until } of both) await until("1");
    for (const at of ["2", "3", "1"]) {
      flip("current", `revisions/${at}`);
      // Sooner than it takes to settle: a flip is whole by itself.
      for (const { until } of both) await until(at);
    }
    for (const { accepted } of both) expect(accepted).toEqual(["1", "2", "3", "1"]);
  });

  test("a link in a chain of links", async () => {
    write("a/m/x.yaml", "1");
    write("b/m/x.yaml", "2");
    flip("inner", "a");
    flip("outer", "inner");
    const { until } = watchOver("outer/m");
    await until("1");
    flip("inner", "b");
    await until("2");
    flip("outer", "a");
    await until("1");
  });

  test("a ConfigMap's swap, whole", async () => {
    for (const at of ["1", "2"])
      for (const name of ["x", "y"]) write(`m/..v${at}/${name}.yaml`, `${name}${at}`);
    flip("m/..data", "..v1");
    for (const name of ["x", "y"]) flip(`m/${name}.yaml`, `..data/${name}.yaml`);
    const { until, accepted } = watchOver("m");
    await until("x1|y1");
    flip("m/..data", "..v2");
    await until("x2|y2");
    expect(accepted).toEqual(["x1|y1", "x2|y2"]);
  });

  test("a folder that is not there yet", async () => {
    const { until } = watchOver("late/m");
    await until("");
    write("late/m/a.yaml", "1");
    await until("1");
  });

  test("a checkout of another commit, with the commit", async () => {
    const git = (...words: readonly string[]): string =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
        cwd: folder,
        encoding: "utf8",
        stdio: "pipe",
      }).trim();
    git("init", "-q");
    const heads = ["1", "2"].map((text) => {
      for (let at = 0; at < 30; at++) write(`m/f${at + 10}.yaml`, text);
      git("add", "-A");
      git("commit", "-qm", text);
      return git("rev-parse", "HEAD");
    });
    const all = (text: string): string => Array.from({ length: 30 }, () => text).join("|");
    const { until, accepted, commits } = watchOver("m");
    await until(all("2"));
    git("checkout", "-q", heads[0] ?? "");
    await until(all("1"));
    git("checkout", "-q", heads[1] ?? "");
    await until(all("2"));
    expect(accepted).toEqual([all("2"), all("1"), all("2")]);
    expect(commits).toEqual([heads[1], heads[0], heads[1]]);
  });

  test("what no event tells of, at the next look", async () => {
    // Hidden folders are not watched, but a link may lead into one.
    write("m/.kept/a.yaml", "1");
    flip("m/a.yaml", ".kept/a.yaml");
    const { until } = watchOver("m", { settleMs: 50, pollMs: 300, blindPollMs: 300 });
    await until("1");
    write("m/.kept/a.yaml", "2");
    await until("2");
  });
});

describe("what does not", () => {
  test("a file that is still being written: half a list means deletions", async () => {
    write("m/a.yaml", "- anna\n- joe\n- kim\n");
    const { until, accepted } = watchOver("m");
    await until("- anna\n- joe\n- kim\n");
    let text = "";
    for (const line of ["- anna\n", "- joe\n", "- kim\n", "- lea\n"]) {
      text += line;
      write("m/a.yaml", text);
      await wait(150);
    }
    await until(text);
    expect(accepted).toEqual(["- anna\n- joe\n- kim\n", text]);
  });

  test("anything while Git holds its lock", async () => {
    write(".git/HEAD", "ref: refs/heads/main\n");
    write("m/a.yaml", "1");
    const { until, accepted, lookout } = watchOver("m", { ...onEvents, settleMs: 50 });
    await until("1");
    write(".git/index.lock", "");
    write("m/a.yaml", "2");
    await wait(1_200);
    expect([accepted, lookout.waiting]).toEqual([["1"], "git-lock"]);
    rmSync(join(folder, ".git/index.lock"));
    await until("2");
  });

  test("the same once more, though it was touched", async () => {
    write("m/a.yaml", "1");
    const { until, accepted, lookout } = watchOver("m", { ...onEvents, settleMs: 50 });
    await until("1");
    write("m/a.yaml", "1");
    lookout.lookNow();
    await wait(600);
    expect(accepted).toEqual(["1"]);
  });

  test("what a mount of a single file no longer shows, which is said", async () => {
    write("a.yaml", "1");
    const handle = await open(join(folder, "a.yaml"));
    const path = `/proc/${process.pid}/fd/${handle.fd}`;
    const { until, lookout, warnings } = watchOver(path, { settleMs: 50, pollMs: 100, blindPollMs: 100 });
    await until("1");
    write("b.yaml", "2");
    renameSync(join(folder, "b.yaml"), join(folder, "a.yaml"));
    await wait(600);
    await handle.close();
    expect(lookout.notices).toEqual([expect.stringContaining("replaced outside of its mount")]);
    expect(warnings.filter((text) => text.includes("replaced outside"))).toHaveLength(1);
  });
});
