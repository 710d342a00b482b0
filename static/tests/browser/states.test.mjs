// What screens say when there is nothing, too much, or no answer; and where the keyboard is afterwards.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeWorld, WORLD } from "../../scripts/speed/world.mjs";
import { becomes, callApi, closeAll, goTo, logIn, open, realm } from "./harness.mjs";
import { a, ada, b, ben, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const refused = { status: 500, json: { result: "error", code: "INTERNAL_SERVER_ERROR", msg: "Out of paper" } };
const focused = (page, selector) =>
  becomes(() => page.evaluate((s) => document.activeElement?.matches(s), selector), true);

/** The chosen message, which has the focus. */
async function choose(page, topic) {
  await goTo(page, topicHash(topic));
  await row(page, topic).first().waitFor();
  await page.locator("#main").focus();
  await page.keyboard.press("k");
  await focused(page, ".row.selected");
}

test("a sidebar by keyboard: filter, arrows, Enter; Escape leads back to the message", async () => {
  const topic = fresh("sidebar");
  await say(ben, topic, topic);
  await choose(a.page, topic);
  await a.page.keyboard.press("q");
  await a.page.keyboard.type("no channel has this name");
  await a.page.locator(".sidebar.left .side-hint").waitFor();
  await a.page.keyboard.press("Escape");
  await focused(a.page, ".row.selected");
  assert.equal(await a.page.locator("#side-filter").inputValue(), "");
  await goTo(a.page, "#inbox");
  await a.page.keyboard.press("q");
  await a.page.keyboard.type(stream.name);
  await a.page.keyboard.press("ArrowDown");
  await focused(a.page, ".side-link");
  await a.page.keyboard.press("ArrowUp");
  await focused(a.page, "#side-filter");
  await a.page.keyboard.press("Enter");
  await becomes(() => a.page.locator("#side-filter").inputValue(), "");
  await becomes(() => a.page.evaluate(() => location.hash), new RegExp(`^#narrow/channel/${stream.stream_id}-`));
  await a.page.keyboard.press("w");
  await a.page.keyboard.type("nobody has this name");
  await a.page.locator(".sidebar.right .side-hint").waitFor();
  await a.page.keyboard.press("Escape");
});

test("who writes and thinks better of it is back at the message", async () => {
  const topic = fresh("back");
  await say(ben, topic, topic);
  await choose(a.page, topic);
  await a.page.keyboard.press("r");
  await focused(a.page, ".compose textarea");
  await a.page.keyboard.press("Escape");
  await focused(a.page, ".row.selected");
  await a.page.keyboard.press("/");
  await focused(a.page, "#search");
  await a.page.keyboard.press("Escape");
  await focused(a.page, ".row.selected");
});

test("a dialog that a menu opened gives the focus back to the menu's button", async () => {
  await goTo(a.page, "#inbox");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("g");
  await a.page.getByRole("menuitem", { name: "Settings", exact: true }).press("Enter");
  await a.page.getByRole("dialog", { name: "Settings" }).waitFor();
  await a.page.keyboard.press("Escape");
  await focused(a.page, "#account-menu");
});

test("Tab and Enter send, whatever Enter alone does", async () => {
  const topic = fresh("tab");
  await say(ben, topic, topic);
  await choose(a.page, topic);
  await a.page.keyboard.press("r");
  await a.page.keyboard.type("sent without Enter in the text");
  await a.page.keyboard.press("Tab");
  await focused(a.page, "#compose-send");
  await a.page.keyboard.press("Enter");
  await row(a.page, "sent without Enter").waitFor();
  await a.page.keyboard.press("Escape");
});

test("a list that cannot be loaded says why, and is loaded when asked again", async () => {
  const { page, context } = await logIn(browser, ben);
  await page.route("**/json/messages?**", (route) => route.fulfill(refused));
  await goTo(page, "#feed");
  await page.getByRole("alert").filter({ hasText: "Out of paper" }).waitFor();
  await goTo(page, "#recent");
  await page.getByRole("alert").filter({ hasText: "Out of paper" }).waitFor();
  assert.equal(await page.locator(".skeleton").count(), 0);
  await page.unroute("**/json/messages?**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".recent-table").waitFor();
  await context.close();
});

test("history that does not come says so over what is there, until it comes", async () => {
  const topic = fresh("older");
  let last;
  for (let i = 0; i < 130; i++) last = await say(ada, topic, `${topic} line ${i}\n\nand more of it`);
  const { page, context } = await logIn(browser, ada);
  const older = (url) => url.pathname === "/json/messages" && url.searchParams.get("num_after") === "0";
  await page.route(older, (route) => route.fulfill(refused));
  await goTo(page, `${topicHash(topic)}/near/${last.id}`);
  await row(page, topic).first().waitFor();
  const upwards = () => page.locator(".scroller").evaluate((one) => one.scrollTo(0, 0));
  const notice = page.getByRole("alert").filter({ hasText: "Out of paper" });
  await becomes(async () => {
    await upwards();
    return notice.count();
  }, 1);
  assert.ok((await row(page, topic).count()) > 0);
  await page.unroute(older);
  await page.getByRole("button", { name: "Try again" }).click();
  await becomes(() => notice.count(), 0);
  await becomes(
    async () => {
      await upwards();
      return page.getByText(`${topic} line 0`, { exact: true }).count();
    },
    (count) => count > 0,
  );
  await context.close();
});

test("while the server wants a pause the page says so", async () => {
  const topic = fresh("pause");
  await say(ben, topic, topic);
  let asked = 0;
  await a.page.route("**/json/messages?**", (route) =>
    asked++ > 0
      ? route.continue()
      : route.fulfill({
          status: 429,
          json: { result: "error", code: "RATE_LIMIT_HIT", msg: "slow down", "retry-after": 3 },
        }),
  );
  await goTo(a.page, topicHash(topic));
  await a.page.getByRole("status").filter({ hasText: "asks for a pause" }).waitFor();
  await row(a.page, topic).waitFor();
  await becomes(() => a.page.locator(".notice-bar").count(), 0);
  await a.page.unroute("**/json/messages?**");
});

test("what is refused while one is elsewhere is offered back", async () => {
  const topic = fresh("refused");
  await say(ben, topic, topic);
  await goTo(a.page, topicHash(topic));
  await row(a.page, topic).waitFor();
  let answer;
  const held = new Promise((done) => {
    answer = done;
  });
  await a.page.route("**/json/messages", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await held;
    return route.fulfill({ status: 400, json: { result: "error", code: "BAD_REQUEST", msg: "Not today" } });
  });
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("r");
  await a.page.keyboard.type("never to be seen again");
  await a.page.keyboard.press("Control+Enter");
  await a.page.keyboard.press("Escape");
  await goTo(a.page, "#inbox");
  answer();
  const toast = a.page.locator(".toast", { hasText: "Not today" });
  await toast.getByRole("button", { name: "Edit" }).click();
  await becomes(() => a.page.locator(".compose textarea").inputValue(), "never to be seen again");
  assert.equal(await toast.count(), 0);
  await a.page.unroute("**/json/messages");
  await a.page.locator(".compose textarea").fill("");
  await a.page.keyboard.press("Escape");
});

test("reading it all at once can be undone, wherever it is done", async () => {
  const topic = fresh("read");
  const { id } = await say(ben, topic, topic);
  const isUnread = async () => {
    const { messages } = await callApi(ada, "GET", "/messages", { anchor: id, num_before: 0, num_after: 0 });
    return !messages[0].flags.includes("read");
  };
  await goTo(a.page, "#inbox");
  const inboxRow = a.page.locator(".inbox-row", { hasText: topic });
  await inboxRow.getByRole("button", { name: "Mark as read" }).click();
  await inboxRow.waitFor({ state: "detached" });
  await a.page.locator(".toast").last().getByRole("button", { name: "Undo" }).click();
  await inboxRow.waitFor();
  await becomes(isUnread, true);
});

test("lists in which nothing fits say so", async () => {
  await goTo(a.page, "#streams");
  await a.page.locator("#main").getByRole("searchbox").fill("no channel has this name");
  await a.page.locator(".empty", { hasText: "Nothing fits" }).waitFor();
  await a.page.locator("#main").getByRole("searchbox").fill("");
  await a.page.locator(".stream-card").first().waitFor();
});

test("of a thousand people the list says how many it does not show, and finds each", async () => {
  const { page, context } = await open(browser);
  await page.goto("/login/");
  await page.addInitScript(makeWorld, WORLD);
  await page.fill('[name="username"]', ada.email);
  await page.fill('[name="password"]', ada.password);
  await page.click('button[type="submit"]');
  await page.waitForSelector(".shell");
  const people = page.locator(".sidebar.right .person");
  assert.equal(await people.count(), 200);
  const humans = WORLD.people + realm.users.length - 200;
  const more = Number(/\d+/.exec((await page.locator(".sidebar.right .side-hint").textContent()).replace(/\D/g, "")));
  assert.ok(Math.abs(more - humans) < 50, `${more} more`);
  await page.locator("#main").focus();
  await page.keyboard.press("w");
  await page.keyboard.type("Number 800777");
  await becomes(() => people.count(), 1);
  await context.close();
});

test("right to left: a long name is cut at its end, however it is written", async () => {
  const name = `${"A very long topic that begins with what matters ".repeat(3)}${fresh("x")}`.slice(0, 60);
  await say(ben, name, name);
  const { page, context } = await logIn(browser, ada);
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  await goTo(page, topicHash(name));
  const label = page.locator(".side-link.topic .side-label", { hasText: name });
  await label.waitFor();
  const cut = await label.evaluate((one) => {
    const text = document.createTreeWalker(one, NodeFilter.SHOW_TEXT).nextNode();
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, 1);
    const [first, box] = [range.getBoundingClientRect(), one.getBoundingClientRect()];
    return {
      within: first.left >= box.left - 1 && first.right <= box.right + 1,
      is: one.scrollWidth > one.clientWidth,
    };
  });
  assert.deepEqual(cut, { within: true, is: true });
  await context.close();
});

