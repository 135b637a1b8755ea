// A token that is deleted, made and granted again may do nothing for a while: said with the writes that it takes.

import type { Operation } from "./plan.ts";
import { replacedIn } from "./steps.ts";
import { changeKey, type Note } from "./settling.ts";
import type { TokenId } from "../model/ids.ts";

export function tokenGaps(operations: readonly Operation[], version: string): readonly Note[] {
  return [...replacedIn(operations)].map((id): Note => {
    const first = operations.findIndex((write) => write.kind === "delete-token" && write.id === id);
    const last = operations.findLastIndex((write) => makesWhole(write, id));
    return {
      severity: "warning",
      code: "token-gap",
      message:
        `token ${id} is deleted, made and granted again, since release ${version} can't give it a new secret in place: ` +
        `from write ${first + 1} to write ${last + 1} it can't do what it may`,
      about: [changeKey("Token", id)],
      count: last - first,
    };
  });
}

function makesWhole(write: Operation, id: TokenId): boolean {
  if (write.kind === "create-token") return write.token.id === id;
  return (
    write.kind === "grant" && write.subjects.some((subject) => subject.kind === "token" && subject.id === id)
  );
}
