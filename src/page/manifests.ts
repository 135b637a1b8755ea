// Which manifests are in force, and what is wrong with those that are not.

import type { StatusDocument } from "../daemon/status.ts";
import { countOf } from "../render/count.ts";
import { html, type Content } from "./html.ts";
import { section } from "./layout.ts";
import { code, list, table } from "./table.ts";
import { relative } from "./time.ts";

type Manifests = StatusDocument["manifests"];

const waits: Readonly<Record<NonNullable<Manifests["waiting"]>, string>> = {
  settling: "newer ones are waited for to stand still",
  changing: "they are changing now",
  "git-lock": "Git holds its lock on newer ones",
};

export function manifestsPart({ manifests, now }: StatusDocument): Content {
  const { diagnostics, notices } = manifests;
  return [
    html`<p class="manifests">${inForce(manifests, now)}</p>`,
    diagnostics.length === 0
      ? ""
      : section(
          "manifests",
          manifests.valid ? "Warnings of the manifests" : "Mistakes in the manifests",
          mistakes(manifests),
        ),
    notices.length === 0 ? "" : section("notices", "How the manifests are mounted", list(notices)),
  ];
}

function inForce(manifests: Manifests, now: string): Content {
  const { inForceDigest, inForceCommit, inForceSince, lastLookAt, waiting } = manifests;
  const waited = waiting === undefined ? "" : `; ${waits[waiting]}`;
  const looked = html`looked at ${relative(lastLookAt, now)}${waited}.`;
  if (inForceDigest === undefined) return html`No manifests are in force; ${looked}`;
  const since = inForceSince === undefined ? "" : html` since ${relative(inForceSince, now)}`;
  return html`In force${since}: ${revision(inForceDigest, inForceCommit)}; ${looked}`;
}

/** Short, with the whole in its title; the commit first, since people know it. */
export function revision(digest: string, commit: string | undefined): Content {
  const short = html`manifests
    <abbr title="${digest}">${code(digest.replace(/^sha256:/u, "").slice(0, 12))}</abbr>`;
  return commit === undefined
    ? short
    : html`commit <abbr title="${commit}">${code(commit.slice(0, 12))}</abbr>, ${short}`;
}

function mistakes({ diagnostics, valid }: Manifests): Content {
  const before = valid ? "" : html`<p>What was accepted before stays in force until they are mended.</p>`;
  const rows = diagnostics.map(({ file, line, column, code: name, message, hint, severity }) => [
    code(`${file}:${line}:${column}`),
    html`${severity} ${code(name)}`,
    html`${message}${hint === undefined ? "" : html` <small>${hint}</small>`}`,
  ]);
  return [
    before,
    table({ caption: countOf(diagnostics.length, "remark"), columns: ["Where", "What", "Why"], rows }),
  ];
}
