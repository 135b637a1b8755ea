// What a write brings into being, and what must be there for the server to take it.

import { ownerOf, subjectKey } from "../model/ids.ts";
import type { Write } from "./plan.ts";

/** As `user:…`, `group:…`, `token:…`, `role:…`. */
export function introducedBy(write: Write): readonly string[] {
  switch (write.kind) {
    case "create-user":
      return [`user:${write.user.id}`];
    case "create-group":
      return [`group:${write.group.id}`];
    case "create-role":
      return [`role:${write.role.id}`];
    case "create-token":
      return [`token:${write.token.id}`];
    case "update-user":
    case "set-password":
    case "delete-user":
    case "update-group":
    case "delete-group":
    case "update-role":
    case "delete-role":
    case "grant":
    case "revoke":
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [];
  }
}

export function refersTo(write: Write): readonly string[] {
  switch (write.kind) {
    case "create-user":
      return write.groups.map((group) => `group:${group}`);
    case "update-user":
      return [`user:${write.id}`, ...(write.groups ?? []).map((group) => `group:${group}`)];
    case "grant":
    case "revoke":
      return [...write.roles.map((role) => `role:${role}`), ...write.subjects.map(subjectKey)];
    case "create-token":
      return [`user:${ownerOf(write.token.id)}`];
    case "set-password":
    case "delete-user":
    case "create-group":
    case "update-group":
    case "delete-group":
    case "create-role":
    case "update-role":
    case "delete-role":
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [];
  }
}
