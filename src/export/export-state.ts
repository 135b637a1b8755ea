// In: an access state and what of it is to be owned. Out: the manifests that declare it, in files as a person would keep
// them. Must not know: targets, scopes, where the state comes from. What is exported is what a plan then finds unchanged.

import { exportAcl } from "./acl.ts";
import type { ExportedFile, ExportInput, FileName, Part } from "./exported.ts";
import { exportGroups } from "./groups.ts";
import { exportPools } from "./pools.ts";
import { exportRoles } from "./roles.ts";
import { exportTokens } from "./tokens.ts";
import { exportUsers } from "./users.ts";

/** In the order in which a reader gets to know a server; files with nothing to say are left out. */
export function exportState(input: ExportInput): readonly ExportedFile[] {
  const acl = exportAcl(input);
  const tokens = exportTokens(input);
  const parts: Readonly<Record<FileName, Part>> = {
    "users.yaml": exportUsers(input),
    "groups.yaml": exportGroups(input),
    "roles.yaml": exportRoles(input),
    "pools.yaml": exportPools(input),
    "acl.yaml": acl.ofPeople,
    "tokens.yaml": joined(tokens, acl.ofTokens),
  };
  return fileNames
    .map((name) => ({ name, ...parts[name] }))
    .filter(({ documents, remarks }) => documents.length > 0 || remarks.length > 0);
}

export const fileNames: readonly FileName[] = [
  "users.yaml",
  "groups.yaml",
  "roles.yaml",
  "pools.yaml",
  "acl.yaml",
  "tokens.yaml",
];

function joined(one: Part, other: Part): Part {
  return {
    documents: [...one.documents, ...other.documents],
    remarks: [...one.remarks, ...other.remarks],
  };
}
