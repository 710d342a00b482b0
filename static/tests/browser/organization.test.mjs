// What an organisation decides: rights, emoji, profile fields; and what people keep for themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, closeAll, goTo, logIn, realm } from "./harness.mjs";
import { part, settings } from "./settings.mjs";
import { a, ada, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

const member = realm.users.find((one) => one.role === "member" && one.password);
const m = await logIn(browser, member);
const box = (page) => page.locator(".compose textarea");

/** A picture of one colour. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("a right is given to a group, and holds for everyone at once", async () => {
  const right = "Create public channels";
  const rights = await part(a.page, "Who may do what");
  await rights.getByLabel(right).selectOption({ label: "Administrators" });
  await becomes(async () => {
    const { realm_can_create_public_channel_group: holder, realm_user_groups } = await callApi(
      ada,
      "POST",
      "/register",
      {
        fetch_event_types: JSON.stringify(["realm", "realm_user_groups"]),
      },
    );
    return realm_user_groups.find((one) => one.id === holder)?.name === "role:administrators";
  }, true);
  await closeAll(a.page);
  await assert.rejects(
    callApi(member, "POST", "/users/me/subscriptions", {
      subscriptions: JSON.stringify([{ name: fresh("not allowed") }]),
    }),
  );
  const again = await part(a.page, "Who may do what");
  await becomes(() => again.getByLabel(right).locator("option:checked").textContent(), "Administrators");
  await again.getByLabel(right).selectOption({ label: "Members" });
  await closeAll(a.page);
});

test("who writes in a channel is chosen, and holds", async () => {
  const topic = fresh("quiet");
  const wanted = stream.name;
  const rights = async () => {
    await goTo(a.page, "#streams");
    await a.page.getByRole("button", { name: `Settings of ${wanted}` }).click();
    await a.page.getByRole("dialog").getByRole("tab", { name: "Who may do what" }).click();
    return a.page.getByRole("dialog").getByLabel("Write messages");
  };
  const held = async () => (await callApi(ada, "GET", `/streams/${stream.stream_id}`)).stream.can_send_message_group;
  const before = await held();
  await (await rights()).selectOption({ label: "Administrators" });
  await becomes(async () => (await held()) !== before, true);
  await assert.rejects(say(member, topic, "may I?"));
  await closeAll(a.page);
  const choice = await rights();
  await becomes(() => choice.locator("option:checked").textContent(), "Administrators");
  await choice.selectOption(String(before));
  await becomes(async () => (await held()) === before, true);
  await closeAll(a.page);
  await say(member, topic, "now I may");
});

test("editing is turned off and on again, and every menu knows at once", async () => {
  const topic = fresh("editing");
  await say(member, topic, "as it stands");
  await goTo(m.page, topicHash(topic));
  await row(m.page, "as it stands").locator(".content").click();
  const offers = async (item) => {
    await m.page.keyboard.press("i");
    await m.page.getByRole("menuitem", { name: item, exact: true }).waitFor();
    await m.page.keyboard.press("Escape");
  };
  await offers("Edit");
  const messages = await part(a.page, "Messages");
  await messages.getByLabel("People may edit their messages").uncheck();
  await m.page.waitForFunction(() => document.querySelector(".row.selected") !== null);
  await becomes(async () => {
    const { realm_allow_message_editing } = await callApi(ada, "POST", "/register", {
      fetch_event_types: JSON.stringify(["realm"]),
    });
    return realm_allow_message_editing === false;
  }, true);
  await becomes(async () => {
    await m.page.keyboard.press("i");
    await m.page.getByRole("menuitem").first().waitFor();
    const gone = (await m.page.getByRole("menuitem", { name: "View as Markdown" }).count()) === 1;
    await m.page.keyboard.press("Escape");
    return gone;
  }, true);
  await messages.getByLabel("People may edit their messages").check();
  await closeAll(a.page);
});

test("an emoji of one's own: uploaded, chosen, seen, removed", async () => {
  const name = fresh("lantern").replaceAll(" ", "_");
  const dialog = await settings(a.page, "Emoji");
  await dialog.getByLabel("Picture").setInputFiles({ name: "lantern.png", mimeType: "image/png", buffer: picture });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByRole("button", { name: "Upload" }).click();
  await dialog.locator("li", { hasText: `:${name}:` }).waitFor();
  await closeAll(a.page);
  const topic = fresh("emoji");
  await say(ada, topic, `lit with :${name}:`);
  await goTo(m.page, topicHash(topic));
  await row(m.page, "lit with").locator(".content img.emoji").waitFor();
  // The other one finds it in the typeahead, and reacts with it.
  await m.page.keyboard.press("r");
  await box(m.page).pressSequentially(`:${name.slice(0, 12)}`);
  await m.page.locator(".typeahead img.emoji").first().waitFor();
  await m.page.keyboard.press("Escape");
  await box(m.page).fill("");
  await m.page.keyboard.press("Escape");
  await row(m.page, "lit with").locator(".content").click();
  await m.page.keyboard.press(":");
  await m.page.getByRole("searchbox", { name: "Search emoji" }).fill(name);
  await m.page
    .getByRole("option", { name: name.replaceAll("_", " ") })
    .first()
    .click();
  await row(m.page, "lit with").locator(".reaction img.emoji").waitFor();
  await goTo(a.page, topicHash(topic));
  await row(a.page, "lit with").locator(".reaction img.emoji").waitFor();
  const again = await settings(a.page, "Emoji");
  await again.getByRole("button", { name: `Remove ${name}` }).click();
  await a.page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await again.locator("li", { hasText: `:${name}:` }).waitFor({ state: "detached" });
  await closeAll(a.page);
});

test("a profile field is added, filled in by one, read by another, taken away", async () => {
  const name = fresh("Favourite hut").slice(0, 40);
  const fields = await part(a.page, "Profile fields");
  await fields.getByLabel("Kind").selectOption({ label: "Short text" });
  await fields.getByLabel("Name", { exact: true }).fill(name);
  await fields.getByRole("button", { name: "Add the field" }).click();
  await fields.locator("li", { hasText: name }).waitFor();
  await closeAll(a.page);
  const own = await settings(m.page, "You");
  await own.getByLabel(name).fill("Rifugio Alto");
  await own.getByLabel(name).blur();
  await closeAll(m.page);
  const topic = fresh("hut");
  await say(member, topic, "who am I");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "who am I").locator(".content").click();
  await a.page.keyboard.press("u");
  await a.page.getByRole("dialog").getByText("Rifugio Alto").waitFor();
  await closeAll(a.page);
  const again = await part(a.page, "Profile fields");
  await again.getByRole("button", { name: `Remove ${name}?` }).click();
  await a.page.getByRole("dialog").getByRole("button", { name: "Remove the field" }).click();
  await becomes(async () => {
    const { custom_fields } = await callApi(ada, "GET", "/realm/profile_fields");
    return custom_fields.every((one) => one.name !== name);
  }, true);
  await closeAll(a.page);
});

test("words become links, until the pattern is taken away", async () => {
  const prefix = `hut${process.pid}`;
  const links = await part(a.page, "Words that become links");
  await links.getByLabel("Pattern").fill(`${prefix}-(?P<id>[0-9]+)`);
  await links.getByLabel("Address").fill("https://huts.example.com/{id}");
  await links.getByRole("button", { name: "Add" }).click();
  await links.locator("li", { hasText: prefix }).waitFor();
  await closeAll(a.page);
  const topic = fresh("links");
  await say(ada, topic, `see ${prefix}-12`);
  await goTo(m.page, topicHash(topic));
  await m.page.locator('.content a[href="https://huts.example.com/12"]').waitFor();
  const again = await part(a.page, "Words that become links");
  // Another pattern takes its place, and then none.
  const entry = again.locator("li").filter({ has: a.page.getByText(prefix) });
  await entry.getByRole("button", { name: /^Change/ }).click();
  await again.locator("li form").getByLabel("Address").fill("https://cabins.example.com/{id}");
  await again.locator("li form").getByRole("button", { name: "Save" }).click();
  await again.locator("li", { hasText: "cabins.example.com" }).waitFor();
  await say(ada, topic, `and ${prefix}-13`);
  await m.page.locator('.content a[href="https://cabins.example.com/13"]').waitFor();
  await again
    .locator("li", { hasText: prefix })
    .getByRole("button", { name: /^Remove/ })
    .click();
  await again.locator("li", { hasText: prefix }).waitFor({ state: "detached" });
  await closeAll(a.page);
});

test("who sees one's address is one's own choice", async () => {
  const dialog = await settings(m.page, "Reading and writing");
  const choice = dialog.getByRole("group", { name: "Who sees my address" });
  await choice.getByLabel("Nobody").check();
  const seen = async () => {
    const { members } = await callApi(
      realm.users.find((one) => one.role === "moderator"),
      "GET",
      "/users",
    );
    return members.find((one) => one.full_name === member.full_name)?.delivery_email ?? null;
  };
  await becomes(async () => (await seen()) === null, true);
  await choice.getByLabel("Everyone").check();
  await becomes(async () => (await seen()) === member.email, true);
  await closeAll(m.page);
});

test("a text is kept, and used again by its key", async () => {
  const title = fresh("thanks");
  await goTo(m.page, topicHash(fresh("snippets")));
  await m.page.locator(".empty").waitFor();
  await m.page.keyboard.press("r");
  await box(m.page).fill("Thank you for the walk!");
  await m.page.keyboard.press("Control+'");
  const panel = m.page.locator(".snippets");
  await panel.getByLabel("What to call it").fill(title);
  await panel.getByRole("button", { name: "Keep this text" }).click();
  await panel.locator("li", { hasText: title }).waitFor();
  await m.page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await box(m.page).fill("");
  await m.page.keyboard.press("Control+'");
  await panel.locator("li", { hasText: title }).locator(".snippet").focus();
  await m.page.keyboard.press("Enter");
  await m.page.waitForFunction(() => document.querySelector(".compose textarea").value === "Thank you for the walk!");
  await m.page.keyboard.press("Control+'");
  await panel.getByRole("button", { name: `Delete ${title}` }).click();
  await panel.locator("li", { hasText: title }).waitFor({ state: "detached" });
  await m.page.keyboard.press("Escape");
});

test("the preview is shown and left by its key", async () => {
  await goTo(m.page, topicHash(fresh("preview")));
  await m.page.locator(".empty").waitFor();
  await m.page.keyboard.press("r");
  await box(m.page).fill("some **bold** words");
  await m.page.keyboard.press("Alt+p");
  await m.page.locator(".preview strong", { hasText: "bold" }).waitFor();
  await m.page.keyboard.press("Alt+p");
  await m.page.locator(".preview").waitFor({ state: "detached" });
  await m.page.keyboard.type("!");
  await becomes(() => box(m.page).inputValue(), "some **bold** words!");
  await box(m.page).fill("");
  await m.page.keyboard.press("Escape");
});

test("a reminder is asked for, and taken back", async () => {
  const topic = fresh("remind");
  await say(ada, topic, "do not forget the rope");
  await goTo(m.page, topicHash(topic));
  await row(m.page, "the rope").locator(".content").click();
  await m.page.keyboard.press("i");
  await m.page.getByRole("menuitem", { name: "Remind me" }).click();
  await m.page.getByRole("menuitem").first().click();
  const reminders = async () => (await callApi(member, "GET", "/reminders")).reminders.length;
  await m.page.getByText("You will be reminded").waitFor();
  await becomes(reminders, 1);
  await m.page.getByRole("button", { name: "Undo" }).last().click();
  await becomes(async () => (await reminders()) === 0, true);
});

test("the password is changed, and the new one lets in", async () => {
  const user = realm.users.filter((one) => one.role === "member" && one.password).at(-1);
  const next = "rope and lantern 77";
  const { page, context } = await logIn(browser, user);
  const change = async (from, to) => {
    const dialog = await settings(page, "You");
    await dialog.getByLabel("The password until now").fill(from);
    await dialog.getByLabel("A new password").fill(to);
    // Its own answer: what says so on the page may still be there from the time before.
    const answered = page.waitForResponse((one) => one.request().method() === "PATCH");
    await dialog.getByRole("button", { name: "Change the password" }).click();
    assert.ok((await answered).ok());
    await page.getByText("The password is changed").last().waitFor();
    await closeAll(page);
  };
  await change(user.password, next);
  const other = await logIn(browser, { ...user, password: next });
  await other.context.close();
  await change(next, user.password);
  await context.close();
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...m.errors], []);
});

test("someone is invited by mail, joins by the link of it, and is not invited any more", async () => {
  const address = `${fresh("guest")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "-")}@example.com`;
  const dialog = await settings(a.page, "Invitations");
  await dialog.getByLabel("Addresses").fill(address);
  await dialog.getByRole("button", { name: "Send invitations" }).click();
  const entry = dialog.getByRole("listitem").filter({ hasText: address });
  await entry.waitFor();
  const mails = await browser.newContext();
  const page = await mails.newPage();
  const link = async () => {
    await page.goto(`${realm.url}/emails`);
    const text = await page.locator("body").textContent();
    return text.slice(text.indexOf(address)).match(/https?:\/\/\S+\/join\/\w+\//)?.[0];
  };
  await becomes(async () => (await link()) !== undefined, true, "the mail with the link");
  await page.goto(await link());
  await page.getByLabel("Name").fill("Nora Newcomer");
  await page.getByLabel("Password").fill("a long password that nobody guesses");
  await page.getByRole("button", { name: /Join/ }).click();
  await page.locator(".shell").waitFor();
  await entry.waitFor({ state: "detached" });
  await mails.close();
  await closeAll(a.page);
});

test("a link for everybody is made, and taken back", async () => {
  const dialog = await settings(a.page, "Invitations");
  const links = dialog.getByRole("listitem").filter({ hasText: "A link for everybody" });
  const before = await links.count();
  await dialog.getByRole("button", { name: "Copy a link for everybody" }).click();
  await becomes(() => links.count(), before + 1);
  await links.last().getByRole("button", { name: "Take back: A link for everybody" }).click();
  await becomes(() => links.count(), before);
  await closeAll(a.page);
});

test("a channel is put into a folder, and stands under it in the sidebar", async () => {
  const name = fresh("folder");
  const folders = await part(a.page, "Folders of channels");
  await folders.getByLabel("Name of the folder").fill(name);
  await folders.getByRole("button", { name: "Add a folder" }).click();
  await folders.getByText(name, { exact: true }).waitFor();
  await closeAll(a.page);
  const choose = async (label) => {
    await goTo(a.page, "#streams");
    await a.page.getByRole("button", { name: `Settings of ${stream.name}` }).click();
    const dialog = a.page.getByRole("dialog");
    await dialog.getByLabel("Folder").selectOption({ label });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await choose(name);
  await goTo(a.page, "#inbox");
  await a.page.locator(".sidebar.left").getByText(name, { exact: true }).waitFor();
  await choose("none");
  await a.page.locator(".sidebar.left").getByText(name, { exact: true }).waitFor({ state: "detached" });
});
