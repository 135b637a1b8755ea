// /cluster/jobs/realm-sync: as the public documentation has it; not recorded.

import type { Profile } from "../profile.ts";
import type { Json } from "../json.ts";
import { isDirectoryType } from "../files/realm-options.ts";
import { badParameters, failure } from "../refusal.ts";
import { configIdFormat } from "../parameters/formats.ts";
import { splitList, type ParameterSchema, type ParameterTable } from "../parameters/schema.ts";
import { required, type Call, type Endpoint, type Permission } from "./endpoint.ts";
import { realmParameter, syncDefaults } from "./realm-parameters.ts";

const path = "/cluster/jobs/realm-sync";
const look: Permission = { kind: "privileges", path: "/", privileges: ["Sys.Audit"] };
const change: Permission = { kind: "privileges", path: "/", privileges: ["Sys.Modify"] };
const jobId: ParameterSchema = { type: "string", format: configIdFormat };
const options = Object.fromEntries(
  Object.entries(syncDefaults).filter(([name]) => name !== "full" && name !== "purge"),
);
const settings: ParameterTable = {
  ...options,
  comment: { type: "string", optional: true, maximumLength: 512 },
  enabled: { type: "boolean", optional: true },
  id: jobId,
  schedule: { type: "string", maximumLength: 128 },
};

/** Release 8.0 brought them. */
export function syncJobEndpoints({ realms }: Profile): readonly Endpoint[] {
  if (!realms.syncJobs) return [];
  return [
    { method: "GET", path, permission: look, parameters: {}, run: listJobs },
    { method: "GET", path: `${path}/{id}`, permission: look, parameters: { id: jobId }, run: readJob },
    {
      method: "POST",
      path: `${path}/{id}`,
      permission: {
        kind: "every",
        of: [
          { kind: "privileges", path: "/access/realm/{realm}", privileges: ["Realm.AllocateUser"] },
          { kind: "privileges", path: "/access/groups", privileges: ["User.Modify"] },
        ],
      },
      parameters: { ...settings, realm: { ...realmParameter, optional: true } },
      forwarded: true,
      run: createJob,
    },
    {
      method: "PUT",
      path: `${path}/{id}`,
      permission: { kind: "privileges", path: "/access/groups", privileges: ["User.Modify"] },
      parameters: {
        ...settings,
        delete: { type: "string", optional: true, format: configIdFormat, list: true },
      },
      forwarded: true,
      run: updateJob,
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      permission: change,
      parameters: { id: jobId },
      forwarded: true,
      run: deleteJob,
    },
  ];
}

function listJobs({ host }: Call): Json {
  return [...host.jobs.read().syncs].map(([id, job]) => ({ id, ...shown(job) }));
}

function readJob({ host, parameters }: Call): Json {
  const id = required(parameters, "id");
  const job = host.jobs.read().syncs.get(id);
  if (job === undefined) throw badParameters({ id: `No such job '${id}'` });
  return { id, type: "realm-sync", ...shown(job) };
}

function shown(job: ReadonlyMap<string, string>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    [...job].map(([name, value]) => [name, ["enabled", "enable-new"].includes(name) ? Number(value) : value]),
  );
}

function createJob({ host, parameters }: Call): null {
  const id = required(parameters, "id");
  const { syncs, others } = host.jobs.read();
  if (syncs.has(id)) throw failure(`Job '${id}' already exists`);
  const realm = parameters.get("realm") ?? "";
  const section = host.realms.read().get(realm);
  if (section === undefined || section === "broken")
    throw badParameters({ realm: `No such realm '${realm}'` });
  if (!isDirectoryType(section.type)) throw badParameters({ realm: "Only LDAP/AD realms can be synced." });
  if (!parameters.has("scope")) throw failure("missing value for required option 'scope'");
  const job = new Map([...parameters].filter(([name]) => name !== "id"));
  host.jobs.write({ others, syncs: new Map([...syncs, [id, job] as const]) });
  return null;
}

function updateJob({ host, parameters }: Call): null {
  const id = required(parameters, "id");
  const { syncs, others } = host.jobs.read();
  const job = syncs.get(id);
  if (job === undefined) throw failure("no such realm-sync job");
  const deleted = splitList(parameters.get("delete"));
  const kept = [...job].filter(([name]) => !deleted.includes(name));
  const given = [...parameters].filter(([name]) => name !== "id" && name !== "delete");
  host.jobs.write({ others, syncs: new Map([...syncs, [id, new Map([...kept, ...given])] as const]) });
  return null;
}

function deleteJob({ host, parameters }: Call): null {
  const id = required(parameters, "id");
  const { syncs, others } = host.jobs.read();
  if (!syncs.has(id)) throw badParameters({ id: `No such job '${id}'` });
  host.jobs.write({ others, syncs: new Map([...syncs].filter(([other]) => other !== id)) });
  return null;
}
