// What an organisation keeps besides its messages: bots, groups within groups, lists that change, reports; and what
// is said to the server by a slash.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, closeAll, goTo, logIn, realm } from "./harness.mjs";
import { part, settings } from "./settings.mjs";
import { a, ada, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

const member = realm.users.find((one) => one.role === "member" && one.password);
const m = await logIn(browser, member);
const box = (page) => page.locator(".compose textarea");
const decided = async (name) =>
  (await callApi(ada, "POST", "/register", { fetch_event_types: JSON.stringify(["realm"]) }))[`realm_${name}`];

test("a bot is made, writes with its key, gets another key and name, and is deactivated", async () => {
  const name = fresh("Weather bot");
  const address = `weather-${process.pid}`;
  const dialog = await settings(m.page, "Bots");
  const form = dialog.locator("form", { hasText: "A new bot" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("What its address begins with").fill(address);
  await form.getByRole("button", { name: "Create bot" }).click();
  const entry = dialog.locator("details", { hasText: name });
  await entry.locator("summary").click();
  const key = () => entry.locator(".api-key").textContent();
  const first = await key();
  const { bots } = await callApi(member, "GET", "/bots");
  const { username: email } = bots.find((one) => one.full_name === name);
  const topic = fresh("weather");
  await callApi(member, "POST", "/users/me/subscriptions", {
    subscriptions: [{ name: stream.name }],
    principals: [email],
  });
  await say({ email, api_key: first }, topic, "snow above 2,000 m");
  await entry.getByRole("button", { name: "Make a new key" }).click();
  const question = m.page.getByRole("dialog", { name: /^Make a new key/ });
  await question.getByRole("button", { name: "Make a new key" }).click();
  const again = await settings(m.page, "Bots");
  const other = again.locator("details", { hasText: name });
  await other.locator("summary").click();
  await becomes(
    () => other.locator(".api-key").textContent(),
    (now) => now.length > 0 && now !== first,
  );
  await assert.rejects(say({ email, api_key: first }, topic, "with the old key"));
  await other.getByLabel("Name").fill(`${name} II`);
  await other.getByRole("button", { name: "Save" }).click();
  const renamed = again.locator("details", { hasText: `${name} II` });
  await renamed.locator("summary").waitFor();
  // An administrator sees whose it is, without loading anything anew.
  const all = await settings(a.page, "Bots");
  await all
    .locator("details", { hasText: `${name} II` })
    .getByText(`of ${member.full_name}`)
    .waitFor();
  await closeAll(a.page);
  if (!(await renamed.getByRole("button", { name: "Deactivate bot" }).isVisible()))
    await renamed.locator("summary").click();
  await renamed.getByRole("button", { name: "Deactivate bot" }).click();
  await renamed.getByText("No longer here").waitFor();
  await closeAll(m.page);
});

test("a group holds another, is joined and left, and comes back after its end", async () => {
  const name = fresh("rope team");
  const dialog = await settings(a.page, "Groups");
  const form = dialog.locator("section", { hasText: "A new group" });
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Make the group" }).click();
  const group = dialog.locator("details", { hasText: `@${name}` });
  await group.locator("summary").click();
  await group.getByLabel("Add all people of a group").selectOption({ label: "Moderators" });
  await group.locator("li", { hasText: "Moderators" }).waitFor();
  await group.getByLabel("Join it").selectOption({ label: "Members" });
  await group.getByLabel("Leave it").selectOption({ label: "Members" });
  await group.getByLabel("Manage it").selectOption({ label: "Administrators" });
  const mine = await settings(m.page, "Groups");
  const seen = mine.locator("details", { hasText: `@${name}` });
  await seen.locator("summary").click();
  await becomes(() => seen.getByRole("button", { name: "Save" }).count(), 0);
  await seen.getByRole("button", { name: "Join" }).click();
  await seen.locator("li", { hasText: member.full_name }).waitFor();
  await group.locator("li", { hasText: member.full_name }).waitFor();
  await seen.getByRole("button", { name: "Leave" }).click();
  await seen.locator("li", { hasText: member.full_name }).waitFor({ state: "detached" });
  await closeAll(m.page);
  await group.getByRole("button", { name: "Take Moderators out of the group" }).click();
  await group.locator("li", { hasText: "Moderators" }).waitFor({ state: "detached" });
  await group.getByRole("button", { name: "Deactivate the group" }).click();
  await a.page.getByRole("dialog", { name: /\?$/ }).getByRole("button", { name: "Deactivate the group" }).click();
  const again = await settings(a.page, "Groups");
  await again.getByRole("button", { name: `Reactivate ${name}` }).click();
  await again.locator("details", { hasText: `@${name}` }).waitFor();
  const { user_groups } = await callApi(ada, "GET", "/user_groups");
  await callApi(ada, "POST", `/user_groups/${user_groups.find((one) => one.name === name).id}/deactivate`);
  await closeAll(a.page);
});

test("folders are renamed and put in order", async () => {
  const [first, second] = [fresh("huts"), fresh("trails")];
  for (const name of [first, second]) await callApi(ada, "POST", "/channel_folders/create", { name, description: "" });
  const folders = await part(a.page, "Folders of channels");
  const names = async () => (await folders.locator("li code").allTextContents()).slice(-2);
  await becomes(names, [first, second]);
  await folders.getByRole("button", { name: `Move ${second} up` }).click();
  await becomes(names, [second, first]);
  await folders.getByRole("button", { name: `Change ${first}` }).click();
  await folders.locator("li form").getByLabel("Name of the folder").fill(`${first} and cabins`);
  await folders.locator("li form").getByRole("button", { name: "Save" }).click();
  await becomes(names, [second, `${first} and cabins`]);
  for (const name of [second, `${first} and cabins`])
    await folders.getByRole("button", { name: `Remove ${name}` }).click();
  await becomes(async () => (await names()).includes(second), false);
  await closeAll(a.page);
});

test("choices of a profile field change, and what people chose stays", async () => {
  const name = fresh("Tea or coffee").slice(0, 40);
  const fields = await part(a.page, "Profile fields");
  await fields.getByLabel("Kind").selectOption({ label: "Choice" });
  await fields.getByLabel("Name", { exact: true }).fill(name);
  await fields.getByLabel("Choices, one a line").fill("Tea\nCoffee");
  await fields.getByRole("button", { name: "Add the field" }).click();
  await fields.getByText(name, { exact: true }).waitFor();
  const own = await settings(m.page, "You");
  await own.getByLabel(name).selectOption({ label: "Coffee" });
  await closeAll(m.page);
  const chosen = async () => {
    const dialog = await settings(m.page, "You");
    return dialog.getByLabel(name).locator("option:checked").textContent();
  };
  await becomes(chosen, "Coffee");
  await fields.getByRole("button", { name: `Change ${name}` }).click();
  const form = fields.locator("li form");
  await form.getByLabel("Choices, one a line").fill("Water\nCoffee");
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });
  await becomes(chosen, "Coffee");
  const dialog = await settings(m.page, "You");
  await becomes(() => dialog.getByLabel(name).locator("option").allTextContents(), ["", "Water", "Coffee"]);
  await closeAll(m.page);
  const { custom_fields } = await callApi(ada, "GET", "/realm/profile_fields");
  await callApi(ada, "DELETE", `/realm/profile_fields/${custom_fields.find((one) => one.name === name).id}`);
  await closeAll(a.page);
});

test("limits, announcements and words are decided, and hold", async () => {
  const messages = await part(a.page, "Messages");
  const limit = messages.getByLabel("Messages can be moved to other channels for");
  const before = await limit.inputValue();
  await limit.selectOption({ label: "1 hour" });
  await becomes(() => decided("move_messages_between_streams_limit_seconds"), 3600);
  await limit.selectOption(before);
  await messages.getByLabel("Language of code blocks that name none").fill("rust");
  await messages.getByLabel("Language of code blocks that name none").blur();
  await becomes(() => decided("default_code_block_language"), "rust");
  await messages.getByLabel("Language of code blocks that name none").fill("");
  await messages.getByLabel("Language of code blocks that name none").blur();
  await becomes(() => decided("default_code_block_language"), "");
  await closeAll(a.page);
});

test("domains to join from are kept", async () => {
  const domain = `huts${process.pid}.example.com`;
  const domains = await part(a.page, "Domains of addresses");
  await domains.getByLabel("Domain", { exact: true }).fill(domain);
  await domains.getByRole("button", { name: "Add the domain" }).click();
  const entry = domains.locator("li", { hasText: domain });
  await entry.getByLabel("Subdomains too").check();
  const known = async () =>
    (await callApi(ada, "GET", "/realm/domains")).domains.find((one) => one.domain === domain)?.allow_subdomains;
  await becomes(known, true);
  await entry.getByRole("button", { name: `Remove ${domain}` }).click();
  await entry.waitFor({ state: "detached" });
  assert.equal(await known(), undefined);
  await closeAll(a.page);
});

test("a message is reported where reports go, and cannot be where they go nowhere", async () => {
  const topic = fresh("rude");
  await say(ada, topic, "rude words");
  await goTo(m.page, topicHash(topic));
  const offered = async () => {
    await row(m.page, "rude words").locator(".content").click();
    await m.page.keyboard.press("i");
    await m.page.getByRole("menuitem").first().waitFor();
    return m.page.getByRole("menuitem", { name: "Report message" });
  };
  assert.equal(await (await offered()).count(), 0);
  await closeAll(m.page);
  const announcements = await part(a.page, "Where things are announced");
  await announcements.getByLabel("Reported messages").selectOption({ label: stream.name });
  await becomes(() => decided("moderation_request_channel_id"), stream.stream_id);
  await becomes(async () => {
    await closeAll(m.page);
    return (await offered()).count();
  }, 1);
  await m.page.getByRole("menuitem", { name: "Report message" }).click();
  const dialog = m.page.getByRole("dialog", { name: "Report this message" });
  await dialog.getByLabel("What is wrong with it").selectOption({ label: "Another reason" });
  await dialog.getByLabel("More about it").fill("not the tone we want");
  await dialog.getByRole("button", { name: "Report", exact: true }).click();
  await m.page.getByText("The message is reported").waitFor();
  await closeAll(a.page);
  const narrow = [{ operator: "channel", operand: stream.stream_id }];
  const newest = async () => {
    const { messages } = await callApi(ada, "GET", "/messages", {
      narrow,
      anchor: "newest",
      num_before: 1,
      num_after: 0,
    });
    return messages[0];
  };
  await becomes(async () => (await newest()).content, /not the tone we want/);
  // Where others wrote much meanwhile, a view begins far from it.
  const { id } = await newest();
  await goTo(a.page, `#narrow/channel/${stream.stream_id}/near/${id}`);
  await a.page.locator(".content", { hasText: "not the tone we want" }).first().waitFor();
  const back = await part(a.page, "Where things are announced");
  await back.getByLabel("Reported messages").selectOption({ label: "Nowhere" });
  await becomes(() => decided("moderation_request_channel_id"), -1);
  await closeAll(a.page);
});

test("the history of edits is not offered where the organisation hides it", async () => {
  const topic = fresh("hidden");
  const { id } = await say(member, topic, "as it was");
  await callApi(member, "PATCH", `/messages/${id}`, { content: "as it is" });
  await goTo(m.page, topicHash(topic));
  const items = async () => {
    await closeAll(m.page);
    await row(m.page, "as it is").locator(".content").click();
    await m.page.keyboard.press("i");
    await m.page.getByRole("menuitem").first().waitFor();
    return m.page.getByRole("menuitem", { name: "Edit history" }).count();
  };
  await becomes(items, 1);
  await callApi(ada, "PATCH", "/realm", { allow_edit_history: false });
  await becomes(items, 0);
  await callApi(ada, "PATCH", "/realm", { allow_edit_history: true });
  await becomes(items, 1);
  await closeAll(m.page);
});

test("calls are offered where the organisation has chosen to have them", async () => {
  await goTo(m.page, topicHash(fresh("calls")));
  await m.page.locator(".empty").waitFor();
  await m.page.keyboard.press("r");
  const button = m.page.getByRole("button", { name: /call/i });
  const provider = await decided("video_chat_provider");
  await callApi(ada, "PATCH", "/realm", { video_chat_provider: 1 });
  await becomes(() => button.count(), 1);
  await button.click();
  await m.page.getByRole("menuitem").first().click();
  await becomes(() => box(m.page).inputValue(), /^\[.+\]\(https:\/\/.+\/\d+\) $/);
  await callApi(ada, "PATCH", "/realm", { video_chat_provider: 0 });
  await becomes(() => button.count(), 0);
  await callApi(ada, "PATCH", "/realm", { video_chat_provider: provider });
  await box(m.page).fill("");
  await m.page.keyboard.press("Escape");
});

test("the address of a channel is shown, and mail to it is described", async () => {
  await goTo(m.page, "#streams");
  await m.page.getByRole("button", { name: `Settings of ${stream.name}` }).click();
  const dialog = m.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the address" }).click();
  await becomes(() => dialog.locator(".api-key").textContent(), /@/);
  await closeAll(m.page);
});

test("a private channel shares its history with who joins, if that is chosen", async () => {
  const name = fresh("shared history");
  await goTo(a.page, "#streams");
  await a.page.locator("#main").getByRole("button", { name: "Create channel" }).click();
  const dialog = a.page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Private, history shared with who joins").check();
  await dialog.getByRole("button", { name: "Create channel" }).click();
  await dialog.waitFor({ state: "detached" });
  const { streams } = await callApi(ada, "GET", "/streams", { include_all: true });
  const made = streams.find((one) => one.name === name);
  assert.deepEqual([made.invite_only, made.history_public_to_subscribers], [true, true]);
});

test("a channel says whether its messages need a topic", async () => {
  const name = fresh("orderly");
  await callApi(ada, "POST", "/users/me/subscriptions", { subscriptions: [{ name }] });
  await goTo(a.page, "#streams");
  await a.page.getByRole("button", { name: `Settings of ${name}` }).click();
  const dialog = a.page.getByRole("dialog");
  await dialog.getByLabel("Topics of messages").selectOption("disable_empty_topic");
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "detached" });
  const send = (topic) => callApi(ada, "POST", "/messages", { type: "stream", to: name, topic, content: "hello" });
  await assert.rejects(send(""));
  await send("greetings");
});

