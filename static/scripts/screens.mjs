// Pictures of the named screens, in light, dark and at phone width, into docs/screens/.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { goTo, launch, logIn, realm } from "../tests/browser/harness.mjs";

const out = process.env.SCREENS_DIR ?? fileURLToPath(new URL("../../docs/screens/", import.meta.url));
mkdirSync(out, { recursive: true });

const FORMS = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["phone", { colorScheme: "light", viewport: { width: 390, height: 780 }, hasTouch: true }],
];

/** PNG to look at with anything, WebP to keep in the repository: a tenth of the size. */
const TYPE = process.env.SCREENS_TYPE ?? "webp";

async function picture(page, name) {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send("Page.captureScreenshot", {
    format: TYPE,
    ...(TYPE === "webp" && { quality: 60 }),
  });
  await devtools.detach();
  writeFileSync(`${out}/${name}.${TYPE}`, Buffer.from(data, "base64"));
}

/** Goes where the first such link of the sidebar leads, shown or not. */
async function follow(page, link) {
  await page.locator(link).first().waitFor({ state: "attached" });
  await goTo(page, await page.locator(link).first().getAttribute("href"));
  await page.locator(".row, .empty").first().waitFor();
}

const SCREENS = {
  inbox: async (page) => goTo(page, "#inbox"),
  recent: async (page) => {
    await goTo(page, "#recent");
    await page.locator(".recent-table, .empty").first().waitFor();
  },
  feed: async (page) => {
    await goTo(page, "#feed");
    await page.locator(".row").first().waitFor();
  },
  stream: async (page) => {
    await follow(page, ".side-link.stream");
    await page.locator(".side-link.topic").first().waitFor({ state: "attached" });
  },
  topic: async (page) => follow(page, ".side-link.topic:not(.general)"),
  compose: async (page) => {
    await page.keyboard.press("c");
    await page.locator(".compose textarea").fill("Nearly done, **one** more host. Thanks @");
    await page.locator(".compose textarea").press("End");
    await page.keyboard.type("a");
    await page.locator(".typeahead").first().waitFor();
  },
  starred: async (page) => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await goTo(page, "#narrow/is/starred");
    await page.locator(".row, .empty").first().waitFor();
  },
  search: async (page) => {
    await goTo(page, "#narrow/search/the");
    await page.locator(".row, .empty").first().waitFor();
  },
  palette: async (page) => {
    await page.keyboard.press("Control+k");
    await page.locator(".palette input").fill("de");
  },
  shortcuts: async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".palette").waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await page.locator(".shortcuts").waitFor();
  },
  settings: async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".shortcuts").waitFor({ state: "detached" });
    await page.keyboard.press("g");
    await page.locator(".choice").first().waitFor();
  },
  streams: async (page) => {
    await page.keyboard.press("Escape");
    await page.locator(".choice").first().waitFor({ state: "detached" });
    await goTo(page, "#streams");
    await page.locator(".stream-card").first().waitFor();
  },
  sidebar: async (page, form) => {
    if (form === "phone") await page.getByRole("button", { name: "Show or hide conversations" }).click();
  },
};

const browser = await launch();
for (const [form, options] of FORMS) {
  const stranger = await browser.newContext({ baseURL: realm.url, viewport: { width: 1360, height: 850 }, ...options });
  const door = await stranger.newPage();
  await door.goto("/login/");
  await picture(door, `login-${form}`);
  await stranger.close();
  const { page, context, errors } = await logIn(browser, realm.users[0], options);
  for (const [name, arrange] of Object.entries(SCREENS)) {
    await arrange(page, form);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await picture(page, `${name}-${form}`);
  }
  if (errors.length > 0) throw new Error(`${form}: ${errors.join("\n")}`);
  await context.close();
}
await browser.close();
