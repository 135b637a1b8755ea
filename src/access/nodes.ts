// A path as the server walks to it.

import type { AclPath } from "../model/ids.ts";

// Proof: the root is a path in normal form.
export const root = "/" as AclPath;

/**
 * The nodes of the tree that decide on a path: its own first, the root last. The path may be any text, as in a query:
 * slashes at its end don't count, and one without a slash at its start misses the root.
 */
export function nodesOf(path: string): AclPath[] {
  if (path === root) return [root];
  const text = path.replace(/\/+$/u, "");
  if (text === "") return [];
  const nodes: AclPath[] = [];
  let node = "";
  for (const segment of text.split("/")) {
    if (segment !== "") node += `/${segment}`;
    // Proof: what is not empty begins with a slash, and no empty segment was added.
    nodes.push(node === "" ? root : (node as AclPath));
  }
  return nodes.reverse();
}
