// In: nothing. Out: seven sites that stand in different ways, each a simulated server, and the manifests of them all in a
// temporary folder. Names that would be markup are among them. Must not know: what any test asks of it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../../src/simulator/server.ts";
import { systemClock } from "../../../src/support/clock.ts";

const secret = "11111111-2222-4333-8444-555555555501";

/** A comment that a browser would obey, were it let. */
export const hostile = `<img src=x onerror="document.title='owned'"> </td><script>document.title="owned"</script>`;

/** As long as a server takes one, without a place to break it. */
const longName = `${"maximilian".repeat(6)}@pve`;

const common = (more: {
  /** Of anna@pve. */
  readonly comment?: string;
  readonly groups?: string;
  readonly users?: string;
  readonly acl?: string;
}): string => `user:root@pam:1:0::::::
user:anna@pve:1:0:Anna:Berg:anna@example.com:${encodeURIComponent(more.comment ?? "on call")}::
user:tom@pve:1:0:Tom:Reiter:tom@example.com:::
user:rolecall@pve:1:0::::::
${more.users ?? ""}token:rolecall@pve!gitops:0:0::

group:operators:anna@pve,tom@pve::
group:auditors:::
${more.groups ?? ""}
role:Rolecall:Group.Allocate,Permissions.Modify,Pool.Allocate,Pool.Audit,Realm.AllocateUser,Sys.Audit,Sys.Modify,User.Modify:
role:VMOperator:VM.Audit,VM.Console,VM.PowerMgmt:

acl:1:/:rolecall@pve:Rolecall:
acl:1:/vms:@operators:VMOperator:
acl:1:/:@auditors:PVEAuditor:
acl:0:/vms/101:anna@pve:NoAccess:
${more.acl ?? ""}`;

function daysAhead(days: number): number {
  return Math.floor(Date.now() / 1000) + Math.round(days * 86_400);
}

/** What is on each server, where it is not what all have. */
const servers = (): Readonly<Record<string, string>> => ({
  berlin: common({
    users: `user:ci@pve:1:0::::builds::\ntoken:ci@pve!deploy:${daysAhead(0.4)}:1:delivers releases:\ntoken:ci@pve!metrics:${daysAhead(5)}:1::\ntoken:ci@pve!backup:${daysAhead(20)}:1::\n`,
  }),
  hamburg: common({
    users: ["jan", "lea", "max", "eva", "kai", "ole"].map((name) => `user:${name}@pve:1:0::::::\n`).join(""),
    acl: "acl:1:/storage:jan@pve,lea@pve,max@pve:PVEDatastoreUser:\n",
  }),
  lab: common({
    users: `user:${longName}:1:0::::::\nuser:mallory@pve:1:0::::::\n`,
    comment: hostile,
    groups: "group:students:mallory@pve::\n",
    acl: "acl:1:/:mallory@pve:Administrator:\nacl:1:/vms:@students:PVEVMUser:\n",
  }),
  leipzig: common({ groups: "group:rolecall-pause:::\n", users: "user:temp@pve:1:0::::::\n" }),
  muenchen: common({}),
});

const shared = `apiVersion: rolecall.dev/v1
kind: User
metadata: { name: anna@pve }
spec: { firstName: Anna, lastName: Berg, email: anna@example.com, comment: on call, groups: [operators] }
---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: tom@pve }
spec: { firstName: Tom, lastName: Reiter, email: tom@example.com, groups: [operators, auditors] }
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: operators }
spec: { comment: they keep the guests running }
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: auditors }
---
apiVersion: rolecall.dev/v1
kind: Role
metadata: { name: VMOperator }
spec: { privileges: [VM.Audit, VM.Console, VM.PowerMgmt, VM.Snapshot] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: operators }
spec: { path: /vms, roles: [VMOperator], subjects: [{ group: operators }] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: auditors }
spec: { path: /, roles: [PVEAuditor], subjects: [{ group: auditors }] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: anna-not-101 }
spec: { path: /vms/101, propagate: false, roles: [NoAccess], subjects: [{ user: anna@pve }] }
---
apiVersion: rolecall.dev/v1
kind: Membership
metadata: { name: anna-audits }
spec: { group: auditors, user: anna@pve, validity: { notAfter: "2031-12-05T18:00:00Z" }, targets: [berlin] }
`;

function target(name: string, more = ""): string {
  return `apiVersion: rolecall.dev/v1
kind: Target
metadata: { name: ${name} }
spec:
  product: pve
  endpoints: [{ env: URL_${name.toUpperCase()} }]
  credentials: { token: { id: rolecall@pve!gitops, secret: { env: ROLECALL_TOKEN } } }
  prune: true
  scope: { users: { exclude: [ci@pve] }, tokens: { exclude: ["ci@pve!*"] } }
${more}`;
}

const targets = [
  target("berlin", "  safety: { maxRevocations: 100% }\n"),
  target("hamburg"),
  target("lab", "  mode: observe\n  safety: { maxDeletes: 100%, maxRevocations: 100% }\n"),
  target("leipzig", "  safety: { maxDeletes: 100%, maxRevocations: 100% }\n"),
  target("muenchen", "  safety: { maxRevocations: 100% }\n"),
  target("koeln"),
  target("archiv", "  suspend: true\n"),
].join("---\n");

export interface Region {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openRegion(): Promise<Region> {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-region-"));
  mkdirSync(join(folder, "manifests"));
  const write = (file: string, text: string): void => writeFileSync(join(folder, "manifests", file), text);
  write("targets.yaml", targets);
  write("shared.yaml", shared);
  const started = new Map<string, Simulator>();
  for (const [name, userCfg] of Object.entries(servers())) {
    const files = { "user.cfg": userCfg, "priv/token.cfg": `rolecall@pve!gitops ${secret}\n` };
    started.set(name, await startSimulator({ clock: systemClock, rootPassword: "root", state: { files } }));
  }
  const urls = new Map([...started].map(([name, { url }]) => [`URL_${name.toUpperCase()}`, url]));
  return {
    folder,
    // Port 9 of this machine takes no connection: nobody answers for Köln. The archive is never asked.
    env: {
      ...Object.fromEntries(urls),
      URL_KOELN: "http://127.0.0.1:9",
      URL_ARCHIV: "http://127.0.0.1:9",
      ROLECALL_TOKEN: secret,
    },
    close: async () => {
      for (const server of started.values()) await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
