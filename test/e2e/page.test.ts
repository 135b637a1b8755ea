import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { chromiumPath, openBrowser, visit, type Visit } from "./support/browser.ts";
import { hostile, openRegion, type Region } from "./support/region.ts";
import { useDaemons, type Watching } from "./support/watching.ts";

// ROLECALL_SHOTS=docs/images makes the pictures of the documentation anew.
const shots = process.env["ROLECALL_SHOTS"];

if (chromiumPath === undefined)
  process.stderr.write(
    "the page is not tried in a browser: there is no Chromium here (apt-get install chromium, or ROLECALL_CHROMIUM=PATH)\n",
  );
const describeInBrowser = chromiumPath === undefined ? describe.skip : describe;

const question = "/access?target=berlin&subject=anna%40pve";
const paths = {
  overview: "/",
  chosen: "/?state=needs-you&name=h",
  refused: "/targets/hamburg",
  observed: "/targets/lab",
  synced: "/targets/berlin",
  missing: "/targets/nowhere",
  form: "/access",
  of: question,
  whoCan: "/access?target=lab&privilege=Permissions.Modify&path=%2F",
  can: `${question}&privilege=VM.PowerMgmt&path=%2Fvms%2F101`,
  mistaken: "/access?target=berlin&subject=ana%40pve&privilege=VM.PowerMgt&path=vms",
} as const;

describeInBrowser("in a browser, the page", () => {
  const daemons = useDaemons();
  let [browser, region, daemon]: [Browser?, Region?, Watching?] = [];

  beforeAll(async () => {
    region = await openRegion();
    daemon = await daemons.open(region);
    await daemon.untilPass("berlin", "synced");
    await daemon.untilPass("hamburg", "refused");
    await daemon.untilPass("lab", "drift");
    await daemon.untilPass("leipzig", "paused");
    await daemon.untilPass("muenchen", "synced");
    await daemon.untilPass("koeln", "unreachable");
    browser = await openBrowser(chromiumPath ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    await daemons.close();
    await region?.close();
  });

  const at = async (path: string, options: BrowserContextOptions = {}): Promise<Visit> => {
    if (browser === undefined || daemon === undefined) throw new Error("there is no browser");
    return await visit(browser, `${daemon.url}${path}`, options);
  };

  describe.each(Object.entries(paths))("%s", (_, path) => {
    test.each([
      ["wide and light", "light", 1280],
      ["on a phone in the dark", "dark", 360],
    ] as const)("can be read by everybody, %s", async (_, colorScheme, width) => {
      const { page, complaints, asked } = await at(path, { colorScheme, viewport: { width, height: 740 } });
      expect(await violations(page)).toEqual([]);
      // The browser itself remarks on an answer that is not 200.
      expect(complaints.filter((words) => !/status of (?:404|502)/u.test(words))).toEqual([]);
      expect(asked.filter((url) => new URL(url).origin !== daemon?.url)).toEqual([]);
      // Nothing is to be pushed from side to side, in a window of middle width neither.
      for (const fits of [width, 800]) {
        await page.setViewportSize({ width: fits, height: 740 });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(fits);
      }
      await page.context().close();
    });
  });

  const pictures = [
    ["overview-light", paths.overview, "light", { width: 1060, height: 720 }],
    ["target-dark", paths.refused, "dark", { width: 1060, height: 760 }],
    ["answer-dark", paths.can, "dark", { width: 1060, height: 400 }],
    ["overview-narrow", paths.overview, "light", { width: 360, height: 720 }],
  ] as const;
  (shots === undefined ? test.skip : test).each(pictures)(
    "picture: %s",
    async (name, path, colorScheme, viewport) => {
      const { page } = await at(path, { colorScheme, viewport });
      await page.screenshot({ path: join(shots ?? "", `${name}.png`) });
      await page.context().close();
    },
  );

  test("is walked with the keyboard alone", async () => {
    const { page } = await at("/");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    await tabTo(page, "hamburg");
    // Where the focus is must be seen.
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/targets/hamburg");
    await tabTo(page, "Ask who can do what here");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/access?target=hamburg");
    await tabTo(page, "subject");
    await page.keyboard.type("tom@pve");
    await tabTo(page, "privilege");
    await page.keyboard.type("VM.PowerMgmt");
    await tabTo(page, "path");
    await page.keyboard.type("/vms/100");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Yes" }).waitFor();
    const main = await page.getByRole("main").innerText();
    expect(main).toContain("user:tom@pve can VM.PowerMgmt on /vms/100");
    expect(main).toContain("group operators has VMOperator on /vms");
    await page.context().close();
  });

  test("says why not, and what was meant", async () => {
    const { page } = await at(paths.can);
    const main = await page.getByRole("main").innerText();
    expect(main).toContain("No: user:anna@pve can't VM.PowerMgmt on /vms/101");
    expect(main).toContain("since user anna@pve has NoAccess on /vms/101");
    await page.goto(`${daemon?.url}${paths.mistaken}`);
    const answer = await page.getByRole("main").innerText();
    for (const words of ["did you mean anna@pve?", "did you mean VM.PowerMgmt?", "vms is not a path"])
      expect(answer).toContain(words);
    await page.context().close();
  });

  test("shows names that would be markup as what they are", async () => {
    const { page, complaints } = await at("/targets/lab");
    expect(await page.title()).toBe("lab · Rolecall");
    expect(await page.getByRole("main").innerText()).toContain(hostile.replaceAll('"', '\\"'));
    expect(await page.locator("img, script").count()).toBe(0);
    await page.goto(`${daemon?.url}/access?target=lab&subject=${encodeURIComponent('"><img src=x>')}`);
    expect(await page.getByLabel("Who").inputValue()).toBe('"><img src=x>');
    expect(await page.locator("img, script").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("is dark where that is wanted, and runs nothing", async () => {
    const { page } = await at("/", { colorScheme: "dark", javaScriptEnabled: false });
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toMatch(/^[23] of 7 targets need you/u);
    await page.context().close();
    const dark = await at("/", { colorScheme: "dark" });
    expect(await dark.page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe(
      "rgb(19, 21, 23)",
    );
    await dark.page.context().close();
  });
});

async function violations(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<Pick<axe.AxeResults, "violations">>("axe.run()");
  return found.map(({ id, nodes }) => ({
    id,
    where: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
  }));
}

/** The name of what has the focus. */
async function focused(page: Page): Promise<string> {
  return String(
    await page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"),
  );
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === name) return;
  }
  throw new Error(`no key leads to ${name}`);
}
