import { describe, expect, test } from "@jest/globals";
import type { SecretDelivery } from "../../../src/model/delivery.ts";
import { buildTexts, manifestText, summary, targetText } from "../../support/manifest-text.ts";

const recipient = "age1nuhrf9q57d6c54t5emc9th6yeg0gavxax8xmlw6xmfh6yu372s7slexj8h";
const identity = "AGE-SECRET-KEY-1Q9AG5VP2J0MUMG6KPWWV9Z8MNHLR2TDQRSLP8LNXXW7CSS7R49RSKWV8HK";

/** A target with these sinks, as flow YAML. */
function targetWith(sinks: string): string {
  return targetText("dc1", `, sinks: { ${sinks} }`);
}

const four = targetWith(
  `ci: { file: { dir: out, mode: "0640", owner: { user: ci, group: 1000 } } }, ` +
    `team: { age: { dir: /a, recipients: [${recipient}] } }, ` +
    `hook: { exec: { command: ./store.sh, args: ["{as}"], timeout: 2m, inheritEnv: [VAULT_TOKEN] } }, ` +
    `path: { exec: { command: vault } }, ` +
    `k8s: { kubernetesSecret: { namespace: apps, name: proxmox, kubeconfig: kube, context: here } }`,
);

test("a target's sinks, their paths joined with its folder", () => {
  const sinks = buildTexts([], { target: four }).states[0]?.target.sinks;
  expect([...(sinks?.values() ?? [])]).toEqual([
    { kind: "file", name: "ci", dir: "folder/out", mode: 0o640, owner: { user: "ci", group: "1000" } },
    {
      kind: "exec",
      name: "hook",
      command: "folder/store.sh",
      args: ["{as}"],
      timeoutMs: 120_000,
      inheritEnv: ["VAULT_TOKEN"],
    },
    {
      kind: "kubernetesSecret",
      name: "k8s",
      namespace: "apps",
      secret: "proxmox",
      kubeconfig: "folder/kube",
      context: "here",
    },
    { kind: "exec", name: "path", command: "vault", args: [], timeoutMs: 30_000, inheritEnv: [] },
    { kind: "age", name: "team", dir: "/a", recipients: [recipient] },
  ]);
});

test.each([
  ['a: { file: { dir: a, mode: "0644" } }', ['invalid-value@"0644"']],
  ['a: { file: { dir: a, mode: "0200" } }', ['invalid-value@"0200"']],
  ['a: { file: { dir: a, mode: "9999" } }', ['invalid-value@"9999"']],
  ["a: { exec: { command: a, timeout: soon } }", ["invalid-value@soon"]],
  ["a: { exec: { command: a, inheritEnv: [A=b] } }", ["invalid-value@A=b"]],
  ["a: { kubernetesSecret: { namespace: a, name: b, context: c } }", ["conflicting-fields@c"]],
  ["a: { kubernetesSecret: { namespace: A_b, name: b } }", ["invalid-value@A_b"]],
  ["a: { age: { dir: a, recipients: [age1xyz] } }", ["invalid-value@age1xyz"]],
  ["a: { age: { dir: a, recipients: [ssh-ed25519 AAAA] } }", ["invalid-value@ssh-ed25519 AAAA"]],
  [`a: { age: { dir: a, recipients: [${recipient.replace("nuhr", "nuhq")}] } }`, ["invalid-value@age1"]],
])("%s", (sinks, expected) => {
  const found = summary(buildTexts([], { target: targetWith(sinks) }).diagnostics);
  expect(found.map((one) => one.replace(/@age1nu.*$/u, "@age1"))).toEqual(expected);
});

