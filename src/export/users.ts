import type { User } from "../model/access-state.ts";
import { realmOf } from "../model/ids.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { nameable, sayExpiry, sayText } from "./sayable.ts";

export function exportUsers(input: ExportInput): Part {
  const { state, extent, product } = input;
  const users = sortedBy(state.users.values(), ({ id }) => id);
  const owned = users.filter(({ id }) => id !== product.superuser && extent.user(id));
  const { named, remarks: unnameable } = nameable("users", owned);
  const ofDirectories = users.filter(({ id }) => !extent.user(id) && extent.isDirectoryUser(id));
  const remarks = [
    // Only the users of this realm have a password that the server keeps.
    ...(named.some(({ id }) => realmOf(id) === "pve") ? remarkPasswords(input) : []),
    ...remarkDirectories(ofDirectories),
    ...unnameable,
  ];
  return { documents: named.map((user) => documentOf(user, input)), remarks };
}

function documentOf(user: User, { product }: ExportInput): ExportedDocument<"User"> {
  const { limits, isEmail } = product;
  const any = (): boolean => true;
  const expire = sayExpiry(user.expire);
  const firstName = sayText("firstName", user.firstName, any, limits.firstName);
  const lastName = sayText("lastName", user.lastName, any, limits.lastName);
  const email = sayText("email", user.email, isEmail, limits.email);
  const comment = sayText("comment", user.comment, any, limits.comment);
  return {
    kind: "User",
    name: user.id,
    spec: {
      enabled: user.enabled,
      ...expire.fields,
      ...firstName.fields,
      ...lastName.fields,
      ...email.fields,
      ...comment.fields,
    },
    remarks: [expire, firstName, lastName, email, comment].flatMap(({ remarks }) => remarks),
  };
}

function remarkPasswords({ envPrefix }: ExportInput): readonly string[] {
  return [
    "Passwords can't be read, so none is here: everybody keeps theirs. A user of the realm pve that is to be made on",
    "another server, or anew, gets one from where its spec says:",
    `  password: { from: { env: ${envPrefix}NAME } }`,
  ];
}

function remarkDirectories(users: readonly User[]): readonly string[] {
  if (users.length === 0) return [];
  const realms = sortedSet(users.map(({ id }) => realmOf(id)));
  return [
    `Left out: ${users.length === 1 ? "one user" : `${users.length} users`} of ${realms.join(", ")}, made by ${realms.length === 1 ? "its directory" : "their directories"}.`,
  ];
}
