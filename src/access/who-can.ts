// Who can use a privilege on a path.

import { authKey, type Privilege, type SubjectKey } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { effectivePrivileges } from "./effective.ts";
import { explain, type Reason } from "./explain.ts";
import type { AccessIndex } from "./lookup.ts";
import { logInNow } from "./usable.ts";

export interface Holding {
  /** A user or a token. */
  readonly subject: SubjectKey;
  /** Whether it also holds below. */
  readonly propagate: boolean;
  readonly because: readonly Reason[];
}

/** Sorted by subject. Who cannot log in at the instant can nothing. */
export function whoCan(
  index: AccessIndex,
  privilege: Privilege,
  path: string,
  nowSeconds: number,
): readonly Holding[] {
  const { users, tokens } = index.state;
  const ids = [...users.keys(), ...tokens.keys()].filter(
    (id) => logInNow(index.state, id, nowSeconds) === "open",
  );
  const holdings = ids.flatMap((id): readonly Holding[] => {
    if (!effectivePrivileges(index, id, path).has(privilege)) return [];
    const held = explain(index, id, path).privileges.get(privilege);
    return held === undefined ? [] : [{ subject: authKey(id), ...held }];
  });
  return sortedBy(holdings, ({ subject }) => subject);
}
