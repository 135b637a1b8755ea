import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { stateGauges } from "../../src/daemon/gauges.ts";
import { parseDurationMs } from "../../src/desired/duration.ts";
import { rolecall, root } from "./support/command.ts";
import { listIn, patched, strangersIn, treeOf, type Tree } from "./support/kubernetes.ts";

const deploy = join(root, "examples/deploy");
const kubernetes = join(deploy, "kubernetes");

function documentsOf(file: string): readonly Tree[] {
  return parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
    expect({ file, errors: document.errors }).toEqual({ file, errors: [] });
    return treeOf(document.toJS());
  });
}

function documentOf(...path: readonly string[]): Tree {
  const [first] = documentsOf(join(deploy, ...path));
  return first ?? {};
}

function yamlsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(folder, name));
}

/** `$.a.b` of nested objects. */
function at(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => treeOf(value)[name], tree);
}

const variants = ["configmap", "git-sync"] as const;

function podOf(variant: (typeof variants)[number]): unknown {
  const base = documentOf("kubernetes/base/deployment.yaml");
  return at(patched(base, documentOf("kubernetes", variant, "deployment.yaml")), "spec", "template", "spec");
}

/** The value behind `--name=`, or the word after `--name`. */
function optionIn(words: readonly string[], name: string): string {
  const joined = words.find((word) => word.startsWith(`--${name}=`));
  return joined?.slice(name.length + 3) ?? words[words.indexOf(`--${name}`) + 1] ?? "";
}

/** The words behind `rolecall` in every way that is shown, by where they stand. */
function commands(): Readonly<Record<string, readonly string[]>> {
  const [, started = ""] = /^ExecStart=\S+ \S+ (.*)$/mu.exec(unit()) ?? [];
  const compose = at(documentOf("compose/compose.yaml"), "services", "rolecall", "command");
  const ofPods = variants.map((variant) => {
    const main = listIn(podOf(variant), "containers").find(({ name }) => name === "rolecall");
    return [variant, wordsIn(main?.["args"])] as const;
  });
  return { systemd: started.split(" "), compose: wordsIn(compose), ...Object.fromEntries(ofPods) };
}

function wordsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function unit(): string {
  return readFileSync(join(deploy, "systemd/rolecall.service"), "utf8");
}

function settingOf(name: string): string {
  return new RegExp(`^${name}=(.*)$`, "mu").exec(unit())?.[1] ?? "";
}

describe("what is deployed", () => {
  test("starts the daemon with options that it has", async () => {
    const { stdout: help } = await rolecall(["watch", "--help"], { cwd: root });
    for (const [where, [command, ...words]] of Object.entries(commands())) {
      expect({ where, command }).toEqual({ where, command: "watch" });
      const options = words.filter((word) => word.startsWith("--")).map((word) => word.replace(/=.*/u, ""));
      expect(options.length).toBeGreaterThan(1);
      for (const option of options) expect(help).toContain(` ${option} <`);
    }
  });

  test("has manifests without a mistake", async () => {
    const configs = ["compose/config", "kubernetes/base/config", "systemd/config"];
    for (const config of configs) {
      const words = ["-c", config, "-f", "kubernetes/configmap/manifests"];
      expect(await rolecall(["validate", ...words], { cwd: deploy })).toMatchObject({ status: 0 });
    }
  });

  test("is given longer to end than the daemon takes", () => {
    const graceMs = (words: readonly string[]): number => {
      const duration = parseDurationMs(
        words.join(" ").includes("--grace") ? optionIn(words, "grace") : "25s",
      );
      return duration.ok ? duration.value : Infinity;
    };
    const allowed: Readonly<Record<string, unknown>> = {
      systemd: Number(settingOf("TimeoutStopSec")),
      compose: parseInt(
        String(at(documentOf("compose/compose.yaml"), "services", "rolecall", "stop_grace_period")),
      ),
      configmap: at(podOf("configmap"), "terminationGracePeriodSeconds"),
      "git-sync": at(podOf("git-sync"), "terminationGracePeriodSeconds"),
    };
    for (const [where, words] of Object.entries(commands()))
      expect(Number(allowed[where])).toBeGreaterThan(graceMs(words) / 1000);
  });
});

