// Two people, two browsers, one server: what one does, the other sees.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, goTo, logIn, nothingSticksOut } from "./harness.mjs";
import { a, ada, b, ben, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

async function write(page, text) {
  await page.locator(".compose textarea").fill(text);
  await page.locator(".compose textarea").press("Control+Enter");
}

test("a message sent by one is seen by the other", async () => {
  const topic = fresh("hello");
  await goTo(b.page, topicHash(topic));
  await goTo(a.page, topicHash(topic));
  await a.page.locator(".empty").waitFor();
  await a.page.keyboard.press("r");
  await write(a.page, "first light **here**");
  await row(b.page, "first light here").waitFor();
  await becomes(() => row(b.page, "first light here").locator("strong").textContent(), "here");
  await b.page.keyboard.press("r");
  await write(b.page, "seen");
  await row(a.page, "seen").waitFor();
  await becomes(() => row(a.page, "first light here").count(), 1, "the local copy gives way to the message");
});

test("unread counts come and go, on every device", async () => {
  const topic = fresh("unread");
  await goTo(b.page, "#inbox");
  await say(ada, topic, "one");
  await say(ada, topic, "two");
  const entry = b.page.locator(".inbox-row", { hasText: topic });
  await entry.locator(".badge", { hasText: "2" }).waitFor();
  const second = await logIn(browser, ben);
  await goTo(second.page, "#inbox");
  await second.page.locator(".inbox-row", { hasText: topic }).waitFor();
  await entry.locator("a").click();
  await row(b.page, "two").waitFor();
  await second.page.locator(".inbox-row", { hasText: topic }).waitFor({ state: "detached" });
  await second.context.close();
});

test("the URL says where one is, and back goes back", async () => {
  const topic = fresh("history");
  await say(ada, topic, "here");
  await goTo(a.page, "#inbox");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "here").waitFor();
  await becomes(() => a.page.locator("h1").textContent(), topic);
  await becomes(() => a.page.title(), new RegExp(topic));
  await goTo(a.page, `#narrow/stream/${stream.stream_id}`);
  await a.page.locator("h1", { hasText: stream.name }).waitFor();
  await a.page.goBack();
  await a.page.locator("h1", { hasText: topic }).waitFor();
  await a.page.goBack();
  await a.page.locator("h1", { hasText: "Inbox" }).waitFor();
  await a.page.goForward();
  await row(a.page, "here").waitFor();
  await a.page.reload();
  await row(a.page, "here").waitFor();
});

test("an edit is seen live", async () => {
  const topic = fresh("edit");
  await say(ada, topic, "befor");
  await Promise.all([goTo(a.page, topicHash(topic)), goTo(b.page, topicHash(topic))]);
  await row(b.page, "befor").waitFor();
  await row(a.page, "befor").click();
  await a.page.keyboard.press("e");
  await a.page.locator(".editor textarea").fill("after");
  await a.page.locator(".editor textarea").press("Control+Enter");
  await row(b.page, "after").locator(".mark").waitFor();
  await becomes(() => row(b.page, "befor").count(), 0);
});

test("what is typed into the editor stays while others react", async () => {
  const topic = fresh("editor");
  const { id } = await say(ada, topic, "draft of a plan");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "draft of a plan").locator(".content").click();
  await a.page.keyboard.press("e");
  const editor = a.page.locator(".editor textarea");
  await editor.fill("a plan, in short");
  await callApi(ben, "POST", `/messages/${id}/reactions`, { emoji_name: "tada" });
  await a.page.locator('.reaction[data-name="tada"]').waitFor();
  await a.page.keyboard.type(" words");
  await becomes(() => editor.inputValue(), "a plan, in short words");
  await editor.press("Control+Enter");
  await row(a.page, "a plan, in short words").locator(".mark").waitFor();
});

test("reactions and stars", async () => {
  const topic = fresh("react");
  await say(ada, topic, "applause please");
  await Promise.all([goTo(a.page, topicHash(topic)), goTo(b.page, topicHash(topic))]);
  await row(b.page, "applause").click();
  await b.page.keyboard.press("+");
  const reaction = row(a.page, "applause").locator('.reaction[data-name="+1"]');
  await reaction.waitFor();
  await reaction.click();
  await row(b.page, "applause").locator(".reaction-count", { hasText: ada.full_name }).waitFor();
  await b.page.keyboard.press("Control+s");
  await row(b.page, "applause").locator(".starred-mark").waitFor();
  await goTo(b.page, "#narrow/is/starred");
  await row(b.page, "applause please").first().waitFor();
});

test("a resolved topic keeps its messages", async () => {
  const topic = fresh("resolve");
  await say(ada, topic, "done with this");
  await goTo(b.page, topicHash(topic));
  await row(b.page, "done with this").waitFor();
  await goTo(a.page, topicHash(topic));
  await row(a.page, "done with this").waitFor();
  await a.page.getByRole("button", { name: "Mark as resolved" }).click();
  await a.page.getByRole("button", { name: "Mark as unresolved" }).waitFor();
  await row(a.page, "done with this").waitFor();
  await goTo(b.page, topicHash(`✔ ${topic}`));
  await row(b.page, "done with this").waitFor();
});

