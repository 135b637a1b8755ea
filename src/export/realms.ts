// Realms, without their secrets. Of the built-in ones only what somebody has given them.

import type { Realm, SyncJob } from "../model/access-state.ts";
import { holdsSecret } from "../model/realm-secrets.ts";
import { jobCommentLimit, parseSchedule, syncScopes, vanishing } from "../model/sync-jobs.ts";
import { sortedBy } from "../support/compare.ts";
import type { ExportedDocument, ExportInput, Part, SpecOf } from "./exported.ts";
import { sayOptions } from "./realm-options.ts";
import { nameable, sayText, type Said } from "./sayable.ts";

type SyncSpec = NonNullable<SpecOf<"Realm">["sync"]>;

export function exportRealms(input: ExportInput): Part {
  const { state, extent, product } = input;
  const owned = sortedBy(state.realms.values(), ({ id }) => id).filter(({ id }) => extent.realm(id));
  const known = owned.filter(({ type, options }) => product.realms.types.includes(type) && options);
  const { named, remarks } = nameable("realms", known);
  const documents = named
    .map((realm) => documentOf(realm, input))
    .filter(({ name, spec }) => !isBuiltIn(name, input) || Object.keys(spec).length > 1);
  const unread = owned.filter((realm) => !known.includes(realm) && !isBuiltIn(realm.id, input));
  return {
    documents,
    remarks: [
      ...(named.some((realm) => hasSecret(realm, input)) ? remarkSecrets(input) : []),
      ...(unread.length === 0
        ? []
        : [`Left out: ${unread.map(({ id }) => id).join(", ")}, of which nobody has read the options.`]),
      ...(named.some((realm) => realm.syncJobs === undefined && isSynchronised(realm, input))
        ? ["Jobs that fetch users by a schedule (spec.sync) were not read, and stay as they are."]
        : []),
      ...remarks,
    ],
  };
}

function documentOf(realm: Realm, input: ExportInput): ExportedDocument<"Realm"> {
  const { id, type, isDefault, syncJobs = [] } = realm;
  const { builtInComments, commentLimit } = input.product.realms;
  const given = realm.comment === builtInComments.get(id) ? "" : realm.comment;
  const comment = sayText("comment", given, () => true, commentLimit);
  const options = sayOptions(realm, input.product.realms);
  const sync = sayJobs(syncJobs);
  return {
    kind: "Realm",
    name: id,
    spec: {
      // Proof: only realms of a type that the product knows come here, and the schema has those.
      type: type as NonNullable<SpecOf<"Realm">["type"]>,
      ...comment.fields,
      ...(isDefault && { default: true }),
      ...options.fields,
      ...sync.fields,
    },
    remarks: [comment, options, sync].flatMap(({ remarks }) => remarks),
  };
}

function isBuiltIn(id: string, { product }: ExportInput): boolean {
  return [...product.builtInRealms].some((builtIn) => builtIn === id);
}

function isSynchronised({ type }: Realm, { product }: ExportInput): boolean {
  return product.realms.synchronised.includes(type);
}

function sayJobs(jobs: readonly SyncJob[]): Said<{ readonly sync?: SyncSpec }> {
  const [job, ...others] = jobs;
  if (job === undefined) return { fields: {}, remarks: [] };
  const leftAlone = (why: string): Said<{ readonly sync?: SyncSpec }> => ({
    fields: {},
    remarks: [`sync is left alone: ${why}`],
  });
  if (others.length > 0) return leftAlone(`there are ${jobs.length} jobs, and a manifest has one`);
  const { id, schedule, removeVanished, enabled, enableNew } = job;
  const scope = syncScopes.find((known) => known === job.scope);
  if (scope === undefined) return leftAlone(`the job ${id} says no scope of its own`);
  const when = parseSchedule(schedule);
  if (!when.ok || when.value !== schedule) return leftAlone(`no manifest can say when the job ${id} runs`);
  const comment = sayText("comment", job.comment, () => true, jobCommentLimit);
  const removed = vanishing.filter((known) => removeVanished.split(";").includes(known));
  return {
    fields: {
      sync: {
        schedule,
        scope,
        ...(removed.length > 0 && { removeVanished: removed }),
        ...(!enabled && { enabled }),
        ...(enableNew !== undefined && { enableNew }),
        ...comment.fields,
      },
    },
    remarks: comment.remarks,
  };
}

/** A client's key may not be there: nobody can see it. */
function hasSecret({ type, options = {} }: Realm, { product }: ExportInput): boolean {
  const { secrets, secretSettings } = product.realms;
  return (secrets.get(type) ?? []).some((name) => {
    const secret = secretSettings.get(name);
    const setting = secret && options[secret.of];
    return secret?.within === undefined ? setting !== undefined : holdsSecret(secret, setting);
  });
}

function remarkSecrets({ envPrefix }: ExportInput): readonly string[] {
  return [
    "Secrets can't be read, so none is here: each realm keeps what it has. One that is to be made on another server, or anew,",
    "gets them from where its spec says (password of ldap and ad, client-key of openid, tfa-key of Yubico):",
    `  secrets: { password: { env: ${envPrefix}NAME } }`,
  ];
}
