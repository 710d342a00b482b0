// Pictures of the named screens, in light, dark and at phone width, into docs/screens/: `npm run screens`.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { arrange, FORMS, SCREENS } from "../tests/browser/arrange.mjs";
import { launch, logIn, realm } from "../tests/browser/harness.mjs";

const out = process.env.SCREENS_DIR ?? fileURLToPath(new URL("../../docs/screens/", import.meta.url));
mkdirSync(out, { recursive: true });

/** PNG to look at with anything, WebP to keep in the repository: a tenth of the size. */
const TYPE = process.env.SCREENS_TYPE ?? "webp";

async function picture(page, name) {
  const devtools = await page.context().newCDPSession(page);
  const options = { format: TYPE, ...(TYPE === "webp" && { quality: 25 }) };
  const { data } = await devtools.send("Page.captureScreenshot", options);
  await devtools.detach();
  writeFileSync(`${out}/${name}.${TYPE}`, Buffer.from(data, "base64"));
}

const browser = await launch();
for (const [form, options] of Object.entries(FORMS)) {
  const stranger = await browser.newContext({ baseURL: realm.url, viewport: { width: 1360, height: 850 }, ...options });
  const door = await stranger.newPage();
  await door.goto("/login/");
  await picture(door, `login-${form}`);
  await stranger.close();
  const { page, context, errors } = await logIn(browser, realm.users[0], { ...options, reducedMotion: "reduce" });
  for (const name of SCREENS) {
    await arrange(page, name);
    await picture(page, `${name}-${form}`);
  }
  if (errors.length > 0) throw new Error(`${form}: ${errors.join("\n")}`);
  await context.close();
}
await browser.close();
