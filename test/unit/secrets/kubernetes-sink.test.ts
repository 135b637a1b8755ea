import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import type { Issued, SecretDelivery } from "../../../src/model/delivery.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { KubernetesSecretSinkSettings } from "../../../src/model/target.ts";
import { kubernetesSink } from "../../../src/secrets/kubernetes-sink.ts";
import type { Resolved } from "../../../src/secrets/resolved.ts";
import { tlsFile } from "../../support/api-server.ts";
import { aTokenId } from "../../support/builders.ts";
import { kubeconfigFor, startKubernetes, type FakeKubernetes } from "../../support/fake-kubernetes.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "rolecall-kubernetes-"));
afterAll(() => rmSync(folder, { recursive: true }));

let cluster: FakeKubernetes;
beforeEach(async () => {
  cluster = await startKubernetes();
  write(kubeconfigFor(cluster.url));
});
afterEach(() => cluster.close());

const kubeconfig = join(folder, "kubeconfig");
function write(text: string): void {
  writeFileSync(kubeconfig, text);
}

const settings: KubernetesSecretSinkSettings = {
  kind: "kubernetesSecret",
  name: "k8s",
  namespace: "apps",
  secret: "proxmox",
  kubeconfig,
};
const issued: Issued = {
  kind: "token",
  tokenId: aTokenId("ci@pve!deploy"),
  secret: new Secret("0b4e-canary"),
};
function aDelivery(as: string, sink = settings): SecretDelivery {
  return { sink, as, format: "raw", key: "TOKEN" };
}

const prove = (as = "token", sink = settings): Promise<Resolved<string>> =>
  kubernetesSink.prove(sink, aDelivery(as), issued, theSurroundings());
const deliver = (as = "token", secret = issued.secret): Promise<Resolved<string>> =>
  kubernetesSink.deliver(settings, aDelivery(as), { ...issued, secret }, theSurroundings());

function messageOf(result: Resolved<string>): string {
  return result.ok ? "ok" : result.problems.map(({ code, message }) => `${code}: ${message}`).join("; ");
}

/** Key to text. */
function held(): Record<string, string> {
  const data = cluster.secrets.get("proxmox")?.data ?? {};
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}

describe("a delivery", () => {
  test("makes the Secret, by a server-side apply as rolecall", async () => {
    expect(messageOf(await deliver())).toBe("ok");
    expect(held()).toEqual({ token: "0b4e-canary" });
    const patch = cluster.asked.at(-1);
    expect(patch).toMatchObject({
      method: "PATCH",
      path: "/api/v1/namespaces/apps/secrets/proxmox",
      query: { fieldManager: "rolecall" },
      contentType: "application/apply-patch+yaml",
      authorization: "Bearer cluster-token",
    });
    expect(patch?.query["force"]).toBeUndefined();
  });

  test("changes one key: those of others and Rolecall's own other ones stay", async () => {
    cluster.secrets.set("proxmox", {
      data: { theirs: "eA==" },
      owners: { theirs: "kubectl-edit" },
      version: 7,
    });
    await deliver("first", new Secret("one"));
    await deliver("second", new Secret("two"));
    expect(messageOf(await deliver("first", new Secret("three")))).toBe("ok");
    expect(held()).toEqual({ theirs: "x", first: "three", second: "two" });
  });

  test("begins anew when somebody else changed the Secret in between", async () => {
    await deliver("first", new Secret("one"));
    let isFirst = true;
    cluster.beforeApply = () => {
      const live = cluster.secrets.get("proxmox");
      if (!isFirst || !live) return;
      isFirst = false;
      cluster.secrets.set("proxmox", { ...live, version: live.version + 5 });
    };
    expect(messageOf(await deliver("second", new Secret("two")))).toBe("ok");
    expect(held()).toEqual({ first: "one", second: "two" });
  });

  test("gives up when that never ends", async () => {
    await deliver("first", new Secret("one"));
    cluster.beforeApply = () => {
      const live = cluster.secrets.get("proxmox");
      if (live) cluster.secrets.set("proxmox", { ...live, version: live.version + 1 });
    };
    expect(messageOf(await deliver())).toContain("(409)");
    expect(held()).toEqual({ first: "one" });
  });

  test("does not take a key from another manager", async () => {
    cluster.secrets.set("proxmox", {
      data: { token: "eA==" },
      owners: { token: "kubectl-edit" },
      version: 1,
    });
    for (const result of [await prove(), await deliver()]) {
      expect(messageOf(result)).toContain("belongs to kubectl-edit (409)");
    }
    expect(held()).toEqual({ token: "x" });
  });
});