test("moving says so where it was asked to", async () => {
  const [from, to] = [fresh("from"), fresh("to")];
  await say(ada, from, "wander off");
  await say(ada, from, "stay here");
  await goTo(a.page, topicHash(from));
  await row(a.page, "wander off").locator(".content").click();
  await a.page.keyboard.press("m");
  const dialog = a.page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Topic" }).fill(to);
  await dialog.getByLabel("What to move").selectOption("change_one");
  await dialog.getByLabel("Say so where they were").check();
  await dialog.getByLabel("Say so where they go").uncheck();
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "detached" });
  const notices = async (topic) => {
    const { messages } = await callApi(ada, "GET", "/messages", {
      narrow: [
        { operator: "channel", operand: stream.stream_id },
        { operator: "topic", operand: topic },
      ],
      anchor: "newest",
      num_before: 10,
      num_after: 0,
    });
    return messages.filter((one) => one.sender_full_name === "Notification Bot").length;
  };
  await becomes(() => notices(from), 1);
  assert.equal(await notices(to), 0);
});

test("what begins with a slash is done, not sent", async () => {
  const topic = fresh("slash");
  await goTo(m.page, topicHash(topic));
  await m.page.locator(".empty").waitFor();
  await m.page.keyboard.press("r");
  const theme = () => m.page.evaluate(() => document.documentElement.dataset.theme);
  const before = await theme();
  const obey = async (command) => {
    await box(m.page).fill(command);
    await m.page.keyboard.press("Control+Enter");
    await becomes(() => box(m.page).inputValue(), "");
  };
  await obey("/night");
  await becomes(theme, "dark");
  await obey("/day");
  await becomes(theme, "light");
  await obey("/fluid-width");
  await becomes(() => m.page.evaluate(() => document.documentElement.dataset.width), "fluid");
  await obey("/fixed-width");
  await becomes(() => m.page.evaluate(() => document.documentElement.dataset.width), "fixed");
  await obey("/ping");
  await m.page.getByText(/The server answered in/).waitFor();
  if (before !== "light") await callApi(member, "PATCH", "/settings", { color_scheme: before === "dark" ? 2 : 1 });
  await m.page.locator(".empty").waitFor();
  await m.page.keyboard.press("Escape");
});

