// One write, tried on a Trial: the effect that simulate.ts has on a whole state, in place and to be taken back.

import { undoAll, type Trial, type Undo } from "../access/trial.ts";
import type { AuthId, RoleId, Subject } from "../model/ids.ts";
import type { Write } from "./plan.ts";
import { reachOfPool, tryPoolWrite } from "./try-pool-write.ts";

export function tryWrite(trial: Trial, write: Write): Undo {
  switch (write.kind) {
    case "create-user":
      return undoAll([
        trial.setUser(write.user),
        trial.setGroups(write.user.id, [...new Set([...trial.groupsOf(write.user.id), ...write.groups])]),
      ]);
    case "update-user": {
      const user = trial.userOf(write.id);
      return undoAll([
        ...(user ? [trial.setUser({ ...user, ...write.set })] : []),
        ...(write.groups ? [trial.setGroups(write.id, write.groups)] : []),
      ]);
    }
    case "delete-user":
      return trial.deleteUser(write.id);
    case "set-password":
    case "create-group":
    case "update-group":
    case "create-realm":
    case "update-realm":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
    case "delete-sync-job":
      return nothing;
    case "delete-group":
      return trial.deleteGroup(write.id);
    case "create-role":
    case "update-role":
      return trial.setRole(write.role);
    case "delete-role":
      return trial.deleteRole(write.id);
    case "grant":
      return undoAll(
        cellsOf(write).map(({ subject, role }) => trial.grant(write.path, subject, role, write.propagate)),
      );
    case "revoke":
      return undoAll(cellsOf(write).map(({ subject, role }) => trial.revoke(write.path, subject, role)));
    case "create-token":
      return trial.setToken(write.token);
    case "reissue-token":
      return nothing;
    case "update-token": {
      const token = trial.tokenOf(write.id);
      return token ? trial.setToken({ ...token, ...write.set }) : nothing;
    }
    case "delete-token":
      return trial.deleteToken(write.id);
    case "create-pool":
    case "update-pool":
    case "delete-pool":
      return tryPoolWrite(trial, write);
  }
}

/** The users and tokens whose permissions the write can change, as things stand. */
export function reachOfWrite(trial: Trial, write: Write): readonly AuthId[] {
  switch (write.kind) {
    case "create-user":
      return [write.user.id];
    case "update-user":
    case "delete-user":
      return trial.reachOf({ kind: "user", id: write.id });
    case "set-password":
    case "create-group":
    case "update-group":
    case "create-realm":
    case "update-realm":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
    case "delete-sync-job":
      return [];
    case "delete-group":
      return trial.reachOf({ kind: "group", id: write.id });
    case "create-role":
    case "update-role":
      return reachOfRole(trial, write.role.id);
    case "delete-role":
      return reachOfRole(trial, write.id);
    case "grant":
    case "revoke":
      return write.subjects.flatMap((subject) => trial.reachOf(subject));
    case "create-token":
      return [write.token.id];
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [write.id];
    case "create-pool":
    case "update-pool":
    case "delete-pool":
      return reachOfPool(trial, write);
  }
}

function reachOfRole(trial: Trial, role: RoleId): readonly AuthId[] {
  return trial.holdersOf(role).flatMap((subject) => trial.reachOf(subject));
}

function cellsOf(
  write: Extract<Write, { kind: "grant" | "revoke" }>,
): readonly { subject: Subject; role: RoleId }[] {
  return write.subjects.flatMap((subject) => write.roles.map((role) => ({ subject, role })));
}

function nothing(): void {
  // Nothing was changed, so there is nothing to take back.
}