describe("a proof", () => {
  test("writes nothing and shows no secret", async () => {
    expect(messageOf(await prove())).toBe("ok");
    expect(cluster.secrets.size).toBe(0);
    expect(cluster.asked.at(-1)?.query).toMatchObject({ dryRun: "All" });
    expect(JSON.stringify(cluster.asked)).not.toContain(Buffer.from("0b4e-canary").toString("base64"));
  });

  test.each([["get"], ["patch"], ["create"]])("says that %s is missing", async (verb) => {
    cluster.forbidden.add(verb);
    expect(messageOf(await prove())).toMatch(
      new RegExp(`may not ${verb} secret apps/proxmox \\(403\\)`, "u"),
    );
  });

  test("says that the namespace is not there", async () => {
    const sink = { ...settings, namespace: "other" };
    expect(messageOf(await prove("token", sink))).toContain("no namespace other");
  });

  test("says that nobody answers", async () => {
    await cluster.close();
    expect(messageOf(await prove())).toMatch(/can't reach the cluster .*\(ECONNREFUSED\)/u);
  });

  test("needs no create where the Secret is there", async () => {
    await deliver();
    cluster.forbidden.add("create");
    expect(messageOf(await prove())).toBe("ok");
  });
});

describe("reading back", () => {
  const read = (as = "token"): ReturnType<typeof kubernetesSink.readBack> =>
    kubernetesSink.readBack(settings, aDelivery(as), issued, theSurroundings());

  test("gives what was delivered", async () => {
    await deliver();
    const found = await read();
    expect(found.kind === "held" ? found.secret.reveal() : found.message).toBe("0b4e-canary");
  });

  test("says that there is none", async () => {
    expect((await read()).kind).toBe("not-held");
    await deliver();
    expect((await read("other")).kind).toBe("not-held");
  });

  test("can't tell where it may not read", async () => {
    cluster.forbidden.add("get");
    expect((await read()).kind).toBe("unknown");
  });
});

describe("a cluster that is not trusted with a secret", () => {
  test.each<[string, () => string, string]>([
    ["is far away and without TLS", () => kubeconfigFor("http://cluster.example"), "in the clear"],
    [
      "is not verified",
      () => kubeconfigFor("https://127.0.0.1:1", { cluster: { "insecure-skip-tls-verify": true } }),
      "insecure-skip-tls-verify",
    ],
    [
      "is logged in to by a program",
      () =>
        kubeconfigFor(cluster.url, {
          user: { exec: { command: "id", apiVersion: "client.authentication.k8s.io/v1" } },
        }),
      "--allow-exec",
    ],
    [
      "is logged in to by a program of an old kind",
      () =>
        kubeconfigFor(cluster.url, {
          user: { "auth-provider": { name: "gcp", config: { "cmd-path": "/bin/id" } } },
        }),
      "--allow-exec",
    ],
    ["has no context", () => kubeconfigFor(cluster.url, { current: "nowhere" }), "no current context"],
    ["has a kubeconfig that is none", () => "}{ canary", "can't read the kubeconfig"],
  ])("%s", async (_, text, words) => {
    write(text());
    const said = messageOf(await prove());
    expect(said).toContain(words);
    expect(said).not.toContain("canary");
    expect(cluster.asked).toEqual([]);
  });

  test("is not named, and this is no pod", async () => {
    const { kind, name, namespace, secret } = settings;
    const said = messageOf(await prove("token", { kind, name, namespace, secret }));
    expect(said).toContain("names no kubeconfig");
  });

  test("has a certificate of an authority that its kubeconfig does not name", async () => {
    const other = await startKubernetes("https");
    write(kubeconfigFor(other.url));
    expect(messageOf(await prove())).toContain("can't reach the cluster");
    write(
      kubeconfigFor(other.url, {
        cluster: { "certificate-authority-data": Buffer.from(tlsFile("ca.pem")).toString("base64") },
      }),
    );
    expect(messageOf(await prove())).toBe("ok");
    await other.close();
  });
});
