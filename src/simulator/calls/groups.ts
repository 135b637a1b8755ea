// /access/groups

import { subjectKey, type GroupId } from "../../model/ids.ts";
import type { CfgGroup } from "../../usercfg/user-cfg.ts";
import { withoutSubject } from "./acl-edit.ts";
import { hasAny } from "../privileges.ts";
import { callerOf, required, type Call, type Endpoint, type Permission } from "./endpoint.ts";
import { groupIdFormat } from "../parameters/formats.ts";
import type { Json } from "../json.ts";
import { underLock } from "../locks.ts";
import { failure } from "../refusal.ts";
import { isTrue, type ParameterSchema, type Parameters } from "../parameters/schema.ts";

const groupId: ParameterSchema = { type: "string", format: groupIdFormat };
const comment: ParameterSchema = { type: "string", optional: true };
const allocate: Permission = { kind: "privileges", path: "/access/groups", privileges: ["Group.Allocate"] };

export const groupEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/groups",
    permission: { kind: "all" },
    parameters: {},
    run: listGroups,
  },
  {
    method: "POST",
    path: "/access/groups",
    permission: allocate,
    parameters: { groupid: groupId, comment },
    forwarded: true,
    run: (call) => underLock(call.host, "create group failed", () => createGroup(call)),
  },
  {
    method: "GET",
    path: "/access/groups/{groupid}",
    permission: {
      kind: "privileges",
      path: "/access/groups",
      privileges: ["Sys.Audit", "Group.Allocate"],
      any: true,
    },
    parameters: { groupid: groupId },
    run: (call) => {
      const group = existingGroup(call);
      return { members: [...group.members], comment: group.comment };
    },
  },
  {
    method: "PUT",
    path: "/access/groups/{groupid}",
    permission: allocate,
    parameters: { groupid: groupId, comment },
    forwarded: true,
    run: (call) => underLock(call.host, "update group failed", () => updateGroup(call)),
  },
  {
    method: "DELETE",
    path: "/access/groups/{groupid}",
    permission: allocate,
    parameters: { groupid: groupId },
    forwarded: true,
    run: (call) => underLock(call.host, "delete group failed", () => deleteGroup(call)),
  },
];

function listGroups(call: Call): Json {
  const caller = callerOf(call);
  const privileges = ["User.Modify", "Sys.Audit", "Group.Allocate"];
  return [...call.host.userCfg.read().groups]
    .filter(([id]) => hasAny(call.host, caller, { path: `/access/groups/${id}`, privileges }))
    .map(([id, group]) => ({
      groupid: id,
      users: [...group.members].sort().join(","),
      comment: group.comment,
    }));
}

function createGroup({ host, parameters }: Call): null {
  const id = groupIdOf(parameters);
  const cfg = host.userCfg.read();
  if (cfg.groups.has(id)) throw failure(`group '${id}' already exists`);
  const text = parameters.get("comment");
  const group: CfgGroup = { members: new Set(), ...(isTrue(text) && { comment: text }) };
  host.userCfg.write({ ...cfg, groups: new Map([...cfg.groups, [id, group] as const]) });
  return null;
}

function updateGroup(call: Call): null {
  const { host, parameters } = call;
  const id = groupIdOf(parameters);
  const before = existingGroup(call);
  const text = parameters.get("comment");
  const group: CfgGroup = { ...before, ...(text !== undefined && { comment: text }) };
  const cfg = host.userCfg.read();
  host.userCfg.write({ ...cfg, groups: new Map([...cfg.groups, [id, group] as const]) });
  return null;
}

function deleteGroup(call: Call): null {
  const { host, parameters } = call;
  const id = groupIdOf(parameters);
  existingGroup(call);
  const cfg = host.userCfg.read();
  host.userCfg.write({
    ...cfg,
    groups: new Map([...cfg.groups].filter(([other]) => other !== id)),
    acl: withoutSubject(cfg.acl, subjectKey({ kind: "group", id })),
  });
  return null;
}

function existingGroup({ host, parameters }: Call): CfgGroup {
  const id = groupIdOf(parameters);
  const group = host.userCfg.read().groups.get(id);
  if (group === undefined) throw failure(`group '${id}' does not exist`);
  return group;
}

function groupIdOf(parameters: Parameters): GroupId {
  // Proof: the parameter was verified to have the format of a group's id.
  return required(parameters, "groupid") as GroupId;
}
