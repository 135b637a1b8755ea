// In: a write to a realm or to its job. Out: the request that does it. Must not know: how it is sent. Source: for realms
// recordings of libpve-access-control 9.1.1, for jobs the public API documentation.

import type { RealmOptions, Setting, SyncJob } from "../model/access-state.ts";
import { wordSetting } from "../model/realm-scalars.ts";
import { pveRealms } from "../model/pve-realms.ts";
import { textBefore } from "../model/realm-secrets.ts";
import { wordReference } from "../model/secret.ts";
import type { ParameterValue, RealmSecrets, RealmWrite, RequestShape } from "./plan.ts";
import { settingsOf } from "./realm-writes.ts";

type Checked = Pick<Extract<RealmWrite, { kind: "create-realm" | "update-realm" }>, "checksConnection">;

export function realmRequestFor(write: RealmWrite): RequestShape {
  switch (write.kind) {
    case "create-realm": {
      const { realm, secrets } = write;
      const given = { ...worded(settingsOf(realm)), ...withSecrets(secrets, realm.options ?? {}) };
      return {
        method: "POST",
        path: "/access/domains",
        parameters: { realm: realm.id, type: realm.type, ...given, ...checking(write) },
      };
    }
    case "update-realm":
      return {
        method: "PUT",
        path: realmPath(write.id),
        parameters: {
          ...worded(write.set),
          ...withSecrets(write.secrets, { ...write.expected, ...write.set }),
          ...checking(write),
          ...(write.remove.length > 0 && { delete: write.remove.join(",") }),
          digest: { digestOf: write.id },
        },
      };
    case "delete-realm":
      return { method: "DELETE", path: realmPath(write.id), parameters: {} };
    case "create-sync-job": {
      const { comment, ...rest } = jobParameters(write.job);
      const given = comment === "" ? rest : { ...rest, comment };
      return { method: "POST", path: jobPath(write.job.id), parameters: { realm: write.realm, ...given } };
    }
    case "update-sync-job": {
      const { comment, ...rest } = jobParameters(write.job);
      const given = comment === "" ? { ...rest, delete: "comment" } : { ...rest, comment };
      return { method: "PUT", path: jobPath(write.job.id), parameters: given };
    }
    case "delete-sync-job":
      return { method: "DELETE", path: jobPath(write.id), parameters: {} };
  }
}

function realmPath(id: string): string {
  return `/access/domains/${encodeURIComponent(id)}`;
}

function jobPath(id: string): string {
  return `/cluster/jobs/realm-sync/${encodeURIComponent(id)}`;
}

function worded(settings: Readonly<Record<string, Setting>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, wordSetting(value)]));
}

/** One that stands in an option is sent with all of the option, in the option's place. */
function withSecrets(secrets: RealmSecrets, options: RealmOptions): Record<string, ParameterValue> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, reference]): readonly [string, ParameterValue] => {
      const words = wordReference(reference);
      const setting = pveRealms.secretSettings.get(name);
      const startsWith = setting && textBefore(setting, options[setting.of]);
      if (setting === undefined || startsWith === undefined) return [name, { secret: words }];
      return [setting.of, { startsWith, endsInSecret: words }];
    }),
  );
}

function checking({ checksConnection }: Checked): Record<string, string> {
  return checksConnection ? { "check-connection": "1" } : {};
}

function jobParameters({ schedule, scope, removeVanished, enabled, enableNew, comment }: SyncJob): {
  readonly comment: string;
} & Record<string, string> {
  return {
    schedule,
    scope,
    "remove-vanished": removeVanished,
    enabled: wordSetting(enabled),
    ...(enableNew !== undefined && { "enable-new": wordSetting(enableNew) }),
    comment,
  };
}
