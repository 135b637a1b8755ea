// What stands at the top: the version, and lists of what is below.

import type { Endpoint } from "./endpoint.ts";
import type { Json } from "../json.ts";

const top = ["version", "cluster", "nodes", "storage", "access", "pools"];
const access = ["users", "groups", "roles", "acl", "domains", "openid", "tfa", "ticket", "password"];

const folders = (names: readonly string[]): Json => names.map((subdir) => ({ subdir }));

export const indexEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/", permission: { kind: "all" }, parameters: {}, run: () => folders(top) },
  { method: "GET", path: "/access", permission: { kind: "all" }, parameters: {}, run: () => folders(access) },
  {
    method: "GET",
    path: "/version",
    permission: { kind: "all" },
    parameters: {},
    run: ({ host: { profile } }) => ({
      version: profile.version,
      release: profile.version.split(/[.-]/u).slice(0, 2).join("."),
      repoid: profile.repositoryId,
    }),
  },
];
