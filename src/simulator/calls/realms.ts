// /access/domains: reading.

import { createHash } from "node:crypto";
import { mapValues } from "../../support/maps.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { required } from "./endpoint.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import { realmParameter, storedOptions } from "./realm-parameters.ts";
import type { RealmSection } from "../files/realms.ts";
import { failure } from "../refusal.ts";

export const realmReads: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/domains",
    permission: { kind: "world" },
    parameters: {},
    run: ({ host }) => [...host.realms.read()].map(([realm, section]) => rowOf(realm, section)),
  },
  {
    method: "GET",
    path: "/access/domains/{realm}",
    permission: {
      kind: "privileges",
      path: "/access/realm",
      privileges: ["Realm.Allocate", "Sys.Audit"],
      any: true,
    },
    parameters: { realm: realmParameter },
    run: readRealm,
  },
];

function rowOf(realm: string, section: RealmSection | "broken"): Json {
  if (section === "broken") return { realm, type: null };
  const { type, options } = section;
  const comment = options.get("comment");
  return {
    realm,
    type,
    comment: comment === "" ? undefined : comment,
    default: options.get("default") === "1" ? 1 : undefined,
    tfa: /(?:^|,)type=([^,]+)/u.exec(options.get("tfa") ?? "")?.[1],
  };
}

function readRealm({ host, parameters }: Call): Json {
  const realm = required(parameters, "realm");
  const section = host.realms.read().get(realm);
  if (section === undefined || section === "broken") throw failure(`domain '${realm}' does not exist`);
  const options = mapValues(section.options, (value, name) => typed(name, value));
  return {
    ...Object.fromEntries(options),
    type: section.type,
    ...(section.type === "pam" && { plugin: "PVE::Auth::PAM" }),
    digest: digestOfRealms(host),
  };
}

function typed(name: string, value: string): Json {
  const type = Object.hasOwn(storedOptions, name) ? storedOptions[name]?.type : undefined;
  return type === "boolean" || type === "integer" ? Number(value) : value;
}

/** Of the whole file: it changes with any realm. */
export function digestOfRealms(host: Host): string {
  const text = host.store.read("domains.cfg") ?? "";
  return createHash("sha1").update(text, "latin1").digest("hex");
}
