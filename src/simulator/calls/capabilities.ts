// What a login is told of its privileges, for the web interface.

import { effectivePermissions } from "../../access/effective.ts";
import type { UserId } from "../../model/ids.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import { privilegesOn } from "../privileges.ts";

/** What the web interface may show: privileges by the part of the tree that they are held in. */
const capabilityPatterns: Readonly<Record<string, RegExp>> = {
  access: /^(?:(?:User|Group)\.|Permissions\.Modify)/u,
  dc: /^(?:Sys\.(?:Audit|Modify)|SDN\.)/u,
  mapping: /^(?:Mapping\.|Permissions\.Modify)/u,
  nodes: /^(?:Sys\.|Permissions\.Modify)/u,
  sdn: /^(?:SDN\.|Permissions\.Modify)/u,
  storage: /^(?:Datastore\.|Permissions\.Modify)/u,
  vms: /^(?:VM\.|Permissions\.Modify)/u,
};

export function capabilitiesOf(host: Host, user: UserId): Json {
  const paths = new Set(["/mapping", ...effectivePermissions(host.access(), user).keys()]);
  const held = [...paths].map((path) => ({ path, privileges: [...privilegesOn(host, user, path).keys()] }));
  return Object.fromEntries(
    Object.entries(capabilityPatterns).map(([part, pattern]) => {
      const names = held.flatMap(({ path, privileges }) =>
        partsOf(path).includes(part) ? privileges.filter((name) => pattern.test(name)) : [],
      );
      return [part, Object.fromEntries(names.map((name) => [name, 1]))];
    }),
  );
}

/** What is held on a pool is held on the guests and storages in it. */
function partsOf(path: string): readonly string[] {
  const top = /^\/(\w+)/u.exec(path)?.[1] ?? "dc";
  return top === "pool" ? ["vms", "storage"] : [top];
}
