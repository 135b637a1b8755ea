// The architecture as data: which folder may import which, and through which file each effect enters.
// The reasons are in docs/architecture.md. A rule is never loosened to get a build through.

/** folder -> [folders that it may import, why] */
const layers = {
  support: [[], "support knows no word of the domain, so that everything may rest on it"],
  model: [["support"], "the vocabulary rests on nothing that reads, writes or decides"],
  schema: [["support"], "a kind is its JSON Schema; the checker and the editor need nothing else"],
  manifest: [["schema", "support"], "text to Manifest: what a name means is not its concern"],
  desired: [
    ["manifest", "schema", "model", "support"],
    "manifests to desired state, without a look at any server",
  ],
  usercfg: [["model", "support"], "the server's own file format stands by itself"],
  access: [["model", "support"], "effective permissions come from an access state alone"],
  proxmox: [["model", "support"], "the wire knows requests and answers, not plans"],
  live: [["proxmox", "model", "support"], "answers to access state"],
  plan: [["access", "model", "support"], "planning is pure: it cannot reach a client, so it cannot write"],
  guard: [["plan", "access", "model", "support"], "a guard judges a plan and does not change it"],
  secrets: [["model", "support"], "sources and sinks know neither plans nor servers"],
  apply: [
    ["plan", "access", "proxmox", "secrets", "model", "support"],
    "the one station that may write to a server",
  ],
  export: [["schema", "model", "support"], "access state to manifests"],
  render: [
    ["manifest", "desired", "access", "plan", "guard", "apply", "reconcile", "schema", "model", "support"],
    "values to text: types from anywhere, effects from nowhere",
  ],
  reconcile: [
    [
      "manifest",
      "desired",
      "live",
      "proxmox",
      "plan",
      "guard",
      "secrets",
      "apply",
      "access",
      "model",
      "support",
    ],
    "one pass, which is the recipe of the stations",
  ],
  daemon: [["reconcile", "render", "support"], "reconcile again and again"],
  page: [
    ["daemon", "render", "access", "model", "support"],
    "what the daemon knows, as HTML: values in, text out",
  ],
  simulator: [
    ["access", "usercfg", "model", "support"],
    "never proxmox/, so that one wrong belief cannot hide in both",
  ],
  cli: [
    [
      "manifest",
      "desired",
      "schema",
      "live",
      "proxmox",
      "plan",
      "guard",
      "secrets",
      "apply",
      "access",
      "export",
      "render",
      "reconcile",
      "daemon",
      "page",
      "simulator",
      "usercfg",
      "model",
      "support",
    ],
    "one command a file: commands wire the stations together",
  ],
};

/** package or builtin -> [files that may import it, why] */
const doors = {
  undici: ["^src/proxmox/transport\\.ts$", "all traffic to a server passes one place, where TLS is verified"],
  yaml: ["^src/(manifest/parse|export/[^/]+)\\.ts$", "hostile text enters in one place"],
  winston: ["^src/cli/logger\\.ts$", "one logger; the stations get its interface"],
  chokidar: ["^src/daemon/watch\\.ts$", "a hint that is behind one door can be taken away without harm"],
  "prom-client": ["^src/daemon/metrics\\.ts$", "one register of metrics"],
  commander: ["^src/cli/", "only commands read the command line"],
  "age-encryption": ["^src/secrets/age-sink\\.ts$", "loaded only when a sink encrypts"],
  "@kubernetes/client-node": [
    "^src/secrets/kubernetes-client\\.ts$",
    "one place decides which clusters are trusted with a secret",
  ],
};

const builtinDoors = {
  "fs|fs/promises": [
    "^src/(manifest/(find|read)|secrets/(file-source|sink-folder|program)|reconcile/git-head|daemon/links|cli/[^/]+|simulator/store)\\.ts$",
    "files are touched in named places only",
  ],
  "http|https|net|tls|http2|dgram": [
    "^src/(simulator/|proxmox/(transport|probe)\\.ts$|daemon/serve\\.ts$)",
    "sockets are opened in named places only",
  ],
  "dns|dns/promises": ["^src/proxmox/probe\\.ts$", "names are looked up where connections are probed"],
  child_process: [
    "^src/secrets/program\\.ts$",
    "only sources and sinks of secrets start other programs, and only with --allow-exec",
  ],
};

const layerRules = Object.entries(layers).map(([folder, [allowed, comment]]) => ({
  name: `layer-${folder}`,
  comment,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: [`^src/${folder}/`, ...allowed.map((name) => `^src/${name}/`)] },
}));

const packageDoorRules = Object.entries(doors).map(([name, [path, comment]]) => ({
  name: `door-${name}`,
  comment,
  severity: "error",
  from: { path: "^src/", pathNot: path },
  to: { path: `^node_modules/${name}(/|$)` },
}));

const builtinDoorRules = Object.entries(builtinDoors).map(([names, [path, comment]]) => ({
  name: `door-${names.split("|")[0]}`,
  comment,
  severity: "error",
  from: { path: "^src/", pathNot: path },
  to: { path: `^(node:)?(${names})$`, dependencyTypes: ["core"] },
}));

export default {
  forbidden: [
    {
      name: "no-circular",
      comment: "nothing flows back",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "a file that nobody imports is dead",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "^src/main\\.ts$" },
      to: {},
    },
    {
      name: "not-from-test",
      comment: "the program never needs its tests",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^test/" },
    },
    {
      name: "writes-only-in-apply",
      comment:
        "only apply/ can reach a function that writes; cli/ and reconcile/ hand the client over without using it",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(apply|proxmox|cli|reconcile)/" },
      to: { path: "^src/proxmox/write" },
    },
    {
      name: "page-knows-values",
      comment:
        "of the daemon the pages know types alone: they can reach nothing that reads, writes or listens",
      severity: "error",
      from: { path: "^src/page/" },
      to: { path: "^src/daemon/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "resolvable",
      comment: "an import that leads nowhere",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    ...layerRules,
    ...packageDoorRules,
    ...builtinDoorRules,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
