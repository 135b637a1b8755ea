// In: an access state and what of it is to be owned. Out: the manifests that declare it, in files as a person would keep
// them. Must not know: targets, scopes, where the state comes from. What is exported is what a plan then finds unchanged.

import { exportAcl } from "./acl.ts";
import { fileNames, type ExportedFile, type ExportInput, type FileName, type Part } from "./exported.ts";
import { exportGroups } from "./groups.ts";
import { exportPools } from "./pools.ts";
import { exportRealms } from "./realms.ts";
import { exportRoles } from "./roles.ts";
import { exportTokens } from "./tokens.ts";
import { exportUsers } from "./users.ts";

/** Files with nothing to say are left out. */
export function exportState(input: ExportInput): readonly ExportedFile[] {
  const acl = exportAcl(input);
  const tokens = exportTokens(input);
  const parts: Readonly<Record<FileName, Part>> = {
    "realms.yaml": exportRealms(input),
    "users.yaml": exportUsers(input),
    "groups.yaml": exportGroups(input),
    "roles.yaml": exportRoles(input),
    "pools.yaml": exportPools(input),
    "acl.yaml": acl.ofPeople,
    "tokens.yaml": joined(tokens, acl.ofTokens),
  };
  return fileNames
    .map((name) => ({ name, ...forTargets(parts[name], input) }))
    .filter(({ documents, remarks }) => documents.length > 0 || remarks.length > 0);
}

/** Where it is said which targets the manifests are for, each says it first. */
function forTargets({ documents, remarks }: Part, { targets }: ExportInput): Part {
  if (targets === undefined) return { documents, remarks };
  const named = documents.map((one) => ({ ...one, spec: { targets: [...targets], ...one.spec } }));
  return { documents: named, remarks };
}

function joined(one: Part, other: Part): Part {
  return {
    documents: [...one.documents, ...other.documents],
    remarks: [...one.remarks, ...other.remarks],
  };
}
