import type { AccessState } from "./access-state.ts";
import type { Subject } from "./ids.ts";

type Subjects = Pick<AccessState, "users" | "groups" | "tokens">;

export function subjectsOf(kind: Subject["kind"], state: Subjects): ReadonlyMap<string, unknown> {
  switch (kind) {
    case "user":
      return state.users;
    case "group":
      return state.groups;
    case "token":
      return state.tokens;
  }
}

export function subjectExists({ kind, id }: Subject, state: Subjects): boolean {
  return subjectsOf(kind, state).has(id);
}
