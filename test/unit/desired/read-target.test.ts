import { describe, expect, test } from "@jest/globals";
import { buildTexts, summary, targetText } from "../../support/manifest-text.ts";

test("what is left out has its default", () => {
  const [state] = buildTexts([]).states;
  expect(state?.target).toMatchObject({
    name: "dc1",
    labels: {},
    prune: { users: true, groups: true, roles: true, acl: true, tokens: true, pools: true, realms: true },
    scope: { users: { include: ["**"], exclude: [] }, acl: { paths: { include: ["**"] } }, directories: [] },
    safety: {
      maxDeletes: { percent: 10 },
      maxRevocations: { percent: 10 },
      allowEmpty: [],
      protect: [],
      requireAdmin: [],
      holdEscalations: false,
      onFinding: "stop",
      maxPauseMs: 14_400_000,
      approved: [],
    },
    secrets: { envPrefix: "ROLECALL_SECRET_", dir: "/run/secrets/rolecall" },
    suspend: false,
    mode: "enforce",
    intervalMs: 300_000,
  });
});

test("paths are relative to the manifest's folder, fingerprints are in capitals", () => {
  const pair = "ab:".repeat(31);
  const more = `, tls: { caFile: ca.pem, fingerprint: "${pair}cd" }, secrets: { dir: s }, sinks: { ci: { file: { dir: ../out } } }`;
  const [state] = buildTexts([], { target: targetText("dc1", more).replace("env: TOKEN", "file: t") }).states;
  expect(state?.target).toMatchObject({
    credentials: { secret: { source: "file", path: "folder/t" } },
    tls: { caFile: "folder/ca.pem", fingerprint: `${pair}cd`.toUpperCase() },
    secrets: { dir: "folder/s" },
  });
  expect(state?.target.sinks.get("ci")).toEqual({ kind: "file", name: "ci", dir: "out", mode: 0o600 });
});

test("prune by kind: what is left out is not pruned", () => {
  const target = targetText().replace("prune: true", "prune: { users: disable, acl: true }");
  expect(buildTexts([], { target }).states[0]?.target.prune).toEqual({
    users: "disable",
    groups: false,
    roles: false,
    acl: true,
    tokens: false,
    pools: false,
    realms: false,
  });
});

test.each<[string, string[]]>([
  [targetText("dc1", ", interval: 5x"), ["invalid-value@5x"]],
  [targetText("dc1", ", safety: { maxPause: 1y }"), ["invalid-value@1y"]],
  [targetText("dc1", ", safety: { maxDeletes: 101% }"), ["invalid-value@101%"]],
  [targetText("dc1", ", safety: { maxRevocations: many }"), ["invalid-value@many"]],
  [
    targetText("dc1", ", safety: { protect: [joe@pve, 'user:a b@pve'] }"),
    ["invalid-name@joe@pve", "invalid-name@'user:a b@pve'"],
  ],
  [targetText("dc1", ", safety: { requireAdmin: ['group:a/b'] }"), ["invalid-name@'group:a/b'"]],
  [targetText("dc1", ", scope: { acl: { paths: { exclude: [vms/**] } } }"), ["invalid-value@vms/**"]],
  [targetText("dc1", ", scope: { acl: { subjects: { exclude: [joe@pve] } } }"), ["invalid-value@joe@pve"]],
  [targetText("dc1", ", scope: { directories: [c/d] }"), ["invalid-name@c/d"]],
  [targetText().replace("https", "http"), ["plain-http@http://pve1.example:8006"]],
  [targetText().replace("rolecall@pve!gitops", "rolecall"), ["invalid-name@rolecall"]],
  [targetText().replace("rolecall@pve!gitops", "rolecall@pve!gitops=hunter2"), ["literal-secret@***"]],
  [targetText().replace("product: pve", "product: pbs"), ["unsupported@pbs"]],
  [`${targetText()}---\n${targetText()}`, ['duplicate-object@"dc1"']],
])("%s", (target, expected) => {
  const { states, diagnostics } = buildTexts([], { target });
  expect(summary(diagnostics)).toEqual(expected);
  expect(states).toEqual([]);
});

describe("the annotation rolecall.dev/approve", () => {
  const [one, other] = ["0123456789abcdef".repeat(2), "f".repeat(32)];
  const annotated = (text: string): string =>
    targetText("dc1", "", `, annotations: { rolecall.dev/approve: "${text}" }`);

  test.each<[string, readonly string[]]>([
    [`max-deletes=${one}`, [`max-deletes ${one}`]],
    [`max-deletes=${one},escalation=${other}`, [`max-deletes ${one}`, `escalation ${other}`]],
    [` max-deletes=${one} ,  max-deletes=${other}\\n`, [`max-deletes ${one}`, `max-deletes ${other}`]],
  ])("%p", (text, expected) => {
    const { states, diagnostics } = buildTexts([], { target: annotated(text) });
    expect(diagnostics).toEqual([]);
    expect(states[0]?.target.safety.approved.map(({ code, digest }) => `${code} ${digest}`)).toEqual(
      expected,
    );
  });

  test.each([
    ["", 1],
    ["max-deletes", 1],
    ["max-deletes=12", 1],
    [`max-deletes=${one}0`, 1],
    [`max-deletes=${one.toUpperCase()}`, 1],
    [`max-deletes = ${one}`, 3],
    [`max-delets=${one}`, 1],
    [`reference-unknown=${one}`, 1],
    [`Max-Deletes=${one}, =${one}, max-deletes=${one}`, 2],
  ])("%p is none, and said so at its place", (text, count) => {
    const { states, diagnostics } = buildTexts([], { target: annotated(text) });
    expect(summary(diagnostics)).toEqual(
      Array.from({ length: count }, () => expect.stringMatching(/^invalid-value@/u)),
    );
    expect(diagnostics[0]?.place).toMatchObject({ file: "target.yaml", line: 3 });
    expect(states).toEqual([]);
  });
});
