// Counts everything through which a run of the program touches the world: each answer of a server, and each file operation
// that changes something (a line of the audit log is two: the writing and the syncing). At the chosen one it calls
// `onPoint` once the door has closed behind it, and from then on no file is touched by that run any more: what it awaits
// never comes back, so no line after it runs, no `catch` and no `finally`, as with a process that is gone.

import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import { createRequire, syncBuiltinESMExports } from "node:module";

const files = createRequire(import.meta.url)("node:fs/promises");
const changing = ["mkdir", "rename", "rm", "rmdir", "unlink", "open", "chmod", "chown", "symlink", "link"];
const changingHandle = ["write", "writeFile", "appendFile", "sync", "datasync", "chmod", "chown", "truncate"];

/** The run that a call belongs to, however many there are in this process, some of them cut off. */
const runs = new AsyncLocalStorage();
const askers = new WeakMap();

/** What the work does is counted; `seen` tells how much so far. */
export function counted({ limit = Infinity, onPoint }, work) {
  const run = { count: 0, limit, onPoint, isGone: false };
  return { result: runs.run(run, work), seen: () => run.count };
}

/** The same for all that this process ever does. */
export function countAll({ limit, onPoint }) {
  const run = { count: 0, limit, onPoint, isGone: false };
  runs.enterWith(run);
  return () => run.count;
}

function pass(run) {
  if (run === undefined || run.isGone) return;
  run.count += 1;
  if (run.count < run.limit) return;
  run.isGone = true;
  run.onPoint();
}

function watched(original) {
  return async function (...words) {
    const run = runs.getStore();
    if (run?.isGone) return await new Promise(() => undefined);
    try {
      return await original.apply(this, words);
    } finally {
      pass(run);
      if (run?.isGone) await new Promise(() => undefined);
    }
  };
}

export async function watchDoors() {
  const handle = await files.open(process.execPath, "r");
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const name of changingHandle) prototype[name] = watched(prototype[name]);
  for (const name of changing) files[name] = watched(files[name]);
  syncBuiltinESMExports();
  diagnostics.subscribe("undici:request:create", ({ request }) => askers.set(request, runs.getStore()));
  diagnostics.subscribe("undici:request:headers", ({ request }) => pass(askers.get(request)));
}
