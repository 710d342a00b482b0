// Who looks in without an account: reads what is shown to the whole web, and is asked to log in for the rest.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { becomes, callApi, goTo, logIn, logInHere, open } from "./harness.mjs";
import { ada, ben, browser, fresh, row, say } from "./stage.mjs";

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const name = fresh("plaza");
await callApi(ada, "POST", "/users/me/subscriptions", { subscriptions: [{ name }], is_web_public: true });
const { stream_id: id } = await callApi(ada, "GET", "/get_stream_id", { stream: name });
// Without a channel that is shown to the web, strangers are sent to the log-in page, as other journeys expect.
after(() => callApi(ada, "DELETE", `/streams/${id}`));

const speak = (user, topic, content) => callApi(user, "POST", "/messages", { type: "stream", to: id, topic, content });

async function stranger(options = {}) {
  const found = await open(browser, { bypassCSP: true, reducedMotion: "reduce", ...options });
  await found.page.goto("/");
  await found.page.locator(".shell").waitFor();
  return found;
}

test("a stranger reads what is public, and nothing else", async () => {
  const topic = fresh("fountain");
  await speak(ada, topic, "water for everyone");
  await say(ben, topic, "not for the street");
  const { page, context, errors } = await stranger();
  await row(page, "water for everyone").waitFor();
  await becomes(() => row(page, "not for the street").count(), 0);
  const sidebar = page.locator(".sidebar.left");
  await sidebar.getByRole("link", { name }).click();
  await page.locator("h1", { hasText: name }).waitFor();
  await sidebar.getByRole("link", { name: topic }).click();
  await page.locator("h1", { hasText: topic }).waitFor();
  await row(page, "water for everyone").waitFor();
  for (const hash of ["#inbox", "#drafts", "#narrow/is/starred", "#narrow/is/dm"]) {
    await goTo(page, hash);
    await page.getByRole("heading", { name: "This is for people with an account" }).waitFor();
  }
  await goTo(page, "#recent");
  await page.locator(".recent-table tr", { hasText: topic }).waitFor();
  assert.deepEqual(errors.map(String), []);
  await context.close();
});

test("a stranger sees what is written, changed and deleted while looking", async () => {
  const topic = fresh("tram");
  const { id: first } = await speak(ada, topic, "the tram comes at nine");
  const { id: second } = await speak(ada, topic, "a typo here");
  const { page, context, errors } = await stranger();
  await goTo(page, `#narrow/channel/${id}/topic/${topic.replaceAll(" ", ".20")}`);
  await row(page, "a typo here").waitFor();
  await speak(ada, topic, "and another at ten");
  await callApi(ada, "PATCH", `/messages/${second}`, { content: "no mistake here" });
  await callApi(ada, "DELETE", `/messages/${first}`);
  await row(page, "and another at ten").waitFor();
  await row(page, "no mistake here").waitFor();
  await row(page, "the tram comes at nine").waitFor({ state: "detached" });
  assert.deepEqual(errors.map(String), []);
  await context.close();
});

test("whatever a stranger wants to do leads to the log-in page, and from there back", async () => {
  const topic = fresh("bench");
  await speak(ada, topic, "sit down");
  const { page, context, errors } = await stranger();
  await goTo(page, `#narrow/channel/${id}/topic/${topic.replaceAll(" ", ".20")}`);
  await row(page, "sit down").locator(".content").click();
  await becomes(() => row(page, "sit down").locator(".message-tools button").count(), 1);
  for (const key of ["r", "+"]) {
    await page.keyboard.press(key);
    await page.locator(".toast", { hasText: "Log in to take part" }).last().waitFor();
    await page.locator(".toast").last().getByRole("button", { name: "Close" }).click();
    await page.locator(".toast").waitFor({ state: "detached" });
  }
  await row(page, "sit down").locator(".reaction").waitFor({ state: "detached" });
  await becomes(() => page.locator(".compose").count(), 0);
  await page.locator(".log-in-bar").getByRole("button", { name: "Log in" }).press("Enter");
  await logInHere(page, ben);
  await page.locator("h1", { hasText: topic }).waitFor();
  await row(page, "sit down").waitFor();
  await page.locator(".compose-open").waitFor();
  assert.deepEqual(errors.map(String), []);
  await context.close();
});

for (const [form, options] of Object.entries({
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 780 }, hasTouch: true },
})) {
  test(`accessible to strangers: ${form}`, async () => {
    await speak(ada, fresh("lamp"), "the light is on");
    const { page, context } = await stranger(options);
    for (const hash of ["#feed", "#inbox", "#streams"]) {
      await goTo(page, hash);
      await page.locator(".row, .empty, .stream-card").first().waitFor();
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(
        violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" "))}`),
        [],
      );
    }
    await context.close();
  });
}

test("who has an account sees their own, not the stranger's page", async () => {
  const { page, context } = await logIn(browser, ben);
  await page.locator(".sidebar.left").getByRole("link", { name: "Inbox" }).waitFor();
  await becomes(() => page.locator(".log-in-bar").count(), 0);
  await context.close();
});
