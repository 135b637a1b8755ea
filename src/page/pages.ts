// In: what the daemon knows, as values. Out: its pages, as HTML. Must not know: requests, the clock; it can reach nothing
// that reads or writes.

import type { Pages } from "../daemon/pages.ts";
import { accessPage } from "./access.ts";
import { icon } from "./icon.ts";
import { overview } from "./overview.ts";
import { style } from "./style.ts";
import { missingPage, targetPage } from "./target.ts";

export const pages: Pages = {
  overview,
  target: targetPage,
  access: accessPage,
  missing: missingPage,
  files: new Map([
    ["/style.css", { type: "text/css; charset=utf-8", body: style }],
    ["/icon.svg", { type: "image/svg+xml", body: icon }],
  ]),
};
