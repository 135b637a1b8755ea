import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { renderJson } from "../../src/render/json.ts";
import { renderMarkdown } from "../../src/render/markdown.ts";
import { renderOutcomes } from "../../src/render/outcomes.ts";
import { planSchema } from "../../src/render/plan-schema.ts";
import { renderText } from "../../src/render/text.ts";
import { coloured, plain } from "../../src/support/palette.ts";
import { arbitraryReports } from "../support/arbitrary-plan.ts";

const runs = { numRuns: 60 };
/** What a terminal would obey, but for the end of a line. */
const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Takes away what a coloured palette may add, and nothing else. */
function uncoloured(text: string): string {
  return [1, 2, 22, 31, 32, 33, 39].reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ""), text);
}

describe("text", () => {
  test("holds no character that a terminal obeys, and only SGR when coloured", () => {
    fc.assert(
      fc.property(
        arbitraryReports,
        fc.constantFrom("brief" as const, "verbose" as const),
        (reports, detail) => {
          expect(obeyed.test(renderText(reports, { palette: plain, detail }))).toBe(false);
          expect(obeyed.test(renderOutcomes(reports, plain))).toBe(false);
          const withColours = renderText(reports, { palette: coloured, detail });
          expect(obeyed.test(uncoloured(withColours))).toBe(false);
        },
      ),
      runs,
    );
  });

  test("colours change nothing but the colours", () => {
    fc.assert(
      fc.property(arbitraryReports, (reports) => {
        const withColours = renderText(reports, { palette: coloured, detail: "verbose" });
        expect(uncoloured(withColours)).toBe(renderText(reports, { palette: plain, detail: "verbose" }));
      }),
      runs,
    );
  });
});

describe("JSON", () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
    planSchema,
  );

  test("keeps to its published schema, and to ASCII where a terminal would obey", () => {
    fc.assert(
      fc.property(arbitraryReports, (reports) => {
        const text = renderJson(reports);
        expect(obeyed.test(text)).toBe(false);
        validate(JSON.parse(text));
        expect(validate.errors ?? []).toEqual([]);
      }),
      runs,
    );
  });

  test("gives every text back as it was", () => {
    fc.assert(
      fc.property(arbitraryReports, (reports) => {
        // Proof: the schema holds of it, as the law before shows.
        const document = JSON.parse(renderJson(reports)) as { targets: { name: string }[] };
        expect(document.targets.map(({ name }) => name)).toEqual(reports.map(({ name }) => name));
      }),
      runs,
    );
  });
});

describe("Markdown", () => {
  test("stays below 60 kB, folds what it opens, and begins with its marker", () => {
    fc.assert(
      fc.property(arbitraryReports, (reports) => {
        const text = renderMarkdown(reports);
        expect(Buffer.byteLength(text)).toBeLessThan(60_000);
        expect(text.match(/<details>/gu)?.length ?? 0).toBe(text.match(/<\/details>/gu)?.length ?? 0);
        expect(text.indexOf("<!-- rolecall plan -->")).toBe(0);
        expect(text.lastIndexOf("<!--")).toBe(0);
      }),
      runs,
    );
  });

  test("what comes from outside stays in code: no mention, link, image or HTML of its own", () => {
    fc.assert(
      fc.property(arbitraryReports, (reports) => {
        const prose = renderMarkdown(reports)
          .replace(/<code>[^<]*<\/code>/gu, "")
          .replace(/`[^`\n]*`/gu, "")
          .replace(/<!-- rolecall plan -->|<\/?details>|<\/?summary>|<br>/gu, "");
        expect(prose).not.toMatch(/[`@<>[\]!]|:\/\/|www\./u);
      }),
      runs,
    );
  });

  test("every row of a table has the cells of its head", () => {
    fc.assert(
      fc.property(arbitraryReports, (reports) => {
        const rows = renderMarkdown(reports)
          .split("\n")
          .filter((line) => line.startsWith("|"));
        expect(rows.filter((row) => ![4, 8].includes(row.split("|").length - 2))).toEqual([]);
      }),
      runs,
    );
  });
});