describe("Kubernetes", () => {
  const files = yamlsBelow(kubernetes).filter(
    (file) => !/\/(?:config|manifests)\/|kustomization\.yaml$/u.test(file),
  );

  test("has no field that the API does not know", async () => {
    const objects = files.flatMap(documentsOf).filter(({ apiVersion }) => isBuiltIn(apiVersion));
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      ...["Deployment", "Deployment", "Deployment"],
      ...["Namespace", "NetworkPolicy", "Secret", "Secret", "Service"],
    ]);
    for (const object of objects)
      expect(await strangersIn(object, `V1${String(object["kind"])}`)).toEqual([]);
    expect(await strangersIn({ spec: { replica: 1, paused: "no" } }, "V1Deployment")).toEqual([
      "V1Deployment.spec.replica is not known",
      "V1Deployment.spec.paused is no boolean",
    ]);
  });

  test("has kustomizations whose files are there, and none is left out", () => {
    const named = yamlsBelow(kubernetes)
      .filter((file) => file.endsWith("kustomization.yaml"))
      .flatMap((file) => {
        const kustomization = documentsOf(file)[0];
        const generated = listIn(kustomization, "configMapGenerator").flatMap((one) => wordsIn(one["files"]));
        const patches = listIn(kustomization, "patches").map(({ path }) => String(path));
        const all = [...wordsIn(kustomization?.["resources"]), ...generated, ...patches];
        return [file, ...all.map((name) => join(dirname(file), name))];
      });
    for (const path of named)
      expect({ path, isThere: statSync(path).size > 0 }).toEqual({ path, isThere: true });
    const others = yamlsBelow(kubernetes).filter((file) => !named.includes(file));
    expect(others.map((file) => relative(kubernetes, file))).toEqual(["secret.yaml"]);
  });

  test.each(variants)("runs %s as the profile `restricted` wants it", (variant) => {
    const pod = podOf(variant);
    expect(at(pod, "securityContext")).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(at(pod, "automountServiceAccountToken")).toBe(false);
    for (const { securityContext, resources } of listIn(pod, "containers")) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(at(resources, "limits", "memory")).toBeDefined();
    }
  });

  test.each(variants)("mounts in %s what there is, where the command and the target look", (variant) => {
    const pod = podOf(variant);
    const volumes = new Map(listIn(pod, "volumes").map((volume) => [volume["name"], volume]));
    for (const { volumeMounts } of listIn(pod, "containers"))
      for (const mount of listIn({ volumeMounts }, "volumeMounts")) {
        expect(volumes.has(mount["name"])).toBe(true);
        expect(mount).not.toHaveProperty("subPath");
      }
    const main = listIn(pod, "containers").find(({ name }) => name === "rolecall");
    const mounted = listIn(main, "volumeMounts").map(({ mountPath }) => String(mountPath));
    const target = documentOf("kubernetes/base/config/target.yaml");
    const token = String(at(target, "spec", "credentials", "token", "secret", "file"));
    const words = wordsIn(main?.["args"]);
    for (const path of [optionIn(words, "filename"), optionIn(words, "config"), token])
      expect(mounted.some((folder) => path === folder || path.startsWith(`${folder}/`))).toBe(true);
    for (const volume of volumes.values()) expect(isDefined(volume)).toBe(true);
  });

  /** The ConfigMaps and Secrets of volumes are made by a kustomization or by secret.yaml. */
  function isDefined(volume: Tree): boolean {
    const generated = ["base", "configmap"].flatMap((folder) =>
      listIn(documentOf("kubernetes", folder, "kustomization.yaml"), "configMapGenerator"),
    );
    const secrets = documentsOf(join(kubernetes, "secret.yaml")).map((secret) =>
      at(secret, "metadata", "name"),
    );
    const configMap = at(volume, "configMap", "name");
    const secret = at(volume, "secret", "secretName");
    if (configMap !== undefined) return generated.some(({ name }) => name === configMap);
    return secret === undefined ? "emptyDir" in volume : secrets.includes(secret);
  }

  test("has the key of the secret that the target reads", () => {
    const target = documentOf("kubernetes/base/config/target.yaml");
    const file = String(at(target, "spec", "credentials", "token", "secret", "file"));
    const [secret] = documentsOf(join(kubernetes, "secret.yaml"));
    expect(Object.keys(treeOf(secret?.["stringData"]))).toContain(file.split("/").at(-1));
  });

  test("asks on the port that is listened on, for paths that are answered", () => {
    for (const variant of variants) {
      const main = listIn(podOf(variant), "containers").find(({ name }) => name === "rolecall");
      const [port] = listIn(main, "ports");
      expect(optionIn(wordsIn(main?.["args"]), "listen")).toBe(`0.0.0.0:${String(port?.["containerPort"])}`);
      expect(at(main, "livenessProbe", "httpGet")).toEqual({ path: "/healthz", port: port?.["name"] });
      expect(at(main, "readinessProbe", "httpGet")).toEqual({ path: "/readyz", port: port?.["name"] });
      expect(listIn(at(documentOf("kubernetes/base/service.yaml"), "spec"), "ports")).toEqual([
        { name: port?.["name"], port: port?.["containerPort"], targetPort: port?.["name"] },
      ]);
      const [endpoint] = listIn(
        at(documentOf("kubernetes/monitoring/service-monitor.yaml"), "spec"),
        "endpoints",
      );
      expect(endpoint).toMatchObject({ port: port?.["name"], path: "/metrics" });
    }
  });

  test("is answered by the names that its service has", () => {
    const service = String(at(documentOf("kubernetes/base/service.yaml"), "metadata", "name"));
    const namespace = String(at(documentOf("kubernetes/base/namespace.yaml"), "metadata", "name"));
    const names = ["", ".svc", ".svc.cluster.local"].map((end) => `${service}.${namespace}${end}`);
    for (const variant of variants)
      expect(commands()[variant]).toEqual(
        expect.arrayContaining(names.map((name) => `--allow-host=${name}`)),
      );
    const [composed] = services().filter(([, one]) => at(one, "image") === "rolecall");
    expect(commands()["compose"]).toContain(`--allow-host=${composed?.[0]}`);
  });

  test("has selectors that find the pod and the service", () => {
    const deployment = documentOf("kubernetes/base/deployment.yaml");
    const service = documentOf("kubernetes/base/service.yaml");
    const labels = at(deployment, "spec", "template", "metadata", "labels");
    expect(at(deployment, "spec", "selector", "matchLabels")).toEqual(labels);
    expect(at(service, "spec", "selector")).toEqual(labels);
    expect(
      at(documentOf("kubernetes/base/network-policy.yaml"), "spec", "podSelector", "matchLabels"),
    ).toEqual(labels);
    const monitor = documentOf("kubernetes/monitoring/service-monitor.yaml");
    expect(at(monitor, "spec", "selector", "matchLabels")).toEqual(at(service, "metadata", "labels"));
    expect(at(deployment, "spec", "replicas")).toBe(1);
    expect(at(deployment, "spec", "strategy")).toEqual({ type: "Recreate" });
  });

  test("alerts on metrics that there are", () => {
    const names = ["rolecall_build_info", ...stateGauges.map(({ name }) => name)];
    const groups = listIn(at(documentOf("kubernetes/monitoring/prometheus-rule.yaml"), "spec"), "groups");
    const asked = groups
      .flatMap((group) => listIn(group, "rules"))
      .map(({ expr }) => [...String(expr).matchAll(/\brolecall_\w+/gu)].map(([name]) => name));
    expect(asked.length).toBeGreaterThan(4);
    for (const metrics of asked) {
      expect(metrics.length).toBeGreaterThan(0);
      for (const name of metrics) expect(names).toContain(name);
    }
  });
});

