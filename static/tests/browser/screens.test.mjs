// Every main view is free of what axe-core can find, in light and in dark, and shows no error in the console.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { goTo, launch, logIn, realm } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = {
  inbox: ["#inbox", ".inbox, .empty"],
  recent: ["#recent", ".recent-table, .empty"],
  feed: ["#feed", ".row, .empty"],
  starred: ["#narrow/is/starred", ".row, .empty"],
  drafts: ["#drafts", ".drafts, .empty"],
  streams: ["#streams", ".stream-card"],
  unknown: ["#narrow/nonsense/x", ".empty"],
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  test(`accessible in ${colorScheme}`, async (t) => {
    const { page, context, errors } = await logIn(browser, realm.users[0], { colorScheme, bypassCSP: true });
    for (const [name, [hash, shown]] of Object.entries(VIEWS)) {
      await t.test(name, async () => {
        await goTo(page, hash);
        await page.locator(shown).first().waitFor();
        assert.deepEqual(await violations(page), []);
      });
    }
    await t.test("compose", async () => {
      await page.keyboard.press("c");
      await page.locator(".compose").waitFor();
      assert.deepEqual(await violations(page), []);
      await page.keyboard.press("Escape");
    });
    await t.test("shortcuts", async () => {
      await goTo(page, "#inbox");
      await page.locator("#main").focus();
      await page.keyboard.press("?");
      await page.locator(".shortcuts").waitFor();
      assert.deepEqual(await violations(page), []);
    });
    assert.deepEqual(errors, []);
    await context.close();
  });
}
