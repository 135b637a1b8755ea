import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { documentText, html, type Markup } from "../../../src/page/html.ts";

const textOf = (markup: Markup): string => documentText(markup).trimEnd();

describe("a value", () => {
  test.each([
    ["in a text", textOf(html`<p>${"<b>&amp;"}</p>`), "<p>&#60;b&#62;&#38;amp;</p>"],
    ["in an attribute", textOf(html`<a href="${`"'\``}">x</a>`), '<a href="&#34;&#39;&#96;">x</a>'],
    ["that a screen would obey", textOf(html`<p>${"a\u202Eb\n\0"}</p>`), "<p>a\\u{202e}b\\n\\x00</p>"],
    ["of several", textOf(html`<p>${["<", 1, undefined, html`<br />`]}</p>`), "<p>&#60;1<br /></p>"],
  ])("%s can only be read", (_, text, expected) => expect(text).toBe(expected));

  test("outside of quotes is a bug", () => {
    expect(() => html`<a href=${"x"}>x</a>`).toThrow("outside of quotes");
  });

  test("that looks like markup is none", () => {
    const forged: unknown = { markup: "<script>", toString: () => "<script>" };
    // Proof: what must not work.
    expect(() => textOf(html`<p>${forged as Markup}</p>`)).toThrow(TypeError);
  });
});

test("whatever a value is, it opens and closes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      const text = textOf(html`<p title="${value}">${value}</p>`);
      expect(text.match(/[<>"]/gu)?.join("")).toBe('<""><>');
    }),
  );
});
