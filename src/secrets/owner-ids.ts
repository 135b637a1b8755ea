import type { FileOwner } from "../model/target.ts";
import { readSmallFile } from "./file-source.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";

/** Whose a file is to be, in the system's numbers; -1 leaves it as it is. Undefined: nothing was said. */
export type OwnerIds = { readonly uid: number; readonly gid: number } | undefined;

/** What the kernel takes for "as it is". */
const unchanged = -1;
const maximumBytes = 4 * 1024 * 1024;

/** The numbers behind the names, as the system's own files have them: a directory service is not asked. */
export async function resolveOwner(sink: string, owner: FileOwner | undefined): Promise<Resolved<OwnerIds>> {
  if (owner === undefined) return resolved(undefined);
  const uid = await idOf(sink, "user", owner.user);
  if (!uid.ok) return uid;
  const gid = await idOf(sink, "group", owner.group);
  return gid.ok ? resolved({ uid: uid.value, gid: gid.value }) : gid;
}

const files = { user: "/etc/passwd", group: "/etc/group" } as const;

async function idOf(
  sink: string,
  kind: "user" | "group",
  name: string | undefined,
): Promise<Resolved<number>> {
  if (name === undefined) return resolved(unchanged);
  if (/^\d{1,10}$/u.test(name)) return resolved(Number(name));
  const file = await readSmallFile(files[kind], maximumBytes);
  const line = file.ok ? file.text.split("\n").find((one) => one.startsWith(`${name}:`)) : undefined;
  const id = line?.split(":")[2];
  if (id !== undefined && /^\d+$/u.test(id)) return resolved(Number(id));
  const message = `sink ${sink}: ${files[kind]} has no ${kind} ${JSON.stringify(name)}: write its number`;
  return unresolved("sink-owner-unknown", message);
}