test("direct messages", async () => {
  const text = fresh("between us");
  const people = await callApi(ada, "GET", "/users");
  const other = people.members.find((one) => one.full_name === ben.full_name);
  await goTo(a.page, `#narrow/dm/${other.user_id}`);
  await a.page.locator("h1", { hasText: ben.full_name }).waitFor();
  await a.page.keyboard.press("r");
  await write(a.page, text);
  await row(a.page, text).waitFor();
  await goTo(b.page, "#narrow/is/dm");
  await row(b.page, text).waitFor();
});

test("drafts wait where they were written", async () => {
  const topic = fresh("draft");
  await say(ada, topic, "x");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "x").first().waitFor();
  await a.page.keyboard.press("r");
  await a.page.locator(".compose textarea").fill("not yet finished");
  await a.page.keyboard.press("Escape");
  await a.page.reload();
  await goTo(a.page, "#drafts");
  await a.page.locator(".draft", { hasText: topic }).locator(".draft-open").click();
  await a.page.locator(".compose textarea").waitFor();
  await becomes(() => a.page.locator(".compose textarea").inputValue(), "not yet finished");
  await a.page.locator(".compose textarea").fill("");
  await a.page.keyboard.press("Escape");
});

test("keyboard only: palette, reply, typeahead, shortcuts", async () => {
  const topic = fresh("keys");
  await say(ben, topic, "type to me");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "type to me").waitFor();
  await goTo(a.page, "#inbox");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("Control+k");
  await a.page.locator(".palette input").waitFor();
  await a.page.keyboard.type(topic);
  await a.page.keyboard.press("Enter");
  await row(a.page, "type to me").waitFor();
  await a.page.keyboard.press("r");
  await a.page.locator(".compose textarea").waitFor();
  await a.page.keyboard.type(`hi @${ben.full_name.slice(0, 4)}`);
  await a.page.locator(".typeahead").waitFor();
  await a.page.keyboard.press("Enter");
  await becomes(() => a.page.locator(".compose textarea").inputValue(), /^hi @\*\*.+\*\* $/);
  await a.page.keyboard.press("Control+Enter");
  await a.page.locator(".row .user-mention").first().waitFor();
});

/** Takes the queue of a page away; resolves when the page has another one. */
async function expire(page, queue) {
  const answered = page.waitForResponse((response) => response.url().endsWith("/json/register"));
  await page.evaluate(async (queue_id) => {
    const token = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const body = new URLSearchParams({ queue_id });
    await fetch("/json/events", { method: "DELETE", headers: { "X-CSRFToken": token }, body });
  }, queue);
  await answered;
}

test("a view that was on its way when the queue expired is fetched again", async () => {
  const topic = fresh("half-way");
  await say(ada, topic, "caught between two queues");
  const queue = await queueOf(b.page);
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  const asked = b.page.waitForRequest((request) => request.url().includes("/json/messages?"));
  await b.context.route(
    "**/json/messages?**",
    async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  await goTo(b.page, topicHash(topic));
  await asked;
  await expire(b.page, queue);
  release();
  await row(b.page, "caught between two queues").waitFor();
});

test("an expired queue is replaced without a word", async () => {
  const topic = fresh("requeue");
  await expire(b.page, await queueOf(b.page));
  await say(ada, topic, "still there?");
  await goTo(b.page, topicHash(topic));
  await row(b.page, "still there?").waitFor();
});

/** The queue of a page: made to register again, it tells. */
async function queueOf(page) {
  const answer = page.waitForResponse((response) => response.url().endsWith("/json/register"));
  await page.reload();
  const { queue_id } = await (await answer).json();
  await page.locator(".shell").waitFor();
  return queue_id;
}

test("history loads both ways and the row under the eye stays", async () => {
  const topic = fresh("long");
  const ids = [];
  for (let i = 0; i < 260; i++) ids.push((await say(ben, topic, `line ${i}`)).id);
  await goTo(a.page, `${topicHash(topic)}/near/${ids[130]}`);
  const middle = a.page.locator(`#message-${ids[130]}`);
  await middle.waitFor();
  // It goes to the first row that is there, and more come in above it: again, up to the first of all.
  await becomes(async () => {
    await a.page.locator(".scroller").press("Home");
    return a.page.locator(`#message-${ids[0]}`).count();
  }, 1);
  await a.page.locator(".scroller").press("End");
  await a.page.locator(`#message-${ids[259]}`).waitFor();
});

test("a phone: sidebar, topic, compose", async () => {
  const topic = fresh("phone");
  await say(ben, topic, "small screen");
  const { page, context } = await logIn(browser, ada, { viewport: { width: 390, height: 780 } });
  await page.getByRole("button", { name: "Show or hide conversations" }).click();
  await page.locator(".sidebar.left").getByRole("link", { name: "Inbox" }).click();
  await page.locator(".inbox-row", { hasText: topic }).locator("a").click();
  await row(page, "small screen").waitFor();
  await nothingSticksOut(page);
  await context.close();
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
