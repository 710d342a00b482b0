// Acting: on messages, topics, channels and people; what one does, the other sees.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { becomes, callApi, closeAll, goTo } from "./harness.mjs";
import { a, ada, b, ben, cleo, fresh, row, say, stream, topicHash } from "./stage.mjs";

/** A topic with a message that both look at. */
async function both(name, text, author = ben) {
  const topic = fresh(name);
  await say(author, topic, text);
  await Promise.all([goTo(a.page, topicHash(topic)), goTo(b.page, topicHash(topic))]);
  await Promise.all([row(a.page, text).waitFor(), row(b.page, text).waitFor()]);
  return topic;
}

async function messageMenu(page, text, item) {
  await row(page, text).first().locator(".content").click();
  await page.keyboard.press("i");
  await page.getByRole("menuitem", { name: item }).click();
}

/** The menu of a topic in the left sidebar. */
async function topicMenu(page, topic, item) {
  const entry = page.locator(".sidebar.left .side-item", { has: page.locator(".topic", { hasText: topic }) });
  await entry.hover();
  await entry.getByRole("button", { name: "Topic menu" }).click();
  const exactly = { name: item, exact: true };
  await page.getByRole("menuitem", exactly).or(page.getByRole("menuitemradio", exactly)).click();
}

/** What one test leaves open is not in the way of the next. */
beforeEach(async () => {
  for (const { page } of [a, b]) await closeAll(page);
});

test("a reaction with any emoji, found by name, seen by the other", async () => {
  await both("react", "react to this");
  await row(a.page, "react to this").locator(".content").click();
  await a.page.keyboard.press(":");
  await a.page.getByRole("searchbox", { name: "Search emoji" }).fill("axolotl");
  const none = a.page.locator(".emoji-name", { hasText: "Nothing found" });
  const found = a.page.locator(".emoji-grid [role=option]").first();
  await none.or(found).first().waitFor();
  await a.page.getByRole("searchbox", { name: "Search emoji" }).fill("hedgehog");
  await a.page.keyboard.press("Enter");
  await row(b.page, "react to this").locator('.reaction[data-name="hedgehog"]').waitFor();
  await row(a.page, "react to this").locator('.reaction[data-name="hedgehog"]').click();
  await row(b.page, "react to this").locator('.reaction[data-name="hedgehog"]').waitFor({ state: "detached" });
});

test("deleting asks first, and is seen by the other", async () => {
  await both("delete", "regret this", ada);
  await messageMenu(a.page, "regret this", "Delete");
  await a.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await row(b.page, "regret this").waitFor({ state: "detached" });
});

