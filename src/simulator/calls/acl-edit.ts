// The ACL of a user.cfg, changed by making a new one.

import type { AclPath, RoleId, Subject, SubjectKey } from "../../model/ids.ts";
import { subjectKey } from "../../model/ids.ts";
import type { CfgGrants, UserCfg } from "../../usercfg/user-cfg.ts";

type Acl = UserCfg["acl"];

export function withoutSubject(acl: Acl, key: SubjectKey): Acl {
  return new Map(
    [...acl].map(([path, node]) => [path, new Map([...node].filter(([other]) => other !== key))]),
  );
}

/** Without the entries at a path and at all that is below it. */
export function withoutTree(acl: Acl, path: string): Acl {
  return new Map([...acl].filter(([other]) => other !== path && !other.startsWith(`${path}/`)));
}

export interface AclPlace {
  readonly path: AclPath;
  readonly subject: Subject;
  readonly role: RoleId;
}

/** An entry that is there already only gets the new flag. */
export function withEntry(acl: Acl, { path, subject, role }: AclPlace, propagate: boolean): Acl {
  return replaceRoles(acl, { path, subject }, (roles) => new Map([...roles, [role, propagate]]));
}

export function withoutEntry(acl: Acl, { path, subject, role }: AclPlace): Acl {
  if (!acl.has(path)) return acl;
  return replaceRoles(
    acl,
    { path, subject },
    (roles) => new Map([...roles].filter(([other]) => other !== role)),
  );
}

function replaceRoles(
  acl: Acl,
  { path, subject }: Omit<AclPlace, "role">,
  change: (roles: CfgGrants["roles"]) => CfgGrants["roles"],
): Acl {
  const node = acl.get(path) ?? new Map<SubjectKey, CfgGrants>();
  const key = subjectKey(subject);
  const roles = change(node.get(key)?.roles ?? new Map());
  return new Map([...acl, [path, new Map([...node, [key, { subject, roles }]])]]);
}
