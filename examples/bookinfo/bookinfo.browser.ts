/** Bookinfo as people see it, in a real browser. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type Bookinfo, startBookinfo } from "./bookinfo.fixture.ts";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe("Bookinfo in a browser", () => {
  let bookinfo: Bookinfo;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  before(async () => {
    const executablePath = process.env["KITELINE_CHROMIUM"];
    assert.ok(executablePath, "KITELINE_CHROMIUM must name a browser; npm run browser sets it");
    [bookinfo, browser] = await Promise.all([startBookinfo(), chromium.launch({ executablePath, args: ARGUMENTS })]);
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
  });
  after(async () => {
    await browser?.close();
    await bookinfo?.[Symbol.asyncDispose]();
  });

  const hops = (): Promise<string[]> => page.locator("tbody code").allTextContents();
  const stars = (): Promise<string | null> => page.getByRole("img", { name: /stars? of 5/ }).getAttribute("aria-label");

  it("shows no stars and one star by turns", async () => {
    await page.goto(bookinfo.url);
    const seen = [await stars()];
    await page.getByRole("link", { name: "Ask again" }).click();
    seen.push(await stars());
    assert.deepEqual(new Set(seen), new Set(["0 stars of 5", "1 star of 5"]));
  });

  it("takes the request into the branch at a click on the switch, and back at the next", async () => {
    const control = page.getByRole("switch", { name: "Lane branch" });
    await control.click();
    assert.equal(await control.getAttribute("aria-checked"), "true");
    assert.equal(await stars(), "5 stars of 5");
    assert.deepEqual(await hops(), ["productpage-v1", "details-v1", "reviews-v2", "ratings-v2"]);
    assert.deepEqual(
      (await context.cookies()).map(({ name, value }) => `${name}=${value}`),
      ["uid=100"],
    );
    await page.reload();
    assert.equal(await stars(), "5 stars of 5");

    // With the keyboard, as somebody without a mouse does.
    await control.focus();
    await page.keyboard.press("Space");
    await page.waitForURL(bookinfo.url);
    await page.locator('[role="switch"][aria-checked="false"]').waitFor();
    assert.notEqual(await stars(), "5 stars of 5");
  });

  it("fits a telephone and a slide, in light and dark, and draws one graph at a time", async () => {
    for (const width of [390, 1280]) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await page.goto(bookinfo.url);
        const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
        const background = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        assert.ok(overflow <= 0, `${width} px: ${overflow} px too wide`);
        assert.equal(background, colorScheme === "light" ? "rgb(244, 242, 236)" : "rgb(16, 19, 26)");
        assert.equal(await page.locator("svg.graph:visible").count(), 1);
      }
    }
  });

  it("follows edits of the YAML while load runs, without one failed request", async () => {
    const answers = await bookinfo.load([{}, {}, { uid: "100" }, { cookie: "uid=100" }], async () => {
      for (const version of ["v1", "v2", "v3", "v2", "v1", "v3"]) {
        const restore = bookinfo.edit("routes.yaml", "host: reviews", `host: reviews\n            subset: ${version}`);
        // Asked as somebody who would get another version if it were not for the edit.
        await bookinfo.askUntil(({ hops: [, , reviews] }) => reviews?.version === version, version === "v2" ? {} : { uid: "100" });
        await page.goto(bookinfo.url);
        assert.ok((await hops()).includes(`reviews-${version}`));
        restore();
      }
      await bookinfo.askUntil(({ lane, stars: count }) => lane === "branch" && count === 5, { uid: "100" });
    });
    assert.deepEqual(
      answers.filter(({ unavailable }) => Object.keys(unavailable).length > 0),
      [],
    );
  });
});
