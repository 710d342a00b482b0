// The keyboard alone: what each key of the table does in the views that it belongs to.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, closeAll, goTo, logIn, realm } from "./harness.mjs";
import { a, ada, b, ben, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

const box = (page) => page.locator(".compose textarea");

/** A message that has been chosen, in a topic of its own. */
async function chosen(text, author = ben) {
  const topic = fresh("keys");
  await say(author, topic, text);
  await goTo(a.page, topicHash(topic));
  await a.page.locator("h1", { hasText: topic }).waitFor();
  await a.page.locator(".row .content").last().click();
  await a.page.locator(".row.selected").waitFor();
  return topic;
}

test("< forwards a message to where it is still to be said", async () => {
  await chosen("worth passing on");
  await a.page.keyboard.press("<");
  await box(a.page).waitFor();
  await a.page.waitForFunction(() => document.querySelector(".compose textarea").value.includes("worth passing on"));
  await becomes(() => a.page.getByLabel("Topic", { exact: true }).inputValue(), "");
  await box(a.page).fill("");
  await a.page.keyboard.press("Escape");
});

test("e edits one's own message, and shows anyone else's as it was written", async () => {
  await chosen("said **loudly**");
  await a.page.keyboard.press("e");
  await a.page.locator(".source", { hasText: "said **loudly**" }).waitFor();
  await a.page.keyboard.press("Escape");
  await chosen("my own words", ada);
  await a.page.keyboard.press("e");
  await a.page.locator(".editor textarea").waitFor();
  await a.page.keyboard.press("Escape");
});

test("g opens the menu, the arrows go through it, Escape gives the focus back", async () => {
  await goTo(a.page, "#inbox");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("g");
  const items = a.page.getByRole("menuitem");
  await items.first().waitFor();
  await becomes(() => items.first().evaluate((one) => one === document.activeElement), true);
  await a.page.keyboard.press("ArrowDown");
  await becomes(() => items.nth(1).evaluate((one) => one === document.activeElement), true);
  await a.page.keyboard.press("Escape");
  await items.first().waitFor({ state: "detached" });
  await becomes(() => a.page.evaluate(() => document.activeElement.id), "account-menu");
});

test("a draft is deleted by Backspace, and comes back", async () => {
  const topic = fresh("draft");
  await goTo(a.page, topicHash(topic));
  await a.page.locator(".empty").waitFor();
  await a.page.keyboard.press("r");
  await box(a.page).fill("half a thought");
  await goTo(a.page, "#drafts");
  const draft = a.page.locator(".draft", { hasText: topic });
  await draft.locator(".draft-open").focus();
  await a.page.keyboard.press("Backspace");
  await draft.waitFor({ state: "detached" });
  await a.page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await draft.waitFor();
  await draft.locator(".draft-open").focus();
  await a.page.keyboard.press("Delete");
  await draft.waitFor({ state: "detached" });
});

test("the browser of channels: arrows, tabs, read, join and leave, make one", async () => {
  const name = fresh("club");
  await callApi(ben, "POST", "/users/me/subscriptions", { subscriptions: [{ name }] });
  await goTo(a.page, "#streams");
  const card = a.page.locator(".stream-card", { hasText: name });
  await card.waitFor();
  await a.page.locator(".stream-card a").first().focus();
  const second = a.page.locator(".stream-card a").nth(1);
  await a.page.keyboard.press("ArrowDown");
  await becomes(() => second.evaluate((one) => one === document.activeElement), true);
  await card.locator("a").focus();
  await a.page.keyboard.press("Shift+S");
  await card.getByRole("button", { name: "Leave" }).waitFor();
  await a.page.keyboard.press("Shift+S");
  await card.getByRole("button", { name: "Join" }).waitFor();
  await a.page.keyboard.press("ArrowRight");
  await card.waitFor({ state: "detached" });
  await a.page.keyboard.press("ArrowLeft");
  await card.locator("a").focus();
  await a.page.keyboard.press("n");
  await a.page.getByRole("dialog").waitFor();
  // Nothing behind a dialog takes the focus.
  await closeAll(a.page);
  await card.locator("a").focus();
  await a.page.keyboard.press("Shift+V");
  await a.page.locator("h1", { hasText: name }).waitFor();
});

test("a skin tone goes into the text, not into reactions", async () => {
  const topic = fresh("tone");
  await goTo(a.page, topicHash(topic));
  await a.page.locator(".empty").waitFor();
  await a.page.keyboard.press("r");
  const choose = async () => {
    await a.page.locator(".compose").getByRole("button", { name: "Insert an emoji" }).click();
    await a.page.getByRole("searchbox", { name: "Search emoji" }).fill("+1");
  };
  await choose();
  await a.page.getByRole("radio", { name: "Dark", exact: true }).click();
  await a.page.getByRole("option", { name: "+1" }).first().click();
  await becomes(() => box(a.page).inputValue(), "\u{1f44d}\u{1f3ff} ");
  await box(a.page).fill("");
  await choose();
  await a.page.getByRole("radio", { name: "No skin tone" }).click();
  await a.page.getByRole("option", { name: "+1" }).first().click();
  await becomes(() => box(a.page).inputValue(), ":+1: ");
  await box(a.page).fill("");
  await a.page.keyboard.press("Escape");
  await chosen("hands up");
  await a.page.keyboard.press(":");
  await a.page.getByRole("searchbox", { name: "Search emoji" }).waitFor();
  await becomes(() => a.page.getByRole("radiogroup", { name: "Skin tone" }).count(), 0);
  await a.page.keyboard.press("Escape");
});

test("a group is made, filled, mentioned, and taken away", async () => {
  const name = fresh("crew").replaceAll(" ", "-");
  await goTo(a.page, "#inbox");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("g");
  await a.page.getByRole("menuitem", { name: "Settings", exact: true }).click();
  const dialog = a.page.getByRole("dialog", { name: "Settings" });
  await dialog.getByRole("tab", { name: "Groups" }).click();
  const form = dialog.locator("section", { hasText: "A new group" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("What it is for").fill("sails");
  await form.getByRole("button", { name: "Make the group" }).click();
  const group = dialog.locator("details", { hasText: name });
  await group.locator("summary").click();
  await group.getByLabel("Add people").fill(ben.full_name.slice(0, 4));
  await a.page.getByRole("option", { name: ben.full_name }).first().click();
  await group.getByRole("button", { name: "Add", exact: true }).click();
  await group.locator("li", { hasText: ben.full_name }).waitFor();
  // The other one hears of the group without having asked.
  await goTo(b.page, topicHash(fresh("mention")));
  await b.page.locator(".empty").waitFor();
  await b.page.keyboard.press("r");
  await box(b.page).pressSequentially(`@${name.slice(0, 6)}`);
  await b.page.locator(".typeahead").getByText(name).waitFor();
  await b.page.keyboard.press("Escape");
  await box(b.page).fill("");
  await b.page.keyboard.press("Escape");
  await group.getByRole("button", { name: "Deactivate the group" }).click();
  const question = a.page.getByRole("dialog", { name: `Deactivate ${name}?` });
  await question.getByRole("button", { name: "Deactivate the group" }).click();
  await dialog.getByRole("tab", { name: "Groups", selected: true }).waitFor();
  await group.waitFor({ state: "detached" });
  const groups = async () => (await callApi(ben, "GET", "/user_groups")).user_groups;
  await becomes(groups, (all) => !all.some((one) => one.name === name && !one.deactivated));
});

test("channel folders stand in the sidebar, and fold", async () => {
  const { page, context } = await logIn(browser, ada);
  await page.route("**/json/register", async (route) => {
    const answer = await (await route.fetch()).json();
    answer.channel_folders = [{ id: 7, name: "Expeditions", description: "", is_archived: false, order: 0 }];
    for (const one of answer.subscriptions) if (one.stream_id === stream.stream_id) one.folder_id = 7;
    await route.fulfill({ json: answer });
  });
  await page.reload();
  const heading = page.locator(".sidebar.left").getByRole("button", { name: "Expeditions" });
  const link = page.locator(".sidebar.left .side-link.stream", { hasText: stream.name });
  await heading.waitFor();
  await link.waitFor();
  await heading.click();
  await link.waitFor({ state: "hidden" });
  await heading.click();
  await link.waitFor();
  await context.close();
});

test("a day without a mouse: log in, find, reply, react, star, mute, read the rest, log out", async () => {
  const topic = fresh("mouseless");
  await say(ben, topic, "the lantern by the door");
  const context = await browser.newContext({ baseURL: realm.url, locale: "en-GB" });
  const page = await context.newPage();
  const { keyboard } = page;
  await page.goto("/login/");
  await page.locator('[name="username"]').focus();
  await keyboard.type(ada.email);
  await keyboard.press("Tab");
  // What shows the password, or helps with a forgotten one, may stand between.
  for (let i = 0; i < 4; i++) {
    if (await page.evaluate(() => document.activeElement.name === "password")) break;
    await keyboard.press("Tab");
  }
  await keyboard.type(ada.password);
  await keyboard.press("Enter");
  await page.locator(".shell").waitFor();
  // Find: the search takes words and conditions, and Enter goes there.
  await keyboard.press("/");
  await keyboard.type("lantern by the door");
  await keyboard.press("Enter");
  await row(page, "the lantern by the door").first().waitFor();
  // The palette leads to the conversation.
  await keyboard.press("Control+k");
  await keyboard.type(topic);
  await page.locator(".palette [role=option]", { hasText: topic }).first().waitFor();
  await keyboard.press("Enter");
  await page.locator("h1", { hasText: topic }).waitFor();
  await row(page, "the lantern by the door").first().waitFor();
  await keyboard.press("End");
  await keyboard.press("ArrowDown");
  await page.locator(".row.selected").waitFor();
  await keyboard.press("+");
  await page.locator(".row .reaction[aria-pressed=true]").waitFor();
  await keyboard.press("Control+s");
  await page.locator(".row .starred-mark").first().waitFor();
  await keyboard.press("r");
  await keyboard.type("hung it there myself");
  await keyboard.press("Control+Enter");
  await row(page, "hung it there myself").waitFor();
  await keyboard.press("Escape");
  await page.locator(".compose-open").waitFor();
  await keyboard.press("ArrowUp");
  await keyboard.press("M");
  const muted = async () => {
    const { user_topics } = await callApi(ada, "POST", "/register", { fetch_event_types: '["user_topic"]' });
    return user_topics.some((one) => one.topic_name === topic && one.visibility_policy === 1);
  };
  await becomes(muted, true, "the topic is muted");
  await keyboard.press("I");
  await page.locator("h1", { hasText: "Inbox" }).waitFor();
  await keyboard.press("g");
  await page.getByRole("menuitem").first().waitFor();
  await keyboard.press("End");
  await keyboard.press("Enter");
  await page.locator('[name="username"]').waitFor();
  await context.close();
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
