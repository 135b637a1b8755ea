// What the server can be asked: one value for each method of each path.

import type { AuthId } from "../../model/ids.ts";
import { Bug } from "../../support/bug.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import type { ParameterTable, Parameters } from "../parameters/schema.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** What a caller must have before an endpoint looks at anything else. `{name}` in a path is a parameter. */
export type Permission =
  /** Anybody, logged in or not. */
  | { readonly kind: "world" }
  /** Anybody who is logged in. */
  | { readonly kind: "all" }
  | {
      readonly kind: "privileges";
      readonly path: string;
      readonly privileges: readonly string[];
      readonly any?: true;
    }
  /** Whatever lets the caller change the ACL at the parameter `path`. */
  | { readonly kind: "modify-acl" }
  | { readonly kind: "self" }
  /** `Realm.AllocateUser` on the realm of the parameter `userid`. */
  | { readonly kind: "allocate-user" }
  /**
   * One of the privileges on all groups, or on one that the user is a member of. `groups` tells that the parameter
   * of this name counts: the caller needs a privilege on each group in it.
   */
  | {
      readonly kind: "user-groups";
      readonly privileges: readonly string[];
      readonly groups?: "create" | "update";
    }
  | { readonly kind: "every"; readonly of: readonly Permission[] }
  | { readonly kind: "either"; readonly of: readonly Permission[] };

export interface Call {
  readonly host: Host;
  /** Undefined where nobody needs to be logged in. */
  readonly caller: AuthId | undefined;
  readonly parameters: Parameters;
}

export interface Endpoint {
  readonly method: Method;
  /** As `/access/users/{userid}`. */
  readonly path: string;
  readonly permission: Permission;
  readonly parameters: ParameterTable;
  /** Not for API tokens. */
  readonly ticketOnly?: true;
  /** Done by the real server's second process, the one that may write. */
  readonly forwarded?: true;
  /** The `data` of the answer. Throws a Refusal. */
  readonly run: (call: Call) => Json | undefined;
}

/** A verified parameter that the table does not let be missing. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new Bug(`no parameter ${name}`);
  return value;
}

/** Who calls; only for endpoints that nobody reaches without a login. */
export function callerOf({ caller }: Call): AuthId {
  if (caller === undefined) throw new Bug("nobody is logged in");
  return caller;
}
