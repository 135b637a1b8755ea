// Groups with one member more or less.

import type { GroupId, UserId } from "../../model/ids.ts";
import { mapValues } from "../../support/maps.ts";
import type { CfgGroup, UserCfg } from "../../usercfg/user-cfg.ts";
import { failure } from "../refusal.ts";
import { splitList, type Parameters } from "../parameters/schema.ts";

/** The groups of the parameter `groups`; refuses one that is not there. */
export function existingGroups(cfg: UserCfg, parameters: Parameters): GroupId[] {
  return splitList(parameters.get("groups")).map((name) => {
    // Proof: a name that the file has is the id of a group.
    const id = name as GroupId;
    if (!cfg.groups.has(id)) throw failure(`no such group '${name}'`);
    return id;
  });
}

export function withMember(
  { groups }: UserCfg,
  user: UserId,
  joined: readonly GroupId[],
): Map<GroupId, CfgGroup> {
  return mapValues(groups, (group, id) =>
    joined.includes(id) ? { ...group, members: new Set([...group.members, user]) } : group,
  );
}

export function withoutMember({ groups }: UserCfg, user: UserId): Map<GroupId, CfgGroup> {
  return mapValues(groups, (group) => ({
    ...group,
    members: new Set([...group.members].filter((member) => member !== user)),
  }));
}