test("a secret key in the place of a public one is told and not shown", () => {
  const { diagnostics } = buildTexts([], {
    target: targetWith(`a: { age: { dir: a, recipients: [${identity}] } }`),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(["literal-secret"]);
  expect(JSON.stringify(diagnostics)).not.toContain(identity.slice(16, 40));
});

function deliveriesOf(spec: string): readonly SecretDelivery[] {
  const { states, diagnostics } = buildTexts([manifestText("Token", "ci@pve!ab", spec)], { target: four });
  expect(diagnostics).toEqual([]);
  return [...(states[0]?.tokens.values() ?? [])].flatMap(({ deliveries }) => deliveries);
}

test("a token's secret goes to each, written as that kind takes it", () => {
  const told = deliveriesOf(
    "{ sinks: [{ name: ci, as: '{target}/a.env' }, { name: team, as: a.age, format: json }, { name: hook }, { name: k8s, as: token }] }",
  ).map(({ sink, as, format, key }) => [sink.name, as, format, key]);
  expect(told).toEqual([
    ["ci", "dc1/a.env", "env", "PROXMOX_API_TOKEN"],
    ["team", "a.age", "json", "PROXMOX_API_TOKEN"],
    ["hook", "dc1/ci@pve!ab", "json", "PROXMOX_API_TOKEN"],
    ["k8s", "token", "raw", "PROXMOX_API_TOKEN"],
  ]);
});

describe("a token's sinks", () => {
  test.each([
    ["{ sinks: [{ name: ci }] }", ["missing-field@name"]],
    ["{ sinks: [{ name: k8s }] }", ["missing-field@name"]],
    ["{ sinks: [{ name: k8s, as: a/b }] }", ["sink-out-of-bounds@a/b"]],
    ["{ sinks: [{ name: k8s, as: ..a }] }", ["sink-out-of-bounds@..a"]],
    ["{ sinks: [{ name: team, as: ../a }] }", ["sink-out-of-bounds@../a"]],
    ["{ sinks: [{ name: ci, as: a }, { name: cii, as: b }] }", ["unknown-sink@cii"]],
    ["{ sinks: [{ name: k8s, as: a }, { name: k8s, as: a }] }", ["sink-collision@a"]],
    ["{ sinks: [{ name: hook, as: a }, { name: hook, as: a }] }", ["sink-collision@a"]],
    ["{ sinks: [{ name: hook, as: a }, { name: path, as: a }] }", []],
  ])("%s", (spec, expected) => {
    const { diagnostics } = buildTexts([manifestText("Token", "ci@pve!ab", spec)], { target: four });
    expect(summary(diagnostics)).toEqual(expected);
  });
});

describe("a program's arguments", () => {
  const filling = targetWith(
    `by-id: { exec: { command: store, args: [put, "x/{id}", "--target={target}", "{other}"] } }, ` +
      `fixed: { exec: { command: store, args: [put] } }, by-as: { exec: { command: store, args: ["{as}", "-{as}"] } }`,
  );
  const token = (name: string, sinks: string): string =>
    manifestText("Token", `ci@pve!${name}`, `{ sinks: [${sinks}] }`);
  const built = (...texts: readonly string[]) => buildTexts(texts, { target: filling });

  test("have what the placeholders stand for; other braces are the program's own", () => {
    const [state] = built(token("ab", "{ name: by-id, as: a }")).states;
    const deliveries = [...(state?.tokens.values() ?? [])][0]?.deliveries;
    expect(deliveries).toMatchObject([{ sink: { args: ["put", "x/ci@pve!ab", "--target=dc1", "{other}"] } }]);
    expect(state?.target.sinks.get("by-id")).toMatchObject({ args: expect.arrayContaining(["x/{id}"]) });
  });

  test("don't get an option that a manifest names", () => {
    const said = (as: string) => summary(built(token("ab", `{ name: by-as, as: "${as}" }`)).diagnostics);
    expect([said("--eval=x"), said("x")]).toEqual([['sink-out-of-bounds@"--eval=x"'], []]);
  });

  test.each<[string, readonly string[]]>([
    ["by-id", []],
    ["fixed", ["sink-collision@a"]],
    ["by-as", ["sink-collision@a"]],
  ])("of %s tell two secrets of one name apart, or don't", (name, expected) => {
    const sinks = `{ name: ${name}, as: a }`;
    expect(summary(built(token("ab", sinks), token("cd", sinks)).diagnostics)).toEqual(expected);
  });
});

test.each<[string, readonly string[]]>([
  ["file: { dir: out }", ["sink-collision@a"]],
  ["exec: { command: store }", ["sink-collision@a"]],
  ['exec: { command: store, args: ["{target}/x"] }', []],
])("one token on two targets with the sink %s, by as with {target} or without", (sink, expected) => {
  const target = ["dc1", "dc2"].map((name) => targetText(name, `, sinks: { s: { ${sink} } }`)).join("---\n");
  const found = (as: string) =>
    summary(
      buildTexts([manifestText("Token", "ci@pve!ab", `{ sinks: [{ name: s, as: ${as} }] }`)], { target })
        .diagnostics,
    );
  expect([found("a"), found('"{target}"')]).toEqual([expected, []]);
});

describe("a generated password", () => {
  test("goes to sinks", () => {
    const spec = "{ password: { generate: { length: 32, sinks: [{ name: ci, as: joe.env }] } } }";
    const [state] = buildTexts([manifestText("User", "joe@pve", spec)], { target: four }).states;
    const password = [...(state?.users.values() ?? [])][0]?.password;
    expect(password).toMatchObject({
      policy: "initial",
      origin: {
        kind: "generated",
        length: 32,
        deliveries: [{ sink: { name: "ci" }, as: "joe.env", format: "env", key: "PROXMOX_PASSWORD" }],
      },
    });
  });

  test("has 20 characters where nothing is said", () => {
    const spec = "{ password: { generate: { sinks: [{ name: ci, as: joe }] } } }";
    const [state] = buildTexts([manifestText("User", "joe@pve", spec)], { target: four }).states;
    expect([...(state?.users.values() ?? [])][0]?.password?.origin).toMatchObject({ length: 20 });
  });

  test.each([
    ["{ password: {} }", ["missing-field@password"]],
    ["{ password: { policy: initial } }", ["missing-field@password"]],
    [
      "{ password: { from: { env: ROLECALL_SECRET_A }, generate: { sinks: [{ name: ci, as: a }] } } }",
      ["conflicting-fields@password"],
    ],
    ["{ password: { generate: { sinks: [] } } }", ["invalid-value@sinks"]],
    ["{ password: { generate: { sinks: [{ name: cii, as: a }] } } }", ["unknown-sink@cii"]],
    ["{ password: { generate: { sinks: [{ name: ci, as: /a }] } } }", ["sink-out-of-bounds@/a"]],
    ["{ password: { generate: { lenght: 9, sinks: [{ name: ci, as: a }] } } }", ["unknown-field@lenght"]],
    ["{ password: { generate: hunter2 } }", ["literal-secret@***"]],
  ])("%s", (spec, expected) => {
    const { diagnostics } = buildTexts([manifestText("User", "joe@pve", spec)], { target: four });
    expect(summary(diagnostics)).toEqual(expected);
  });

  test("and a token's secret in one place are a collision", () => {
    const texts = [
      manifestText("User", "joe@pve", "{ password: { generate: { sinks: [{ name: ci, as: a }] } } }"),
      manifestText("Token", "joe@pve!ab", "{ sinks: [{ name: ci, as: a }] }"),
    ];
    expect(summary(buildTexts(texts, { target: four }).diagnostics)).toEqual(["sink-collision@a"]);
  });
});

describe("a sink's file that something else is read from", () => {
  const own = "rolecall@pve!gitops";
  const reading = (secret: string, id = own): string =>
    targetText("dc1", ", sinks: { s: { file: { dir: keys } } }, secrets: { dir: keys }")
      .replace("{ env: TOKEN }", secret)
      .replace(/id: [^,]+,/u, `id: ${id},`);
  const token = (id: string): string =>
    manifestText("Token", id, "{ sinks: [{ name: s, as: gitops, format: raw }] }");
  const said = (target: string, ...texts: readonly string[]) =>
    summary(buildTexts(texts, { target }).diagnostics);

  test.each<[string, string, readonly string[], readonly string[]]>([
    [
      "the credentials of another",
      reading("{ file: keys/gitops }"),
      [token("ci@pve!ab")],
      ["sink-collision@gitops"],
    ],
    ["its own credentials", reading("{ file: keys/gitops }"), [token(own)], []],
    [
      "credentials of somebody who is named elsewhere",
      reading("{ file: keys/gitops }", "{ env: ID }"),
      [token("ci@pve!ab")],
      [],
    ],
    ["another file", reading("{ file: keys/other }"), [token("ci@pve!ab")], []],
    [
      "a declared password",
      reading("{ env: TOKEN }"),
      [token("ci@pve!ab"), manifestText("User", "joe@pve", "{ password: { from: { file: gitops } } }")],
      ["sink-collision@gitops"],
    ],
  ])("%s", (_, target, texts, expected) => {
    expect(said(target, ...texts)).toEqual(expected);
  });
});

describe("two secrets for one program under one name", () => {
  const withArguments = (args: string): string =>
    targetWith(`hook: { exec: { command: ./store.sh, args: ["${args}"] } }`);
  const tokens = ["ci@pve!one", "ci@pve!two"].map((name) =>
    manifestText("Token", name, "{ sinks: [{ name: hook, as: a }] }"),
  );

  test.each([
    ["{as}", ["sink-collision@a"]],
    ["{target}/{as}", ["sink-collision@a"]],
    ["proxmox/{id}", []],
  ])("told apart by the argument %s", (args, expected) => {
    const texts = [...tokens, manifestText("User", "ci@pve", "{}")];
    expect(summary(buildTexts(texts, { target: withArguments(args) }).diagnostics)).toEqual(expected);
  });
});

describe("a program as a source", () => {
  test("of a target's own credentials", () => {
    const target = targetText().replace("{ env: TOKEN }", "{ exec: { command: bin/pass, args: [dc1] } }");
    expect(buildTexts([], { target }).states[0]?.target.credentials).toMatchObject({
      secret: {
        source: "exec",
        command: "folder/bin/pass",
        args: ["dc1"],
        timeoutMs: 30_000,
        inheritEnv: [],
      },
    });
  });

  test("of nothing else: what comes through pull requests starts no programs", () => {
    const spec = "{ password: { from: { exec: { command: id } } } }";
    const { diagnostics } = buildTexts([manifestText("User", "joe@pve", spec)]);
    expect(summary(diagnostics)).toEqual(["secret-out-of-bounds@exec"]);
  });
});
