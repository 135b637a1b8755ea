// In: one write in the model's words. Out: the request that does it on Proxmox VE. Must not know: secrets' texts, how
// it is sent. Sources: the endpoints' parameters as libpve-access-control 9.1.1 takes them; 7.x and 8.x take the same.

import type { Expiry, Token, User } from "../model/access-state.ts";
import { ownerOf, tokenNameOf, type Subject, type TokenId } from "../model/ids.ts";
import { deliverySeconds } from "../model/lifetime.ts";
import { wordPassword } from "../model/password.ts";
import { wordReference } from "../model/secret.ts";
import type { ParameterValue, RequestShape, Write } from "./plan.ts";
import { poolRequestFor } from "./pool-requests.ts";
import { realmRequestFor } from "./realm-requests.ts";

export function requestFor(write: Write): RequestShape {
  switch (write.kind) {
    case "create-user":
      return {
        method: "POST",
        path: "/access/users",
        parameters: {
          userid: write.user.id,
          ...withoutDefaults(userParameters(write.user)),
          ...(write.groups.length > 0 && { groups: write.groups.join(",") }),
          ...(write.password && { password: { secret: wordPassword(write.password, write.user.id) } }),
        },
      };
    case "update-user":
      return {
        method: "PUT",
        path: `/access/users/${encodeURIComponent(write.id)}`,
        parameters: {
          ...userParameters(write.set),
          ...(write.groups && { groups: write.groups.join(",") }),
        },
      };
    case "set-password":
      return {
        method: "PUT",
        path: "/access/password",
        parameters: {
          userid: write.id,
          password: { secret: wordReference(write.password) },
          ...(write.confirmation && {
            "confirmation-password": { secret: wordReference(write.confirmation) },
          }),
        },
      };
    case "delete-user":
      return remove(`/access/users/${encodeURIComponent(write.id)}`);
    case "create-group":
      return {
        method: "POST",
        path: "/access/groups",
        parameters: { groupid: write.group.id, ...withoutDefaults({ comment: write.group.comment }) },
      };
    case "update-group":
      return {
        method: "PUT",
        path: `/access/groups/${encodeURIComponent(write.id)}`,
        parameters: { comment: write.comment },
      };
    case "delete-group":
      return remove(`/access/groups/${encodeURIComponent(write.id)}`);
    case "create-role":
      return {
        method: "POST",
        path: "/access/roles",
        parameters: { roleid: write.role.id, privs: write.role.privileges.join(",") },
      };
    case "update-role":
      return {
        method: "PUT",
        path: `/access/roles/${encodeURIComponent(write.role.id)}`,
        parameters: { privs: write.role.privileges.join(",") },
      };
    case "delete-role":
      return remove(`/access/roles/${encodeURIComponent(write.id)}`);
    case "grant":
      return {
        method: "PUT",
        path: "/access/acl",
        parameters: { ...aclParameters(write), propagate: flag(write.propagate) },
      };
    case "revoke":
      return { method: "PUT", path: "/access/acl", parameters: { ...aclParameters(write), delete: "1" } };
    case "create-token":
      return {
        method: "POST",
        path: tokenPath(write.token.id),
        parameters: {
          ...withoutDefaults(tokenParameters({ comment: write.token.comment })),
          privsep: flag(write.token.privilegeSeparation),
          expire: deliveryWindow(write.endsBefore),
        },
      };
    case "reissue-token":
      return {
        method: "PUT",
        path: tokenPath(write.id),
        parameters: { regenerate: "1", expire: deliveryWindow(write.endsBefore) },
      };
    case "update-token":
      return { method: "PUT", path: tokenPath(write.id), parameters: tokenParameters(write.set) };
    case "delete-token":
      return remove(tokenPath(write.id));
    case "create-pool":
    case "update-pool":
    case "delete-pool":
      return poolRequestFor(write);
    case "create-realm":
    case "update-realm":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
    case "delete-sync-job":
      return realmRequestFor(write);
  }
}

/** Until its secret is delivered a token expires early, and earlier than declared: that is how the next pass knows. */
function deliveryWindow(before: Expiry | undefined): ParameterValue {
  return { secondsAhead: deliverySeconds, ...(before !== undefined && { before }) };
}

function remove(path: string): RequestShape {
  return { method: "DELETE", path, parameters: {} };
}

function tokenPath(token: TokenId): string {
  return `/access/users/${encodeURIComponent(ownerOf(token))}/token/${encodeURIComponent(tokenNameOf(token))}`;
}

/** An absent field leaves the live value; an empty text clears it. */
function userParameters(user: Partial<Omit<User, "id">>): Record<string, string> {
  return compact({
    enable: user.enabled === undefined ? undefined : flag(user.enabled),
    expire: user.expire?.toString(),
    firstname: user.firstName,
    lastname: user.lastName,
    email: user.email,
    comment: user.comment,
  });
}

function tokenParameters(token: Partial<Omit<Token, "id">>): Record<string, ParameterValue> {
  return compact({
    privsep: token.privilegeSeparation === undefined ? undefined : flag(token.privilegeSeparation),
    expire: token.expire?.toString(),
    comment: token.comment,
  });
}

function aclParameters(cells: Extract<Write, { kind: "grant" | "revoke" }>): Record<string, string> {
  const list = (kind: Subject["kind"]): string | undefined => {
    const ids = cells.subjects.filter((subject) => subject.kind === kind).map(({ id }) => id);
    return ids.length === 0 ? undefined : ids.join(",");
  };
  return compact({
    path: cells.path,
    roles: cells.roles.join(","),
    users: list("user"),
    groups: list("group"),
    tokens: list("token"),
  });
}

function flag(value: boolean): string {
  return value ? "1" : "0";
}

function compact(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** A new object has no texts and never expires unless it is told. */
function withoutDefaults(
  parameters: Readonly<Record<string, ParameterValue>>,
): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(parameters).filter(
      ([name, value]) => value !== "" && !(name === "expire" && value === "0"),
    ),
  );
}
