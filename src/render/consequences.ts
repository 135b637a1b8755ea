import { pathOfPool } from "../model/pool-paths.ts";
import type { AccessState, AclEntry, Token } from "../model/access-state.ts";
import { ownerOf, realmOf, subjectKey, type UserId } from "../model/ids.ts";
import type { Operation, Plan } from "../plan/plan.ts";
import { groupBy } from "../support/group-by.ts";

/** What goes with one object. The texts are raw: whoever shows them escapes them. */
export interface Consequence {
  /** `user joe@pve` */
  readonly object: string;
  readonly parts: readonly string[];
}

/** Writes that end something which no other write of the plan speaks of. */
type Ending = Extract<
  Operation,
  {
    readonly kind:
      | "delete-user"
      | "delete-group"
      | "delete-role"
      | "delete-token"
      | "delete-pool"
      | "delete-realm"
      | "reissue-token";
  }
>;

/** Every write is listed, so that a new one has to say here whether it takes something along. */
const ends: Readonly<Record<Operation["kind"], boolean>> = {
  "create-user": false,
  "update-user": false,
  "set-password": false,
  "delete-user": true,
  "create-group": false,
  "update-group": false,
  "delete-group": true,
  "create-role": false,
  "update-role": false,
  "delete-role": true,
  grant: false,
  revoke: false,
  "create-token": false,
  "reissue-token": true,
  "update-token": false,
  "delete-token": true,
  "create-pool": false,
  "update-pool": false,
  "delete-pool": true,
  "create-realm": false,
  "update-realm": false,
  "delete-realm": true,
  "create-sync-job": false,
  "update-sync-job": false,
  "delete-sync-job": false,
};

/** Realm types that keep the passwords of their users elsewhere: on the node or in a directory. */
const keepsPasswordsElsewhere = new Set(["pam", "ldap", "ad", "openid"]);

/** Realm types that may keep a password or a key for their directory. */
const keepsSecret = new Set(["ldap", "ad", "openid"]);

/** What no later apply can bring back: a token's secret exists once, passwords and second factors are the user's own. */
export function lostForEver(plan: Plan): Consequence[] {
  return consequences(plan, lostWith);
}

/** What the server drops together with a deleted object. */
export function takenAlong(plan: Plan): Consequence[] {
  return consequences(plan, takenWith);
}

function consequences(plan: Plan, partsOf: (ending: Ending, before: Before) => string[]): Consequence[] {
  const endings = plan.operations.filter(isEnding);
  if (endings.length === 0) return [];
  const before = indexState(plan.before);
  return endings
    .map((ending) => ({ object: objectOf(ending), parts: partsOf(ending, before) }))
    .filter(({ parts }) => parts.length > 0);
}

function isEnding(operation: Operation): operation is Ending {
  return ends[operation.kind];
}

function objectOf(ending: Ending): string {
  switch (ending.kind) {
    case "delete-user":
      return `user ${ending.id}`;
    case "delete-group":
      return `group ${ending.id}`;
    case "delete-role":
      return `role ${ending.id}`;
    case "delete-token":
    case "reissue-token":
      return `token ${ending.id}`;
    case "delete-pool":
      return `pool ${ending.id}`;
    case "delete-realm":
      return `realm ${ending.id}`;
  }
}

function lostWith(ending: Ending, before: Before): string[] {
  switch (ending.kind) {
    case "delete-user":
      return lostWithUser(ending.id, before);
    case "delete-token":
      return ["its secret"];
    case "reissue-token":
      return ["its present secret (a new one is delivered)"];
    case "delete-group":
    case "delete-role":
    case "delete-pool":
      return [];
    case "delete-realm":
      return keepsSecret.has(before.state.realms.get(ending.id)?.type ?? "")
        ? ["the secret stored with it"]
        : [];
  }
}

function lostWithUser(id: UserId, before: Before): string[] {
  const realm = before.state.realms.get(realmOf(id));
  const password = keepsPasswordsElsewhere.has(realm?.type ?? "") ? [] : ["password"];
  const secrets = before.tokensOf(id).map((token) => `secret of token ${token.id}`);
  return [...password, "second factors", ...secrets];
}

function takenWith(ending: Ending, before: Before): string[] {
  switch (ending.kind) {
    case "delete-user":
      return takenWithUser(ending.id, before);
    case "delete-group":
      return [
        ...(before.state.groups.get(ending.id)?.members ?? []).map((member) => `membership of ${member}`),
        ...before.entriesOf(`group:${ending.id}`).map(wordEntry),
      ];
    case "delete-role":
      return before
        .entriesWith(ending.id)
        .map((entry) => `ACL entry ${entry.path} ${subjectKey(entry.subject)}`);
    case "delete-token":
      return before.entriesOf(`token:${ending.id}`).map(wordEntry);
    case "delete-pool": {
      const path = pathOfPool(ending.id);
      const isWithin = (entry: AclEntry): boolean => entry.path === path || entry.path.startsWith(`${path}/`);
      return before.state.acl
        .filter(isWithin)
        .map((entry) => `${wordEntry(entry)} of ${subjectKey(entry.subject)}`);
    }
    case "reissue-token":
    case "delete-realm":
      return [];
  }
}

function takenWithUser(id: UserId, before: Before): string[] {
  const tokens = before.tokensOf(id);
  return [
    ...before.groupsOf(id).map((group) => `membership in ${group}`),
    ...before.entriesOf(`user:${id}`).map(wordEntry),
    ...tokens.flatMap((token) => [
      `token ${token.id}`,
      ...before.entriesOf(`token:${token.id}`).map((entry) => `${wordEntry(entry)} of ${token.id}`),
    ]),
  ];
}

function wordEntry(entry: AclEntry): string {
  return `ACL entry ${entry.path} ${entry.role}`;
}

interface Before {
  readonly state: AccessState;
  readonly entriesOf: (subject: string) => readonly AclEntry[];
  readonly entriesWith: (role: string) => readonly AclEntry[];
  readonly groupsOf: (user: string) => readonly string[];
  readonly tokensOf: (user: string) => readonly Token[];
}

/** Each list is walked once: a plan may delete thousands of users of a state with thousands of entries. */
function indexState(state: AccessState): Before {
  const bySubject = groupBy<string, AclEntry>(state.acl, (entry) => subjectKey(entry.subject));
  const byRole = groupBy<string, AclEntry>(state.acl, (entry) => entry.role);
  const byOwner = groupBy<string, Token>(state.tokens.values(), (token) => ownerOf(token.id));
  const memberships = [...state.groups.values()].flatMap(({ id, members }) =>
    members.map((user): { group: string; user: string } => ({ group: id, user })),
  );
  const byUser = groupBy(memberships, ({ user }) => user);
  return {
    state,
    entriesOf: (subject) => bySubject.get(subject) ?? [],
    entriesWith: (role) => byRole.get(role) ?? [],
    groupsOf: (user) => (byUser.get(user) ?? []).map(({ group }) => group),
    tokensOf: (user) => byOwner.get(user) ?? [],
  };
}