function isBuiltIn(apiVersion: unknown): boolean {
  return /^(?:v1|apps\/v1|networking\.k8s\.io\/v1)$/u.test(String(apiVersion));
}

function services(): readonly (readonly [string, unknown])[] {
  return Object.entries(treeOf(at(documentOf("compose/compose.yaml"), "services")));
}

describe("compose", () => {
  const compose = documentOf("compose/compose.yaml");

  test.each(services())("%s may do no more than it needs", (_, service) => {
    expect(service).toMatchObject({
      user: expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/u),
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      restart: "unless-stopped",
    });
  });

  test("mounts what there is, where the command and the target look", () => {
    const volumes = services().flatMap(([, service]) => wordsIn(at(service, "volumes")));
    for (const volume of volumes) {
      const [source = ""] = volume.split(":");
      if (source.startsWith("./")) expect(statSync(join(deploy, "compose", source)).isDirectory()).toBe(true);
      else expect(treeOf(compose["volumes"])).toHaveProperty([source]);
    }
    const main = at(compose, "services", "rolecall");
    const mounted = wordsIn(at(main, "volumes")).map((volume) => volume.split(":")[1] ?? "");
    const words = wordsIn(at(main, "command"));
    for (const path of [optionIn(words, "filename"), optionIn(words, "config")])
      expect(mounted.some((folder) => path === folder || path.startsWith(`${folder}/`))).toBe(true);
    const token = at(
      documentOf("compose/config/target.yaml"),
      "spec",
      "credentials",
      "token",
      "secret",
      "file",
    );
    expect(listIn(main, "secrets").map(({ target }) => target)).toContain(token);
    const secrets = services().flatMap(([, service]) =>
      listIn(service, "secrets").map(({ source }) => source),
    );
    expect(Object.keys(treeOf(compose["secrets"])).sort()).toEqual(secrets.map(String).sort());
    // Published where it listens.
    const port = optionIn(words, "listen").split(":")[1];
    expect(at(main, "ports")).toEqual([`127.0.0.1:${port}:${port}`]);
  });
});

describe("systemd", () => {
  test("reads the token where systemd puts it", () => {
    const [name] = settingOf("LoadCredential").split(":");
    const file = at(
      documentOf("systemd/config/target.yaml"),
      "spec",
      "credentials",
      "token",
      "secret",
      "file",
    );
    expect(file).toBe(`/run/credentials/rolecall.service/${name}`);
  });

  test("ends and reloads with the signals that the daemon knows", () => {
    expect(settingOf("KillSignal")).toBe("SIGTERM");
    expect(settingOf("ExecReload")).toBe("/bin/kill -HUP $MAINPID");
    // Node.js compiles while it runs.
    expect(unit()).not.toMatch(/^MemoryDenyWriteExecute=/mu);
  });

  test("starts it anew after a bug, and after what may be mended meanwhile", () => {
    expect([settingOf("Restart"), settingOf("RestartPreventExitStatus")]).toEqual(["on-failure", ""]);
  });
});
