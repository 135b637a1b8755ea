// The frame of every page.

import type { StatusDocument } from "../daemon/status.ts";
import { documentText, html, type Content } from "./html.ts";
import { exact } from "./time.ts";

export interface Page {
  readonly title: string;
  /** Where among the pages it is. */
  readonly place: "targets" | "access";
  /** The whole page asks for itself again, so often. */
  readonly refreshSeconds?: number;
  readonly body: Content;
}

export function page({ title, place, refreshSeconds, body }: Page, { version, now }: StatusDocument): string {
  const refresh =
    refreshSeconds === undefined ? "" : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`;
  return documentText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>${title} · Rolecall</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          ${refresh}
          <link rel="stylesheet" href="/style.css" />
          <link rel="icon" type="image/svg+xml" href="/icon.svg" />
        </head>
        <body>
          <a class="skip" href="#main">Skip to the content</a>
          <header>
            <a class="mark" href="/">Rolecall</a>
            <nav aria-label="Pages">
              ${link("/", "Targets", place === "targets")}${link("/access", "Who can do what", place === "access")}
            </nav>
          </header>
          <main id="main" tabindex="-1">${body}</main>
          <footer>
            <p>
              As of ${exact(now)} · Rolecall ${version} · <a href="/api/v1/status">status as JSON</a> ·
              <a href="/metrics">metrics</a>
            </p>
          </footer>
        </body>
      </html>`,
  );
}

function link(href: string, words: string, isHere: boolean): Content {
  return html`<a href="${href}" ${isHere ? html` aria-current="page"` : ""}>${words}</a>`;
}

/** A part of a page under its heading. */
export function section(id: string, heading: Content, body: Content): Content {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    ${body}
  </section>`;
}
