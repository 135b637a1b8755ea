import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildFiles, manifestText, targetText, type Texts } from "../support/manifest-text.ts";

const documents = [
  targetText("dc1", ", sinks: { ci: { file: { dir: out } } }", ", labels: { env: prod }"),
  targetText("dc2"),
  manifestText(
    "User",
    "joe@pve",
    "{ groups: [operators], expire: 2027-01-31, password: { from: { env: ROLECALL_SECRET_A } } }",
  ),
  manifestText("User", "ci@pve", "{ targets: [dc1], comment: 'deploys' }"),
  manifestText("User", "gone@pve", "{ ensure: absent }"),
  manifestText("Group", "operators", "{ members: [joe@pve, anna@corp, gone@pve] }"),
  manifestText("Membership", "on-call", "{ group: operators, user: ben@corp }"),
  manifestText("Role", "VMOperator", "{ privileges: [VM.PowerMgmt], includes: [PVEAuditor] }"),
  manifestText(
    "ACL",
    "a",
    "{ path: /vms, roles: [VMOperator], subjects: [{ group: operators }, { user: gone@pve }] }",
  ),
  manifestText(
    "ACL",
    "b",
    "{ paths: [/vms/, /], roles: [PVEAuditor], subjects: [{ group: operators }], propagate: false }",
  ),
  manifestText(
    "ACL",
    "c",
    "{ path: /, ensure: absent, roles: [PVEAdmin], subjects: [{ group: operators }] }",
  ),
  manifestText(
    "ACL",
    "boxed",
    "{ path: /vms, roles: [PVEAdmin, VMOperator], subjects: [{ group: operators }], validity: { notAfter: 2026-12-05 } }",
  ),
  manifestText(
    "ACL",
    "boxed-again",
    "{ path: /vms, roles: [PVEAdmin], subjects: [{ group: operators }], propagate: false, validity: { notBefore: 2026-12-06 } }",
  ),
  manifestText(
    "Membership",
    "boxed",
    "{ group: operators, user: ben@corp, validity: { notAfter: 2026-12-05 } }",
  ),
  manifestText(
    "Token",
    "ci@pve!deploy",
    "{ targets: { matchLabels: { env: prod } }, sinks: [{ name: ci, as: x }] }",
  ),
];

/** Builds, and checks of every diagnostic that it can be printed. */
function build(texts: Texts): ReturnType<typeof buildFiles> {
  const built = buildFiles(texts);
  for (const { place, excerpt, caret, width, message, hint = "" } of built.diagnostics) {
    expect(place.line).toBeGreaterThan(0);
    expect(place.column).toBeGreaterThan(0);
    expect(width).toBeGreaterThan(0);
    expect(caret).toBeLessThanOrEqual(Array.from(excerpt).length);
    expect(`${excerpt}${message}${hint}`).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  }
  return built;
}

/** The meaning of states: all but the places. */
function meaning(texts: Texts): string {
  const { states, diagnostics } = buildFiles(texts);
  const withoutPlaces = (key: string, value: unknown): unknown => {
    if (key === "source") return undefined;
    return value instanceof Map ? [...value] : value;
  };
  return JSON.stringify([states, diagnostics.map(({ code }) => code).sort()], withoutPlaces);
}

describe("nothing throws", () => {
  const pieces = [
    "---\n",
    "- ",
    "a: ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "!!js ",
    "|\n",
    ">-\n",
    "'",
    '"',
    "#",
    "%YAML 1.1\n",
    "<<: ",
    "\t",
    "\n",
    "  ",
    "\u0000",
    "\uFEFF",
    "\uD800",
    "password: hunter2",
    ...documents.slice(0, 3),
  ];

  test("on any text", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void build({ "a.yaml": text })),
      { numRuns: 300 },
    ));

  test("on what looks like YAML", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
        (parts) => void build({ "a.yaml": parts.join("") }),
      ),
      { numRuns: 300 },
    ));

  test("on manifests with a piece replaced", () => {
    const text = documents.join("---\n");
    const edit = fc.tuple(
      fc.nat(text.length),
      fc.nat(12),
      fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const edited = edits.reduce(
          (all, [at, count, put]) => all.slice(0, at) + put + all.slice(at + count),
          text,
        );
        build({ "a.yaml": edited });
      }),
      { numRuns: 300 },
    );
  });

  test("on manifests with any JSON in a field's place", () => {
    const fields = [
      "targets",
      "groups",
      "members",
      "password",
      "subjects",
      "paths",
      "expire",
      "sinks",
      "scope",
      "prune",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom("Target", "User", "Group", "ACL", "Token"),
        fc.constantFrom(...fields),
        fc.jsonValue({ maxDepth: 3 }),
        (kind, field, value) => {
          const text = manifestText(kind, "x@pve", JSON.stringify({ [field]: value }));
          build({ "a.yaml": `${targetText()}---\n${text}` });
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("the manifests are without an error, so that the next law says something", () => {
  const { states } = build({ "a.yaml": documents.join("---\n") });
  expect(states.map(({ target }) => target.name)).toEqual(["dc1", "dc2"]);
});

test("the order of manifests and their share among files change nothing", () => {
  const expected = meaning({ "a.yaml": documents.join("---\n") });
  const shuffled = fc.shuffledSubarray(documents, { minLength: documents.length });
  fc.assert(
    fc.property(
      shuffled,
      fc.array(fc.nat(3), { minLength: documents.length, maxLength: documents.length }),
      (order, files) => {
        const texts: Record<string, string> = {};
        for (const [index, text] of order.entries()) {
          const name = `${files[index] ?? 0}.yaml`;
          texts[name] = `${texts[name] ?? ""}---\n${text}`;
        }
        expect(meaning(texts)).toBe(expected);
      },
    ),
    { numRuns: 100 },
  );
});

test("a secret in a secret's place is shown nowhere, however it is quoted and whatever else is wrong", () => {
  const secret = fc.string({ unit: fc.constantFrom("x", "Q", "7", "!", "z"), minLength: 8, maxLength: 12 });
  const field = fc.constantFrom("password", "pasword", "passwd", "secret", "keys", "apiKey");
  const style = fc.constantFrom<(text: string) => string>(
    (text) => text.replace(/^!/u, "q"),
    (text) => `"${text}"`,
    (text) => `'${text}'`,
    (text) => `{ from: "${text}" }`,
    (text) => `{ from: { value: "${text}" } }`,
    (text) => `["${text}"]`,
  );
  fc.assert(
    fc.property(
      secret,
      field,
      style,
      fc.constantFrom("", ", foo: 1", ", groups: [", ", a: *b"),
      (text, name, write, more) => {
        const written = manifestText("User", "joe@pve", `{ ${name}: ${write(text)}${more} }`);
        const { diagnostics } = build({ "a.yaml": written });
        expect(diagnostics.length).toBeGreaterThan(0);
        expect(JSON.stringify(diagnostics)).not.toContain(text.slice(1));
      },
    ),
    { numRuns: 300 },
  );
});
