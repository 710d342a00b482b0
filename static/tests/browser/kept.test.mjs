// What people keep for themselves (files, views), and what an organisation sets up for all (playgrounds, defaults,
// administrators of single channels).

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, closeAll, goTo, logIn, realm } from "./harness.mjs";
import { part, settings } from "./settings.mjs";
import { a, ada, browser, fresh, row, say, topicHash } from "./stage.mjs";

const member = realm.users.find((one) => one.role === "member" && one.password);
const m = await logIn(browser, member);
const sidebar = (page) => page.locator(".sidebar.left");

/** Uploads a file as the page's person; answers with where it is. */
const upload = (page, name) =>
  page.evaluate(async (fileName) => {
    const token = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const body = new FormData();
    body.set("file", new File(["here be dragons"], fileName, { type: "text/plain" }));
    const answer = await fetch("/json/user_uploads", { method: "POST", headers: { "X-CSRFToken": token }, body });
    return (await answer.json()).url;
  }, name);

test("one's files: listed with the messages that show them, deleted by the keyboard", async () => {
  const name = `${fresh("map").replaceAll(" ", "-")}.txt`;
  const topic = fresh("files");
  const url = await upload(m.page, name);
  const dialog = await settings(m.page, "Files");
  const entry = dialog.locator("li", { hasText: name });
  await entry.getByText("in no message").waitFor();
  await say(member, topic, `[${name}](${url})`);
  await entry.getByRole("link", { name: "Message of Today" }).press("Enter");
  await row(m.page, name).waitFor();
  await settings(m.page, "Files");
  await entry.getByRole("button", { name: `Delete ${name}` }).press("Enter");
  await m.page.getByRole("dialog").getByRole("button", { name: "Delete the file" }).press("Enter");
  await dialog.getByRole("tab", { name: "Files", selected: true }).waitFor();
  await entry.waitFor({ state: "detached" });
  const { attachments } = await callApi(member, "GET", "/attachments");
  assert.ok(!attachments.some((one) => one.name === name));
  await closeAll(m.page);
});

test("views are hidden and shown again, on every device", async () => {
  const second = await logIn(browser, member);
  const link = (page) => sidebar(page).getByRole("link", { name: "Recent conversations" });
  const menu = async (page, item) => {
    const entry = sidebar(page).locator(".side-item", { hasText: "Recent conversations" });
    await entry.getByRole("button", { name: "View menu" }).press("Enter");
    await page.getByRole("menuitem", { name: item }).press("Enter");
  };
  await goTo(m.page, "#inbox");
  await menu(m.page, "Hide from the sidebar");
  await link(second.page).waitFor({ state: "detached" });
  await link(m.page).waitFor({ state: "detached" });
  await sidebar(m.page).getByRole("button", { name: "One more view" }).press("Enter");
  await menu(m.page, "Show in the sidebar");
  await link(second.page).waitFor();
  await second.context.close();
});

test("a search is kept in the sidebar under what was searched for, and taken out", async () => {
  const word = fresh("heron").replaceAll(" ", "");
  await goTo(m.page, `#narrow/search/${word}`);
  const kept = sidebar(m.page).getByRole("link", { name: word });
  await m.page.getByRole("button", { name: "Keep this view in the sidebar" }).press("Enter");
  await kept.waitFor();
  await goTo(m.page, "#inbox");
  await m.page.reload();
  await kept.press("Enter");
  await m.page.locator("h1", { hasText: word }).waitFor();
  await becomes(() => kept.getAttribute("aria-current"), "page");
  await m.page.getByRole("button", { name: "Take this view out of the sidebar" }).press("Enter");
  await kept.waitFor({ state: "detached" });
});

test("code is tried out where the organisation says", async () => {
  const name = fresh("Sandbox");
  const topic = fresh("code");
  await say(ada, topic, "```rust\nfn main() {}\n```");
  await goTo(m.page, topicHash(topic));
  const block = m.page.locator(".row .codehilite");
  await block.waitFor();
  const form = await part(a.page, "Where code is tried out");
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Language").fill("Rust");
  await form.getByLabel("Address").fill("https://play.example.com/{?code}");
  await form.getByRole("button", { name: "Add the playground" }).press("Enter");
  await form.locator("li", { hasText: name }).waitFor();
  // What would open in a window of its own is noted instead: nothing outside is asked.
  await m.page.evaluate(() => {
    window.open = (url) => {
      window.tried = url;
    };
  });
  await block.getByRole("button", { name: `Try this code in ${name}` }).press("Enter");
  const tried = "https://play.example.com/?code=fn%20main%28%29%20%7B%7D";
  await becomes(() => m.page.evaluate(() => window.tried?.trim().replace(/%0A$/, "")), tried);
  await form.getByRole("button", { name: `Remove ${name}` }).press("Enter");
  await form.locator("li", { hasText: name }).waitFor({ state: "detached" });
  await block.getByRole("button", { name: "Try this code" }).waitFor({ state: "detached" });
  await closeAll(a.page);
});

test("what new people begin with is decided for them", async () => {
  const decided = async (name) => {
    const fetched = { fetch_event_types: JSON.stringify(["realm_user_settings_defaults"]) };
    return (await callApi(ada, "POST", "/register", fetched)).realm_user_settings_defaults[name];
  };
  const before = await decided("twenty_four_hour_time");
  const defaults = await part(a.page, "What new people begin with");
  const clock = defaults.getByLabel("24-hour");
  await becomes(() => clock.isChecked(), before);
  await clock.press("Space");
  await becomes(() => decided("twenty_four_hour_time"), !before);
  await becomes(() => clock.isChecked(), !before);
  await clock.press("Space");
  await becomes(() => decided("twenty_four_hour_time"), before);
  await closeAll(a.page);
});

test("who administers a channel changes it, without administering anything else", async () => {
  const name = fresh("harbour");
  const me = (await callApi(member, "GET", "/users/me")).user_id;
  await callApi(ada, "POST", "/users/me/subscriptions", { subscriptions: [{ name }], principals: [me] });
  const { stream_id } = await callApi(ada, "GET", "/get_stream_id", { stream: name });
  await goTo(m.page, "#streams");
  await m.page.getByRole("button", { name: `Settings of ${name}` }).click();
  const dialog = m.page.getByRole("dialog", { name });
  await dialog.getByText("Nobody has said yet").waitFor();
  const to = { new: { direct_members: [me], direct_subgroups: [] } };
  await callApi(ada, "PATCH", `/streams/${stream_id}`, { can_administer_channel_group: to });
  await dialog.getByRole("tab", { name: "Who may do what" }).waitFor();
  await dialog.getByLabel("What it is about").fill("Boats and nets");
  await dialog.getByRole("button", { name: "Save" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  const about = async () => (await callApi(ada, "GET", `/streams/${stream_id}`)).stream.description;
  await becomes(about, "Boats and nets");
  await callApi(ada, "DELETE", `/streams/${stream_id}`);
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...m.errors].map(String), []);
});
