// What every browser test and the screenshots share: the server to talk to, a browser, people who log in.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

export const devJson = process.env.NARROWS_DEV_JSON ?? new URL("../../../var/dev.json", import.meta.url);

/** The running server, as `tools/run` describes it. */
export const dev = JSON.parse(readFileSync(devJson, "utf8"));
export const realm = dev.realms[0];

/** How long anything may take before it counts as never happening. */
const PATIENCE_MS = Number(process.env.PATIENCE_MS ?? 30_000);
/** How many times slower than this machine the pages are to believe they run: brings out what only seldom goes wrong. */
const SLOWDOWN = Number(process.env.SLOWDOWN ?? 1);

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page in a context of its own. Errors in the page fail the test. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({
    baseURL: realm.url,
    viewport: { width: 1360, height: 850 },
    locale: "en-GB",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  if (SLOWDOWN > 1)
    await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  page.on(
    "console",
    (message) =>
      message.type() === "error" && /Content Security Policy/.test(message.text()) && errors.push(message.text()),
  );
  return { page, context, errors };
}

/** Fills in the log-in page that is open. */
export async function logInHere(page, user) {
  await page.fill('[name="username"]', user.email);
  await page.fill('[name="password"]', user.password);
  await page.click('button[type="submit"]');
  await page.waitForSelector(".shell");
}

/** A page of someone who has logged in. */
export async function logIn(browser, user, options = {}) {
  const opened = await open(browser, options);
  await opened.page.goto("/login/");
  await logInHere(opened.page, user);
  return opened;
}

/** Goes to a hash without loading the page again, and waits until the client has heard of it and has drawn: what was
 * on the screen before is not taken for what is there then. */
export async function goTo(page, hash) {
  await page.evaluate(
    (to) =>
      new Promise((done) => {
        const drawn = () => requestAnimationFrame(() => setTimeout(done));
        const before = location.hash;
        addEventListener("hashchange", drawn, { once: true });
        location.hash = to;
        if (location.hash !== before) return;
        removeEventListener("hashchange", drawn);
        drawn();
      }),
    hash,
  );
}

function fits(value, wanted) {
  if (typeof wanted === "function") return wanted(value);
  return wanted instanceof RegExp ? wanted.test(value) : isDeepStrictEqual(value, wanted);
}

/** Reads until what is read is as wanted: a value, a pattern, or what a function says yes to. The one way to look at
 * what an act changes: read only once, it may be from before the act as well as from after it. */
export async function becomes(read, wanted, what) {
  const end = Date.now() + PATIENCE_MS;
  for (let pause = 10; ; pause = Math.min(250, pause * 1.5)) {
    const value = await read();
    if (fits(value, wanted)) return value;
    if (Date.now() < end) await new Promise((next) => setTimeout(next, pause));
    else if (wanted instanceof RegExp) assert.match(value, wanted, what);
    else if (typeof wanted === "function") assert.fail(`${what ?? wanted}: it is ${JSON.stringify(value)}`);
    else assert.deepEqual(value, wanted, what);
  }
}

/** What is read when it has been the same for a while. */
export async function standsStill(read) {
  let [last, times] = [undefined, 0];
  await becomes(
    async () => {
      const value = await read();
      times = value === last ? times + 1 : 0;
      last = value;
      return times;
    },
    (same) => same >= 5,
    "does not stand still",
  );
  return last;
}

/** Closes whatever lies over the page. */
export async function closeAll(page, what = "dialog[open], .popover") {
  await becomes(async () => {
    const open = await page.locator(what).count();
    if (open > 0) await page.keyboard.press("Escape");
    return open;
  }, 0);
}

export const nothingSticksOut = (page, what) =>
  becomes(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, what ?? "it sticks out");

/** One call of the API as a user, beside the browser. */
export async function callApi(user, method, path, params = {}) {
  const body = new URLSearchParams(
    Object.entries(params).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  const url = new URL(`/api/v1${path}`, realm.url);
  if (method === "GET") url.search = String(body);
  const authorization = `Basic ${Buffer.from(`${user.email}:${user.api_key}`).toString("base64")}`;
  const response = await fetch(url, { method, headers: { authorization }, ...(method !== "GET" && { body }) });
  const answer = await response.json();
  if (answer.result !== "success") throw new Error(`${method} ${path}: ${answer.msg}`);
  return answer;
}
