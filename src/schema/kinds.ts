import type { FromSchema } from "json-schema-to-ts";
import { aclSchema } from "./acl.ts";
import { groupSchema } from "./group.ts";
import { membershipSchema } from "./membership.ts";
import { poolSchema } from "./pool.ts";
import { policySchema } from "./policy.ts";
import { realmSchema } from "./realm.ts";
import { roleSchema } from "./role.ts";
import { targetSchema } from "./target.ts";
import { tokenSchema } from "./token.ts";
import { userSchema } from "./user.ts";

export type ManifestKind =
  "Target" | "User" | "Group" | "Membership" | "Role" | "ACL" | "Token" | "Pool" | "Realm" | "Policy";

/** What a document of each kind holds once it is checked. */
export interface DocumentOf {
  readonly Target: FromSchema<typeof targetSchema>;
  readonly User: FromSchema<typeof userSchema>;
  readonly Group: FromSchema<typeof groupSchema>;
  readonly Membership: FromSchema<typeof membershipSchema>;
  readonly Role: FromSchema<typeof roleSchema>;
  readonly ACL: FromSchema<typeof aclSchema>;
  readonly Token: FromSchema<typeof tokenSchema>;
  readonly Pool: FromSchema<typeof poolSchema>;
  readonly Realm: FromSchema<typeof realmSchema>;
  readonly Policy: FromSchema<typeof policySchema>;
}

/** A JSON Schema of the 2020-12 draft, whatever it says. */
export interface SchemaDocument {
  readonly $id?: string;
  readonly $async?: false;
  readonly [keyword: string]: unknown;
}

export type TypeName = "string" | "boolean" | "integer" | "array" | "object" | "null";

/** What the kinds' schemas are made of, beside words for people; a test holds them to it. */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[];
  readonly const?: string;
  readonly enum?: readonly (string | boolean | null)[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

/** The one source of a kind: types come from it, the checker and the editors read it. */
export const schemas: Readonly<Record<ManifestKind, Schema>> = {
  Target: targetSchema,
  User: userSchema,
  Group: groupSchema,
  Membership: membershipSchema,
  Role: roleSchema,
  ACL: aclSchema,
  Token: tokenSchema,
  Pool: poolSchema,
  Realm: realmSchema,
  Policy: policySchema,
};

export function isManifestKind(text: string): text is ManifestKind {
  return Object.hasOwn(schemas, text);
}