test("links and Markdown are copied", async () => {
  await a.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const topic = await both("copy", "copy **this**".replaceAll("*", ""), ben);
  await messageMenu(a.page, "copy this", "Copy link");
  await a.page.locator(".toast", { hasText: "Copied" }).first().waitFor();
  await becomes(() => a.page.evaluate(() => navigator.clipboard.readText()), /\/#narrow\/channel\/.+\/near\/\d+$/);
  await messageMenu(a.page, "copy this", "Copy as Markdown");
  await a.page.waitForFunction(async () => (await navigator.clipboard.readText()) === "copy this");
  await topicMenu(a.page, topic, "Copy link");
  await a.page.waitForFunction(
    async (end) => (await navigator.clipboard.readText()).endsWith(end),
    topicHash(topic).split("/").at(-1),
  );
});

test("who has read it", async () => {
  const topic = fresh("receipts");
  const { id } = await say(ada, topic, "have you seen this");
  await callApi(ben, "POST", "/messages/flags", { messages: [id], op: "add", flag: "read" });
  await goTo(a.page, topicHash(topic));
  await messageMenu(a.page, "have you seen this", "Who has read it");
  await a.page.getByRole("dialog").locator(".people-list li", { hasText: ben.full_name }).waitFor();
});

test("a topic is renamed and whoever reads it goes along", async () => {
  const topic = await both("rename", "call it something else");
  const next = fresh("renamed");
  await topicMenu(a.page, topic, "Rename or move");
  await a.page.getByRole("dialog").getByLabel("Topic").fill(next);
  await a.page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await a.page.locator("h1", { hasText: next }).waitFor();
  await row(a.page, "call it something else").waitFor();
  await goTo(b.page, topicHash(next));
  await row(b.page, "call it something else").waitFor();
});

test("a topic is resolved from its menu, and opened again", async () => {
  const topic = await both("settle", "is this done?");
  await topicMenu(a.page, topic, "Mark as resolved");
  await a.page.getByRole("button", { name: "Mark as unresolved" }).waitFor();
  await goTo(b.page, topicHash(`✔ ${topic}`));
  await row(b.page, "is this done?").waitFor();
  await topicMenu(a.page, topic, "Mark as unresolved");
  await a.page.getByRole("button", { name: "Mark as resolved" }).waitFor();
});

test("muting a topic can be undone", async () => {
  const topic = await both("mute", "noise");
  const entry = a.page.locator(".sidebar.left .topic", { hasText: topic });
  await topicMenu(a.page, topic, "Mute");
  await a.page.locator(".sidebar.left .topic.muted", { hasText: topic }).waitFor();
  await a.page.locator(".toast", { hasText: "Topic muted" }).getByRole("button", { name: "Undo" }).click();
  await a.page.locator(".sidebar.left .topic:not(.muted)", { hasText: topic }).waitFor();
  await becomes(() => entry.count(), 1);
});

test("a topic is deleted with all its messages, after asking", async () => {
  const topic = await both("doomed", "soon gone");
  await topicMenu(a.page, topic, "Delete topic");
  await a.page.getByRole("dialog").getByRole("button", { name: "Delete topic" }).click();
  await row(b.page, "soon gone").waitFor({ state: "detached" });
});

test("reading it all can be undone", async () => {
  const topic = fresh("unread");
  await goTo(a.page, "#inbox");
  await say(ben, topic, "one");
  await a.page.locator(".inbox-row", { hasText: topic }).waitFor();
  const channel = a.page.locator(".sidebar.left .side-item", {
    has: a.page.locator(".side-link", { hasText: stream.name }),
  });
  await channel.first().hover();
  await channel.first().getByRole("button", { name: "Channel menu" }).click();
  await a.page.getByRole("menuitem", { name: "Mark as read" }).click();
  await a.page.locator(".inbox-row", { hasText: topic }).waitFor({ state: "detached" });
  await a.page.locator(".toast", { hasText: "as read" }).getByRole("button", { name: "Undo" }).click();
  await a.page.locator(".inbox-row", { hasText: topic }).waitFor();
});

test("a channel: made with people, coloured, described, left, archived", async () => {
  const name = fresh("workshop");
  await goTo(a.page, "#streams");
  await a.page.locator("main").getByRole("button", { name: "Create channel" }).click();
  const dialog = a.page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Only people who were invited").check();
  await dialog.getByLabel("Add people").pressSequentially(ben.full_name.slice(0, 5));
  await dialog.getByRole("option").first().waitFor();
  await a.page.keyboard.press("Enter");
  await dialog.locator(".pill", { hasText: ben.full_name }).waitFor();
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await b.page.locator(".sidebar.left .side-link", { hasText: name }).waitFor();
  const entry = a.page.locator(".sidebar.left .side-item", { has: a.page.locator(".side-link", { hasText: name }) });
  const menu = async (item) => {
    await entry.first().hover();
    await entry.first().getByRole("button", { name: "Channel menu" }).click();
    await a.page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Colour");
  await a.page.getByRole("radio", { name: "#9557c9" }).press("Space");
  await a.page.waitForFunction((wanted) => {
    const link = [...document.querySelectorAll(".sidebar.left .side-link")].find((one) =>
      one.textContent.includes(wanted),
    );
    return link?.querySelector(".stream-icon").style.getPropertyValue("--stream") === "#9557c9";
  }, name);
  await menu("Channel settings");
  await dialog.getByLabel("What it is about").fill("Wood and glue");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await menu("Channel settings");
  await dialog.getByRole("tab", { name: "People" }).click();
  await dialog.getByLabel("Add people").pressSequentially(cleo.full_name.slice(0, 5));
  await dialog.getByRole("option").first().waitFor();
  await a.page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.locator(".people-list li", { hasText: cleo.full_name }).waitFor();
  await dialog.getByRole("button", { name: `Remove ${cleo.full_name}` }).click();
  await dialog.locator(".people-list li", { hasText: cleo.full_name }).waitFor({ state: "detached" });
  await a.page.keyboard.press("Escape");
  await menu("Archive channel");
  await dialog.getByRole("button", { name: "Archive channel" }).click();
  await b.page.locator(".sidebar.left .side-link", { hasText: name }).waitFor({ state: "detached" });
});

test("the card of a person: right person, mention, direct message", async () => {
  await both("card", "who am I");
  await row(a.page, "who am I").locator(".sender").click();
  const card = a.page.locator(".card", { hasText: ben.full_name });
  await card.getByRole("button", { name: "Mention" }).click();
  await a.page.waitForFunction(
    (name) => document.querySelector(".compose textarea")?.value.includes(`@**${name}`),
    ben.full_name,
  );
  await a.page.locator(".compose textarea").fill("");
  await a.page.keyboard.press("Escape");
  await row(a.page, "who am I").locator(".sender").click();
  await card.getByRole("button", { name: "Write a message" }).click();
  await a.page.locator("h1", { hasText: ben.full_name }).waitFor();
});

test("a muted person falls silent, and can be heard again", async () => {
  const topic = await both("silence", "can you hear me");
  await row(a.page, "can you hear me").locator(".sender").click();
  await a.page.locator(".card").getByRole("button", { name: "Mute" }).click();
  await row(a.page, "can you hear me").waitFor({ state: "detached" });
  await a.page.locator(".toast", { hasText: "is muted" }).getByRole("button", { name: "Undo" }).click();
  await goTo(a.page, topicHash(topic));
  await row(a.page, "can you hear me").waitFor();
});

test("alert words are kept", async () => {
  const word = `tapir${process.pid}`;
  await a.page.keyboard.press("Escape");
  await a.page.getByRole("button", { name: "Your account" }).click();
  await a.page.getByRole("menuitem", { name: "Settings" }).click();
  const dialog = a.page.getByRole("dialog");
  await dialog.getByRole("tab", { name: "People and words" }).click();
  await dialog.getByLabel("Add words").fill(word);
  await a.page.keyboard.press("Enter");
  await dialog.locator(".pill", { hasText: word }).waitFor();
  const kept = async () => (await callApi(ada, "GET", "/users/me/alert_words")).alert_words.includes(word);
  await becomes(kept, true);
  await dialog.getByRole("button", { name: `Remove ${word}` }).click();
  await dialog.locator(".pill", { hasText: word }).waitFor({ state: "detached" });
  await a.page.keyboard.press("Escape");
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
