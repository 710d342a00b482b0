// Every dialog, menu and panel opens, and axe-core finds nothing wrong with it, by day and by night.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { callApi, closeAll, goTo, launch, logIn, realm } from "./harness.mjs";

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const [owner] = realm.users.filter((one) => one.role === "owner");
let browser;
let pages;
let undo;

before(async () => {
  browser = await launch();
  const themes = ["light", "dark"].map((colorScheme) =>
    logIn(browser, owner, { colorScheme, bypassCSP: true, reducedMotion: "reduce" }),
  );
  pages = await Promise.all(themes);
  const group = { name: `looks ${process.pid}`, description: "to be looked at", members: [] };
  const { group_id } = await callApi(owner, "POST", "/user_groups/create", group);
  undo = () => callApi(owner, "POST", `/user_groups/${group_id}/deactivate`);
});

after(async () => {
  await undo();
  await browser.close();
});

async function check(page, what) {
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ content: axe });
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  const said = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  assert.deepEqual(said, [], what);
}

/** Opens something on both pages, lets axe look, and closes it. */
function looksGood(name, open) {
  test(name, async () => {
    for (const { page } of pages) {
      try {
        await open(page);
        await check(page, name);
      } finally {
        await closeAll(page, "dialog[open], .popover, .compose textarea");
      }
    }
  });
}

const account = async (page, item) => {
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
  await page.getByRole("dialog").waitFor();
};

const SECTIONS = [
  "You",
  "Looks",
  "Reading and writing",
  "Notifications",
  "People and words",
  "Groups",
  "Bots",
  "Emoji",
  "Files",
  "Organisation",
];
for (const section of SECTIONS) {
  looksGood(`settings: ${section}`, async (page) => {
    await account(page, "Settings");
    await page.getByRole("tab", { name: section, exact: true }).click();
    await page.getByRole("tab", { name: section, exact: true, selected: true }).waitFor();
  });
}

const PARTS = [
  "Pictures",
  "Messages",
  "Joining and profiles",
  "Domains of addresses",
  "Where things are announced",
  "Who may do what",
  "Profile fields",
  "Words that become links",
  "Where code is tried out",
  "What new people begin with",
  "People",
];
for (const part of PARTS) {
  looksGood(`settings: Organisation: ${part}`, async (page) => {
    await account(page, "Settings");
    await page.getByRole("tab", { name: "Organisation", exact: true }).click();
    await page.locator("details.group summary").filter({ hasText: part }).first().click();
    await page
      .locator("details.group[open]")
      .filter({ hasText: part })
      .locator("input, select, button")
      .first()
      .waitFor();
  });
}

for (const section of ["Bots", "Groups"]) {
  looksGood(`settings: ${section}: one of them, and all it has`, async (page) => {
    await account(page, "Settings");
    await page.getByRole("tab", { name: section, exact: true }).click();
    await page.locator("details.group summary").first().click();
    await page.locator("details.group[open] .form, details.group[open] .group-about").first().waitFor();
  });
}

looksGood("status", (page) => account(page, "Set your status"));

looksGood("status with the emoji picker inside", async (page) => {
  await account(page, "Set your status");
  await page.getByRole("button", { name: "Choose an emoji" }).click();
  await page.getByRole("tab", { name: "Food and drink" }).click();
  await page.locator(".emoji-grid [role=option]").nth(30).waitFor();
});

for (const section of ["About", "For you", "People", "Who may do what"]) {
  looksGood(`channel settings: ${section}`, async (page) => {
    await goTo(page, "#streams");
    await page.getByRole("button", { name: "Settings of general" }).click();
    await page.getByRole("tab", { name: section, exact: true }).click();
    if (section === "Who may do what") await page.getByLabel("Write messages").waitFor();
    if (section === "People") await page.getByRole("dialog").locator(".people-list li").first().waitFor();
  });
}

looksGood("a new channel", async (page) => {
  await goTo(page, "#streams");
  await page.locator("main").getByRole("button", { name: "Create channel" }).click();
  await page.getByRole("dialog").getByLabel("Add people").pressSequentially("a");
  await page.getByRole("dialog").getByRole("option").first().waitFor();
});

looksGood("the menu of a channel", async (page) => {
  await page.locator(".sidebar.left .side-item").filter({ hasText: "general" }).first().hover();
  await page.getByRole("button", { name: "Channel menu" }).first().click();
  await page.getByRole("menuitem").first().waitFor();
});

looksGood("the menu of a view", async (page) => {
  await page.locator(".sidebar.left").getByRole("button", { name: "View menu" }).first().press("Enter");
  await page.getByRole("menuitem").first().waitFor();
});

looksGood("the card of a person", async (page) => {
  const to = realm.users.filter((one) => one.role === "member").map((one) => one.email);
  await callApi(owner, "POST", "/messages", { type: "direct", to: to.slice(0, 1), content: "A word with you." });
  await goTo(page, "#narrow/is/dm");
  await page.locator(".row .sender").last().click();
  await page.locator(".card").waitFor();
});

looksGood("compose with everything", async (page) => {
  await goTo(page, "#inbox");
  await page.locator("#main").focus();
  await page.keyboard.press("c");
  await page.locator(".compose textarea").fill("some **text**");
  await page.getByRole("button", { name: "Send later" }).click();
  await page.getByRole("menuitem").first().waitFor();
});

looksGood("saved texts", async (page) => {
  await page.locator(".compose-open").or(page.locator(".compose textarea")).first().click();
  await page.getByRole("button", { name: "More to add" }).click();
  await page.getByRole("menuitem", { name: "Saved texts" }).click();
  await page.locator(".snippets").waitFor();
});

looksGood("another time to send", async (page) => {
  await page.locator(".compose-open").or(page.locator(".compose textarea")).first().click();
  await page.getByRole("button", { name: "Send later" }).click();
  await page.getByRole("menuitem", { name: "Another time …" }).click();
  await page.getByLabel("In words").fill("tomorrow 10:00");
});

for (const item of ["Make a poll", "Make a to-do list"]) {
  looksGood(item, async (page) => {
    await page.locator(".compose-open").or(page.locator(".compose textarea")).first().click();
    await page.getByRole("button", { name: "More to add" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await page.getByRole("dialog").waitFor();
  });
}

test("no page had an error", () => {
  assert.deepEqual(pages.flatMap((one) => one.errors).map(String), []);
});
