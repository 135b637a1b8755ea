// The same manifests against servers of four releases: validated once, planned and applied on each, and nothing is left.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../src/simulator/server.ts";
import { systemClock } from "../../src/support/clock.ts";
import { rolecall, type Ended } from "./support/command.ts";

const secret = "11111111-2222-4333-8444-555555555501";
const files = {
  "user.cfg": `user:root@pam:1:0::::::
user:rolecall@pve:1:0::::::
token:rolecall@pve!gitops:0:0::
acl:1:/:rolecall@pve:Administrator:
`,
  "priv/token.cfg": `rolecall@pve!gitops ${secret}\n`,
};

const target = `apiVersion: rolecall.dev/v1
kind: Target
metadata: { name: office }
spec:
  product: pve
  endpoints: [{ env: ROLECALL_ENDPOINT }]
  credentials: { token: { id: rolecall@pve!gitops, secret: { env: ROLECALL_TOKEN } } }
  prune: false
---
`;

function manifests(role: string): string {
  return `${target}apiVersion: rolecall.dev/v1
kind: Role
metadata: { name: Operator }
spec: ${role}
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: operators }
spec: { comment: day shift, members: [joe@pve] }
---
apiVersion: rolecall.dev/v1
kind: User
metadata: { name: joe@pve }
spec: { firstName: Joe, comment: on call }
---
apiVersion: rolecall.dev/v1
kind: Pool
metadata: { name: dev }
spec: { comment: dev guests, vms: [100] }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: operators }
spec: { paths: [/vms, /pool/dev], roles: [Operator], subjects: [{ group: operators }] }
`;
}

/** Runs commands on the manifests against a server of the release. */
async function against(
  serverVersion: string,
  text: string,
  run: (command: (...words: readonly string[]) => Promise<Ended>, server: Simulator) => Promise<void>,
): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), "rolecall-versions-"));
  const server = await startSimulator({
    clock: systemClock,
    rootPassword: "root",
    state: { files },
    serverVersion,
  });
  try {
    writeFileSync(join(cwd, "all.yaml"), text);
    const env = { ROLECALL_ENDPOINT: server.url, ROLECALL_TOKEN: secret };
    await run((...words) => rolecall([...words, "-f", "all.yaml"], { cwd, env }), server);
  } finally {
    await server.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

function privilegesOf(server: Simulator): readonly string[] {
  return /^role:Operator:(.*):$/mu.exec(server.files()["user.cfg"] ?? "")?.[1]?.split(",") ?? [];
}

const tolerant =
  "{ privileges: [VM.Audit, VM.PowerMgmt], optionalPrivileges: [VM.Monitor, VM.GuestAgent.Audit, SDN.Use, VM.Replicate] }";

describe("the same manifests on every release", () => {
  test.each([
    ["7.4-16", ["VM.Audit", "VM.Monitor", "VM.PowerMgmt"]],
    ["8.4.5", ["SDN.Use", "VM.Audit", "VM.Monitor", "VM.PowerMgmt"]],
    ["9.0.3", ["SDN.Use", "VM.Audit", "VM.GuestAgent.Audit", "VM.PowerMgmt", "VM.Replicate"]],
    ["9.2.11", ["SDN.Use", "VM.Audit", "VM.GuestAgent.Audit", "VM.PowerMgmt", "VM.Replicate"]],
  ])("%s: what is optional is left out where the server lacks it", async (version, privileges) => {
    await against(version, manifests(tolerant), async (command, server) => {
      expect(await command("validate")).toMatchObject({ status: 0 });
      expect((await command("plan", "--detailed-exitcode")).status).toBe(2);
      expect(await command("apply", "--yes")).toMatchObject({ status: 0 });
      expect([...privilegesOf(server)].sort()).toEqual(privileges);
      expect((await command("plan", "--detailed-exitcode")).status).toBe(0);
    });
  });

  test.each([
    ["7.4-16", "VM.GuestAgent.Audit", "VM.Monitor"],
    ["8.4.5", "VM.GuestAgent.Audit", "VM.Monitor"],
    ["9.0.3", "VM.Monitor", "Sys.Audit or VM.GuestAgent.Audit"],
    ["9.2.11", "VM.Monitor", "Sys.Audit or VM.GuestAgent.Audit"],
  ])(
    "%s: %s that is not optional waits, with what is there in its place",
    async (version, lacking, instead) => {
      await against(version, manifests(`{ privileges: [VM.Audit, ${lacking}] }`), async (command, server) => {
        const plan = await command("plan");
        expect(plan.stdout).toContain("privilege-unknown");
        expect(plan.stdout.replace(/\s+/gu, " ")).toContain(instead);
        expect((await command("apply", "--yes")).status).toBe(3);
        // The role and its entries wait, the rest is done.
        expect(privilegesOf(server)).toEqual([]);
        expect(server.files()["user.cfg"]).toMatch(/^group:operators:joe@pve:/mu);
      });
    },
  );
});
