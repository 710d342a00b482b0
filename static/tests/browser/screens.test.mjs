// Every named screen is free of what axe-core can find, in light, in dark and on a phone, and shows no error.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { arrange, FORMS, SCREENS } from "./arrange.mjs";
import { launch, logIn, nothingSticksOut, realm } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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

for (const [form, options] of Object.entries(FORMS)) {
  test(`accessible: ${form}`, async (t) => {
    const { page, context, errors } = await logIn(browser, realm.users[0], {
      ...options,
      bypassCSP: true,
      reducedMotion: "reduce",
    });
    for (const name of SCREENS) {
      await t.test(name, async () => {
        await arrange(page, name);
        assert.deepEqual(await violations(page), []);
      });
    }
    await t.test("nothing sticks out", async () => {
      await arrange(page, "topic");
      await nothingSticksOut(page);
    });
    assert.deepEqual(errors.map(String), []);
    await context.close();
  });
}
