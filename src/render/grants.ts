// What identities are to be given: a stream of manifests, with the lines for a shell on a node in its comments.

import type { CallerGrant } from "../guard/caller-grant.ts";
import type { LeastEntry } from "../guard/least-entries.ts";
import { ownerOf, subjectKey, tokenNameOf, type UserId } from "../model/ids.ts";
import { printableJson, visible } from "./escape.ts";
import { flowDocument } from "./flow-yaml.ts";
import { documentOf, grantManifests, type GrantManifest } from "./grant-manifests.ts";
import { pveumCommand } from "./pveum.ts";

/** All identities of one target. */
export interface GrantSheet {
  readonly target: string;
  readonly superuser: UserId;
  readonly grants: readonly CallerGrant[];
}

/** Valid YAML as a whole. */
export function renderGrants(sheets: readonly GrantSheet[]): string {
  return sheets.map((sheet) => sheetText(sheet, targetsOf(sheet, sheets))).join("---\n");
}

/** Manifests say which target they are for where there are several. */
function targetsOf({ target }: GrantSheet, sheets: readonly GrantSheet[]): readonly string[] | undefined {
  return sheets.length > 1 ? [target] : undefined;
}

function sheetText(sheet: GrantSheet, targets: readonly string[] | undefined): string {
  const { target, superuser, grants } = sheet;
  const manifests = grantManifests(target, superuser, grants);
  const words = grants.flatMap((grant, index) => [...(index === 0 ? [] : [""]), ...grantWords(sheet, grant)]);
  const ways =
    manifests.length === 0
      ? []
      : [
          "",
          "On a node, as root (what is said to exist already is done):",
          ...manifests.flatMap(pveumLines).map((line) => `  ${line}`),
          "",
          "Or as manifests, applied by somebody who may. Don't keep them among those that this identity applies: to",
          "change itself it would have to hold far more.",
        ];
  return [
    [...words, ...ways].map((text) => (text === "" ? "#\n" : `# ${visible(text)}\n`)).join(""),
    manifests.map((manifest) => flowDocument(documentOf(manifest, targets))).join("---\n"),
  ].join("");
}

function grantWords({ target, superuser }: GrantSheet, grant: CallerGrant): readonly string[] {
  const { purpose, caller, entries, notes } = grant;
  const head = `${target}: what ${caller} needs to ${purpose}`;
  if (caller === superuser) return [`${head}: nothing, it may do everything`];
  return [
    `${head}:`,
    ...entries.map((entry) => `  ${entryWords(entry)}`),
    ...notes.map((note) => `note: ${note}`),
  ];
}

function entryWords({ path, privilege, propagate, because }: LeastEntry): string {
  const more = because.length - 3;
  const reasons = `${because.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${privilege} on ${path}${propagate ? " and below" : ""}: ${reasons}`;
}

function pveumLines(manifest: GrantManifest): readonly string[] {
  switch (manifest.kind) {
    case "Role":
      return [pveumCommand("role add", [manifest.name], [["privs", manifest.privilege]])];
    case "User":
      return [pveumCommand("user add", [manifest.name])];
    case "Token": {
      const words = [ownerOf(manifest.name), tokenNameOf(manifest.name)];
      return [pveumCommand("user token add", words, [["privsep", flag(manifest.privilegeSeparation)]])];
    }
    case "ACL": {
      const { paths, roles, holder, propagate } = manifest;
      return paths.map((path) =>
        pveumCommand(
          "acl modify",
          [path],
          [
            [`${holder.kind}s`, holder.id],
            ["roles", roles.join(",")],
            ["propagate", flag(propagate)],
          ],
        ),
      );
    }
  }
}

function flag(value: boolean): string {
  return value ? "1" : "0";
}

/** By docs/doctor.schema.json. */
export function renderGrantsJson(sheets: readonly GrantSheet[]): string {
  return printableJson({
    formatVersion: 1,
    targets: sheets.map((sheet) => {
      const { target, superuser, grants } = sheet;
      const manifests = grantManifests(target, superuser, grants);
      return {
        name: target,
        grants: grants.map(({ purpose, caller, holder, entries, notes }) => ({
          purpose,
          caller,
          holder: subjectKey(holder),
          entries,
          notes,
        })),
        manifests: manifests.map((manifest) => documentOf(manifest, targetsOf(sheet, sheets))),
        pveum: manifests.flatMap(pveumLines),
      };
    }),
  });
}
