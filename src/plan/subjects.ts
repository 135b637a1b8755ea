import type { DesiredState } from "../model/desired.ts";
import { ownerOf, type Subject } from "../model/ids.ts";
import type { Ownership } from "./ownership.ts";

/** With its owner, a token is absent too. */
export function isDeclaredAbsent(subject: Subject, desired: DesiredState): boolean {
  switch (subject.kind) {
    case "user":
      return desired.users.get(subject.id)?.ensure === "absent";
    case "group":
      return desired.groups.get(subject.id)?.ensure === "absent";
    case "token":
      return (
        desired.tokens.get(subject.id)?.ensure === "absent" ||
        desired.users.get(ownerOf(subject.id))?.ensure === "absent"
      );
  }
}

export function isOfDirectory(subject: Subject, ownership: Ownership): boolean {
  if (subject.kind === "group") return ownership.isDirectoryGroup(subject.id);
  return ownership.isDirectoryUser(subject.kind === "user" ? subject.id : ownerOf(subject.id));
}
