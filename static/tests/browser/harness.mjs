// What every browser test and the screenshots share: the server to talk to, a browser, people who log in.

import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

export const devJson = process.env.NARROWS_DEV_JSON ?? new URL("../../../var/dev.json", import.meta.url);

/** The running server, as `tools/run` describes it. */
export const dev = JSON.parse(readFileSync(devJson, "utf8"));
export const realm = dev.realms[0];

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

/** A page of someone who has logged in, in a context of their own. Errors in the page fail the test. */
export async function logIn(browser, user, options = {}) {
  const context = await browser.newContext({
    baseURL: realm.url,
    viewport: { width: 1360, height: 850 },
    locale: "en-GB",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(Number(process.env.PATIENCE_MS ?? 30_000));
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  page.on(
    "console",
    (message) =>
      message.type() === "error" && /Content Security Policy/.test(message.text()) && errors.push(message.text()),
  );
  await page.goto("/login/");
  await page.fill('[name="username"]', user.email);
  await page.fill('[name="password"]', user.password);
  await page.click('button[type="submit"]');
  await page.waitForSelector(".shell");
  return { page, context, errors };
}

/** Goes to a hash without loading the page again. */
export async function goTo(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

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
