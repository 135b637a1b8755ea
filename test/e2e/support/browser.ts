// In: nothing. Out: the Chromium of this machine, where there is one, and pages in it that remember what went wrong.

import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const places = [
  process.env["ROLECALL_CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Undefined where none is installed. */
export const chromiumPath = places.find((path) => path !== "" && existsSync(path));

export interface Visit {
  readonly page: Page;
  /** What the console, the page or a forbidden load complained of. */
  readonly complaints: readonly string[];
  /** Every address that was asked for. */
  readonly asked: readonly string[];
}

export async function openBrowser(executablePath: string): Promise<Browser> {
  // As root, as in most containers, its sandbox can't be had; what it shows here is our own.
  return await chromium.launch({ executablePath, chromiumSandbox: false });
}

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const [complaints, asked]: [string[], string[]] = [[], []];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  return { page, complaints, asked };
}