test("a channel that one does not read says so, and is joined from there", async () => {
  const name = fresh("unread channel").slice(0, 40);
  await callApi(ada, "POST", "/users/me/subscriptions", { subscriptions: [{ name }] });
  const { stream_id } = await callApi(ada, "GET", "/get_stream_id", { stream: name });
  await goTo(b.page, `#narrow/channel/${stream_id}`);
  const notice = b.page.locator(".channel-notice");
  await notice.getByRole("button", { name: "Join" }).click();
  await notice.waitFor({ state: "detached" });
  await callApi(ada, "DELETE", `/streams/${stream_id}`);
});

for (const colorScheme of ["light", "dark"]) {
  test(`accessible, ${colorScheme}: failure, pause, nothing that fits, a channel one does not read`, async () => {
    const { page, context } = await logIn(browser, ada, { colorScheme, bypassCSP: true, reducedMotion: "reduce" });
    await page.evaluate(axe);
    const check = async (what) => {
      const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
      assert.deepEqual(
        violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`),
        [],
        what,
      );
    };
    const answers = [refused, { status: 429, json: { ...refused.json, code: "RATE_LIMIT_HIT", "retry-after": 5 } }];
    await page.route("**/json/messages?**", (route) => route.fulfill(answers[0]));
    await goTo(page, "#feed");
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await check("a failure");
    answers.shift();
    await goTo(page, "#narrow/is/starred");
    await page.getByRole("status").filter({ hasText: "asks for a pause" }).waitFor();
    await check("a pause");
    await page.unroute("**/json/messages?**");
    await goTo(page, "#streams");
    await page.locator("#main").getByRole("searchbox").fill("no channel has this name");
    await page.locator("#side-filter").fill("no channel has this name");
    await page.locator(".sidebar.left .side-hint").waitFor();
    await check("nothing that fits");
    const name = fresh("elsewhere");
    await callApi(ben, "POST", "/users/me/subscriptions", { subscriptions: [{ name }] });
    const { stream_id } = await callApi(ben, "GET", "/get_stream_id", { stream: name });
    await goTo(page, `#narrow/channel/${stream_id}`);
    await page.locator(".channel-notice").waitFor();
    await check("a channel one does not read");
    await callApi(ada, "DELETE", `/streams/${stream_id}`);
    await context.close();
  });
}

test("no page had an error", async () => {
  await closeAll(a.page);
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
