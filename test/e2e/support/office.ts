// In: nothing. Out: a small office: a simulated server with a few users, and the manifests of it in a temporary folder.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../../src/simulator/server.ts";
import type { StateFiles } from "../../../src/simulator/store.ts";
import { systemClock } from "../../../src/support/clock.ts";

export const secrets = {
  gitops: "11111111-2222-4333-8444-555555555501",
  plan: "11111111-2222-4333-8444-555555555502",
  half: "11111111-2222-4333-8444-555555555503",
  rootPassword: "root-of-the-office",
  password: "initial-word-2026",
} as const;

export const userCfg = `user:root@pam:1:0::::::
user:anna@pve:1:0:Anna::anna@example.com:::
user:old@pve:1:0::::left in May::
user:rolecall@pve:1:0::::::
token:rolecall@pve!gitops:0:0::
token:rolecall@pve!half:0:1::
token:rolecall@pve!plan:0:1::

group:operators:anna@pve,old@pve::

role:Rolecall:Group.Allocate,Permissions.Modify,Pool.Allocate,Pool.Audit,Realm.AllocateUser,Sys.Audit,Sys.Modify,User.Modify:
role:RolecallPlan:Pool.Audit,Sys.Audit:

acl:1:/:rolecall@pve:Rolecall:
acl:1:/access:rolecall@pve!plan:RolecallPlan:
acl:1:/pool:rolecall@pve!half,rolecall@pve!plan:RolecallPlan:
acl:1:/vms:@operators:PVEVMUser:
`;

const files: StateFiles = {
  "user.cfg": userCfg,
  "priv/token.cfg": `rolecall@pve!gitops ${secrets.gitops}
rolecall@pve!half ${secrets.half}
rolecall@pve!plan ${secrets.plan}
`,
};

/** What the command finds in its environment; every value but the address is a secret. */
function environmentOf(url: string): Record<string, string> {
  return {
    ROLECALL_ENDPOINT: url,
    ROLECALL_TOKEN: secrets.gitops,
    ROLECALL_PLAN_TOKEN: secrets.plan,
    ROLECALL_HALF_TOKEN: secrets.half,
    ROLECALL_SECRET_JOE: secrets.password,
  };
}

export const target = `apiVersion: rolecall.dev/v1
kind: Target
metadata: { name: office }
spec:
  product: pve
  endpoints: [{ env: ROLECALL_ENDPOINT }]
  credentials: { token: { id: rolecall@pve!gitops, secret: { env: ROLECALL_TOKEN } } }
  planCredentials: { token: { id: rolecall@pve!plan, secret: { env: ROLECALL_PLAN_TOKEN } } }
  prune: true
  safety: { maxRevocations: 100% }
  sinks: { ci: { file: { dir: ../delivered } } }
`;

/** Joe comes, old@pve goes, the operators get another role, CI gets a token. */
export const access = `apiVersion: rolecall.dev/v1
kind: User
metadata: { name: anna@pve }
spec: { groups: [operators] }
---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: joe@pve }
spec: { groups: [operators], comment: on call, password: { from: { env: ROLECALL_SECRET_JOE } } }
---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: ci@pve }
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: operators }
---
apiVersion: rolecall.dev/v1
kind: Role
metadata: { name: VMOperator }
spec: { privileges: [VM.Console, VM.PowerMgmt] }
---
apiVersion: rolecall.dev/v1
kind: Token
metadata: { name: ci@pve!deploy }
spec: { comment: deploys, sinks: [{ name: ci, as: deploy.json, format: json }] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: operators }
spec: { path: /vms, roles: [VMOperator], subjects: [{ group: operators }] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: ci }
spec: { path: /vms, roles: [PVEAuditor], subjects: [{ user: ci@pve }, { token: ci@pve!deploy }] }
`;

export interface Office {
  readonly server: Simulator;
  readonly folder: string;
  readonly env: Record<string, string>;
  /** Below the folder, which is made where it is missing. */
  readonly write: (file: string, text: string) => void;
}

/** Opens offices and closes them all: `afterEach(offices.close)`. */
export function useOffices(): {
  readonly open: (options?: Partial<SimulatorOptions>) => Promise<Office>;
  readonly close: () => Promise<void>;
} {
  const closers: (() => Promise<void>)[] = [];
  return {
    open: async (options = {}) => {
      const folder = mkdtempSync(join(tmpdir(), "rolecall-e2e-"));
      const write = (file: string, text: string): void => {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      };
      write("manifests/target.yaml", target);
      write("manifests/access.yaml", access);
      const { rootPassword } = secrets;
      const server = await startSimulator({ clock: systemClock, rootPassword, state: { files }, ...options });
      closers.push(async () => {
        await server.close();
        rmSync(folder, { recursive: true, force: true });
      });
      return { server, folder, env: environmentOf(server.url), write };
    },
    close: async () => {
      for (const close of closers.splice(0)) await close();
    },
  };
}
