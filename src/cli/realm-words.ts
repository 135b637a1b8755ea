import { pve } from "../model/pve.ts";
import type { RealmId } from "../model/ids.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";

export const exits = `Exit status: 0 done, 1 wrong input, an unreachable server or another error, 3 refused or the answer was no,
4 something was written and not all of it worked.`;

export const syncExits = `Exit status: 0 done, 1 it failed, wrong input, or an unreachable server, 3 the answer was no, or the target is suspended, observed or paused,
4 it was started and nobody saw how it ended, 130 interrupted: what was started goes on.`;

export function realmFrom(text: string): RealmId {
  const id = pve.parseRealmId(text);
  if (id.ok) return id.value;
  throw new Failure(`${text} ${id.problem}`, exitStatus.error, "name a realm, as corp");
}
