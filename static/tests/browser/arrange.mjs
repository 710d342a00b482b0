// The named screens: how to get to each from anywhere. Pictures are taken of them, and axe-core looks at them.

import { closeAll, goTo } from "./harness.mjs";

const shown = (page, selector) => page.locator(selector).first().waitFor();

/** Nothing over the page, nothing being written, sidebars as they are at first. */
const reset = (page) => closeAll(page, "dialog[open], .popover, .compose textarea, .sidebar.open");

/** Goes where the first such link of the sidebar leads, shown or not. */
async function follow(page, ...links) {
  const found = await Promise.all(links.map((one) => page.locator(one).count()));
  const link = links[found.findIndex((count) => count > 0)] ?? links[0];
  await page.locator(link).first().waitFor({ state: "attached" });
  await goTo(page, await page.locator(link).first().getAttribute("href"));
  await shown(page, ".row, .pane .empty");
}

async function busyTopic(page) {
  await goTo(page, "#feed");
  await shown(page, ".row");
  await follow(page, '.side-link.stream[href*="engineering"]', ".side-link.stream");
  await follow(page, ".side-link.topic:not(.general)");
}

async function choose(page) {
  await busyTopic(page);
  await page.locator(".row .content").first().click();
  await shown(page, ".row.selected");
}

const at = (hash, selector) => async (page) => {
  await goTo(page, hash);
  await shown(page, selector);
};

const ARRANGE = {
  inbox: at("#inbox", ".inbox, .empty"),
  recent: at("#recent", ".recent-table, .empty"),
  feed: at("#feed", ".row"),
  stream: (page) => follow(page, '.side-link.stream[href*="engineering"]', ".side-link.stream"),
  topic: busyTopic,
  "direct-messages": at("#narrow/is/dm", ".row, .pane .empty"),
  mentions: at("#narrow/is/mentioned", ".row, .pane .empty"),
  reactions: at("#narrow/has/reaction/sender/me", ".row, .pane .empty"),
  starred: at("#narrow/is/starred", ".row, .pane .empty"),
  search: at("#narrow/sender/me/search/the", ".row, .pane .empty"),
  suggestions: async (page) => {
    await goTo(page, "#feed");
    await shown(page, ".row");
    await page.locator("#main").focus();
    await page.keyboard.press("/");
    await page.keyboard.type("has:link en");
    await shown(page, "#search-suggestions");
  },
  compose: async (page) => {
    await busyTopic(page);
    await page.locator("#main").focus();
    await page.keyboard.press("r");
    await page.locator(".compose textarea").fill("Nearly done, **one** more host. Thanks @");
    await page.locator(".compose textarea").press("End");
    await page.keyboard.type("a");
    await shown(page, ".typeahead");
  },
  "message-menu": async (page) => {
    await choose(page);
    await page.keyboard.press("i");
    await shown(page, ".popover");
  },
  "emoji-picker": async (page) => {
    await choose(page);
    await page.keyboard.press(":");
    await shown(page, ".popover");
  },
  profile: async (page) => {
    await choose(page);
    await page.keyboard.press("u");
    await shown(page, "dialog[open]");
  },
  palette: async (page) => {
    await goTo(page, "#inbox");
    await page.keyboard.press("Control+k");
    await page.locator(".palette input").fill("de");
  },
  shortcuts: async (page) => {
    await goTo(page, "#inbox");
    await page.locator("#main").focus();
    await page.keyboard.press("?");
    await shown(page, ".shortcuts");
  },
  settings: async (page) => {
    await goTo(page, "#inbox");
    await page.locator("#main").focus();
    await page.keyboard.press("g");
    await page.getByRole("menuitem").first().press("Enter");
    await shown(page, ".settings");
  },
  drafts: at("#drafts", ".drafts, .empty"),
  streams: at("#streams", ".stream-card"),
  sidebar: async (page) => {
    await follow(page, '.side-link.stream[href*="engineering"]', ".side-link.stream");
    await page.locator("#main").focus();
    await page.keyboard.press("y");
    await shown(page, ".side-back");
  },
  unknown: at("#narrow/nonsense/x", ".empty"),
};

export const SCREENS = Object.keys(ARRANGE);

/** Shows a screen and waits until it stands still. */
export async function arrange(page, name) {
  await reset(page);
  await ARRANGE[name](page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export const FORMS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { colorScheme: "light", viewport: { width: 390, height: 780 }, hasTouch: true },
};