test("a saved text is changed", async () => {
  const title = fresh("greeting");
  await callApi(member, "POST", "/saved_snippets", { title, content: "Hello!" });
  await goTo(m.page, topicHash(fresh("change")));
  await m.page.locator(".empty").waitFor();
  await m.page.keyboard.press("r");
  await m.page.keyboard.press("Control+'");
  const panel = m.page.locator(".snippets");
  await panel.getByRole("button", { name: `Change ${title}` }).click();
  await panel.getByLabel("Text", { exact: true }).fill("Good morning!");
  await panel.getByRole("button", { name: "Save" }).click();
  await panel.locator("li", { hasText: title }).locator(".snippet", { hasText: "Good morning!" }).click();
  await becomes(() => box(m.page).inputValue(), "Good morning!");
  await box(m.page).fill("");
  await m.page.keyboard.press("Escape");
});

test("on a phone no section of the settings sticks out, nor what is unfolded in it", async () => {
  const { page, context, errors } = await logIn(browser, ada, { viewport: { width: 390, height: 800 } });
  const dialog = await settings(page, "You");
  const panel = dialog.getByRole("tabpanel");
  for (const tab of await dialog.getByRole("tab").all()) {
    await tab.click();
    const name = await tab.textContent();
    const unfold =
      name === "Organisation"
        ? panel.locator("details.group:not([open]) > summary")
        : panel.locator("details.group > summary").first();
    for (const summary of (await unfold.all()).reverse()) if (await summary.isVisible()) await summary.click();
    await becomes(() => panel.evaluate((box) => box.scrollWidth <= box.clientWidth), true, name);
  }
  assert.deepEqual(errors.map(String), []);
  await context.close();
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...m.errors], []);
});
