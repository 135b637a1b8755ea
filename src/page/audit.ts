// What is wrong with the audit log: nothing is said of one that is well.

import type { StatusDocument } from "../daemon/status.ts";
import { html, type Content } from "./html.ts";
import { section } from "./layout.ts";
import { code } from "./table.ts";

type AuditLog = StatusDocument["auditLog"];

export function isAuditWell(auditLog: AuditLog): boolean {
  return auditLog === undefined || (auditLog.writable && auditLog.intact);
}

export function auditPart({ auditLog }: StatusDocument): Content {
  if (auditLog === undefined || isAuditWell(auditLog)) return "";
  const { problem, breach, lastHash } = auditLog;
  return section("audit", "The audit log", [
    problem === undefined ? "" : html`<p>Nothing is written to any server: ${problem}.</p>`,
    breach === undefined ? "" : html`<p>${breach}. ${proof(lastHash)}</p>`,
  ]);
}

function proof(lastHash: string | undefined): Content {
  const command = code(`rolecall audit verify${lastHash === undefined ? "" : ` --expect ${lastHash}`} FILE`);
  return html`${command} names the place. What is written from now on follows what the daemon wrote itself.`;
}
