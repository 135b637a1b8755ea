// What each type of realm has for options.

export interface RealmTypeOptions {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Fixed when the realm is created. */
  readonly fixed: readonly string[];
}

const shared = ["comment", "default"];

const directory = [
  ...["bind_dn", "capath", "case-sensitive", "cert", "certkey", "filter", "group_classes", "group_dn"],
  ...["group_filter", "group_name_attr", "mode", "password", "port", "secure", "server2", "sslversion"],
  ...["sync-defaults-options", "sync_attributes", "tfa", "user_classes", "verify"],
];

const types: Readonly<Record<string, RealmTypeOptions>> = {
  pam: { required: [], optional: [...shared, "tfa"], fixed: [] },
  pve: { required: [], optional: [...shared, "tfa"], fixed: [] },
  ldap: { required: ["base_dn", "server1", "user_attr"], optional: [...shared, ...directory], fixed: [] },
  ad: {
    required: ["domain", "server1"],
    optional: [...shared, ...directory, "base_dn", "user_attr"],
    fixed: [],
  },
  openid: {
    required: ["client-id", "issuer-url"],
    optional: [
      ...[
        ...shared,
        "acr-values",
        "audiences",
        "autocreate",
        "client-key",
        "groups-autocreate",
        "groups-claim",
      ],
      ...["groups-overwrite", "prompt", "query-userinfo", "scopes", "username-claim"],
    ],
    fixed: ["username-claim"],
  },
};

/** Undefined for what is no type of realm. */
export function realmOptions(type: string): RealmTypeOptions | undefined {
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

export function isDirectoryType(type: string): boolean {
  return type === "ldap" || type === "ad";
}
