// Reading and finding: every view by its URL, pills, keys, long lists, lost connections.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { becomes, devJson, goTo, logIn, nothingSticksOut, standsStill } from "./harness.mjs";
import { a, ada, b, ben, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

/** The process that holds the event queues, as it runs now. */
const pushServer = () => JSON.parse(readFileSync(devJson, "utf8")).pids.push;

test("every view has its URL and its title", async () => {
  const views = {
    "#inbox": "Inbox",
    "#recent": "Recent conversations",
    "#feed": "Combined feed",
    "#narrow/is/mentioned": "Mentions",
    "#narrow/is/starred": "Starred",
    "#narrow/is/dm": "Direct messages",
    "#narrow/has/reaction/sender/me": "Reactions",
    "#narrow/search/map": "Search: map",
    "#drafts": "Drafts",
    "#streams": "Browse channels",
  };
  for (const [hash, title] of Object.entries(views)) {
    await goTo(a.page, hash);
    await a.page.locator("h1", { hasText: title }).waitFor();
    await becomes(() => a.page.title(), new RegExp(`^(\\(\\d+\\) )?${title} · `));
  }
});

test("conditions are pills, and suggestions complete them", async () => {
  const topic = fresh("pills");
  await say(ben, topic, "a needle in here");
  await say(ada, topic, "a needle of mine");
  await goTo(a.page, "#inbox");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("/");
  await a.page.keyboard.type(`channel:${stream.name.slice(0, 3)}`);
  await a.page.getByRole("option", { name: stream.name }).first().click();
  await a.page.locator(".pill", { hasText: stream.name }).waitFor();
  await a.page.keyboard.type(`sender:${ben.full_name.slice(0, 4)}`);
  await a.page.getByRole("option", { name: ben.full_name }).first().waitFor();
  await a.page.keyboard.press("ArrowDown");
  await a.page.keyboard.press("Enter");
  await a.page.locator(".pill", { hasText: ben.full_name }).waitFor();
  await a.page.keyboard.type("needle");
  await a.page.keyboard.press("Enter");
  await row(a.page, "a needle in here").first().waitFor();
  await becomes(() => row(a.page, "a needle of mine").count(), 0);
  await becomes(() => a.page.url(), /#narrow\/channel\/.*\/sender\/.*\/search\/needle$/);
  await becomes(() => a.page.locator(".pill").count(), 2, "the bar shows where one is");
  await a.page.locator("#search").focus();
  await a.page.keyboard.press("Home");
  await a.page.keyboard.press("Backspace");
  await becomes(() => a.page.locator(".pill").count(), 1);
});

test("a negated condition leaves out what it names", async () => {
  const word = fresh("tern").replaceAll(" ", "");
  const topic = fresh("negated");
  await say(ben, topic, `${word} of his`);
  await say(ada, topic, `${word} of hers`);
  await goTo(a.page, "#inbox");
  await a.page.locator("#search").fill(`topic:"${topic}" -sender:me `);
  await a.page.locator(".pill.negated").waitFor();
  await a.page.locator("#search").press("Enter");
  await row(a.page, `${word} of his`).waitFor();
  await becomes(() => row(a.page, `${word} of hers`).count(), 0);
});

test("unread from here, on every device, and the marker where reading goes on", async () => {
  const topic = fresh("marker");
  for (const text of ["first", "second", "third"]) await say(ben, topic, `${text} of ${topic}`);
  const second = await logIn(browser, ada);
  await goTo(second.page, "#inbox");
  const entry = second.page.locator(".inbox-row", { hasText: topic });
  await entry.locator(".badge", { hasText: "3" }).waitFor();
  await goTo(a.page, topicHash(topic));
  await a.page.locator(".unread-line").waitFor();
  await becomes(() => row(a.page, "first of").locator(".unread-line").count(), 1);
  await entry.waitFor({ state: "detached" });
  await row(a.page, "second of").click();
  await a.page.keyboard.press("Shift+U");
  await entry.locator(".badge", { hasText: "2" }).waitFor();
  await second.context.close();
});

test("a long message is cut, and shown whole when asked", async () => {
  const topic = fresh("fold");
  await say(ben, topic, Array.from({ length: 120 }, (_, i) => `line ${i}`).join("\n"));
  await say(ben, topic, "a short one");
  await goTo(a.page, topicHash(topic));
  const long = row(a.page, "line 0");
  const height = () => long.locator(".content").evaluate((one) => one.getBoundingClientRect().height);
  await long.getByRole("button", { name: "Show all of it" }).click();
  await long.getByRole("button", { name: "Show less" }).waitFor();
  const whole = await height();
  await long.getByRole("button", { name: "Show less" }).click();
  await long.getByRole("button", { name: "Show all of it" }).waitFor();
  await becomes(height, (now) => now < whole / 2, "shorter than before");
  await becomes(() => row(a.page, "a short one").getByRole("button", { name: "Show all of it" }).isVisible(), false);
});

test("of a message that is hardly too long nothing is hidden without a button", async () => {
  const topic = fresh("brim");
  await say(ben, topic, "a short one");
  await goTo(a.page, topicHash(topic));
  const content = (text) => row(a.page, text).locator(".content");
  const line = await content("a short one").evaluate((one) => one.getBoundingClientRect().height);
  const limit = await content("a short one").evaluate((one) => Number.parseFloat(getComputedStyle(one).maxHeight));
  for (const more of [-1, 0, 1, 2]) {
    const name = `brim ${more + 1}`;
    const lines = Array.from({ length: Math.floor(limit / line) + more - 1 }, () => "line");
    await say(ben, topic, [name, ...lines].join("\n"));
    await row(a.page, name).waitFor();
    const button = row(a.page, name).getByRole("button", { name: "Show all of it" });
    const hidden = () => content(name).evaluate((one) => one.scrollHeight > Math.ceil(one.getBoundingClientRect().height));
    await becomes(async () => (await hidden()) === (await button.isVisible()), true, name);
  }
});

test("a message collapses on every device, and comes back", async () => {
  const topic = fresh("collapse");
  await say(ben, topic, "too much of it");
  const second = await logIn(browser, ada);
  await Promise.all([goTo(a.page, topicHash(topic)), goTo(second.page, topicHash(topic))]);
  await row(second.page, "too much of it").waitFor();
  await row(a.page, "too much of it").click();
  await a.page.keyboard.press("-");
  await second.page.getByRole("button", { name: "Collapsed. Show it" }).waitFor();
  await becomes(() => row(second.page, "too much of it").count(), 0);
  await second.page.getByRole("button", { name: "Collapsed. Show it" }).click();
  await row(a.page, "too much of it").waitFor();
  await second.context.close();
});

test("formulas have their fonts", async () => {
  const topic = fresh("maths");
  await say(ben, topic, "$$x^2 + \\frac{1}{y}$$");
  await goTo(a.page, topicHash(topic));
  await a.page.locator(".row .katex").first().waitFor();
  await a.page.waitForFunction(() => {
    const formula = document.querySelector(".row .katex");
    return getComputedStyle(formula).fontFamily.includes("KaTeX_Main") && document.fonts.check('16px "KaTeX_Main"');
  });
});

test("the row under the eye never jumps while history comes in above", async () => {
  const topic = fresh("steady");
  let last;
  for (let i = 0; i < 320; i++) last = (await say(ben, topic, `row ${i}${i % 7 ? "" : "\n\nand more\n\nof it"}`)).id;
  await goTo(a.page, `${topicHash(topic)}/near/${last}`);
  await a.page.locator(`#message-${last}`).waitFor();
  const jumps = await a.page.evaluate(
    () =>
      new Promise((done) => {
        const scroller = document.querySelector(".scroller");
        const jumps = [];
        let still = 0;
        const step = () => {
          if (still > 30) return done(jumps);
          const middle = document.elementFromPoint(600, 400)?.closest(".row");
          const before = middle?.getBoundingClientRect().top;
          const by = Math.min(300, scroller.scrollTop);
          still = by === 0 ? still + 1 : 0;
          scroller.scrollTop -= 300;
          requestAnimationFrame(() => {
            const after = middle?.isConnected ? middle.getBoundingClientRect().top : undefined;
            if (after !== undefined && Math.abs(after - before - by) > 2) jumps.push(after - before - by);
            step();
          });
        };
        step();
      }),
  );
  assert.deepEqual(jumps, []);
  await a.page.locator(".list-edge", { hasText: "This is the beginning." }).waitFor();
});

test("recent conversations are sorted by any column, and filtered", async () => {
  const topic = fresh("aaa recent");
  await say(ben, topic, "look here");
  await goTo(a.page, "#recent");
  const first = a.page.locator(".recent-table tbody tr").first();
  await a.page.locator(".recent-table tr", { hasText: topic }).waitFor();
  await a.page.getByRole("button", { name: "Conversation", exact: true }).click();
  await a.page.locator('th[aria-sort="ascending"]', { hasText: "Conversation" }).waitFor();
  const { compare } = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
  await becomes(
    () => a.page.locator(".recent-stream").allTextContents(),
    (names) => names.every((name, i) => i === 0 || compare(names[i - 1], name) <= 0),
    "in the order of the names",
  );
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("t");
  await a.page.keyboard.type(topic);
  await first.filter({ hasText: topic }).waitFor();
  await a.page.locator("#recent-filter").fill("");
  await a.page.getByRole("button", { name: "Last message" }).click();
});

test("the sidebar: sections fold, topics zoom and are filtered", async () => {
  await goTo(a.page, `#narrow/channel/${stream.stream_id}`);
  const topic = fresh("zoomed");
  await say(ben, topic, "find my topic");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("y");
  await a.page.locator("#side-filter").fill(topic);
  await a.page.locator(".side-link.topic", { hasText: topic }).click();
  await row(a.page, "find my topic").waitFor();
  await a.page.locator("#side-filter").fill("");
  await a.page.locator(".side-back").click();
  const heading = a.page.locator(".side-subhead button", { hasText: "Active" });
  await heading.click();
  await a.page.locator(".side-link.stream").first().waitFor({ state: "hidden" });
  await a.page.reload();
  await a.page.locator(".side-subhead button[aria-expanded=false]", { hasText: "Active" }).click();
  await a.page.locator(".side-link.stream").first().waitFor();
});

test("keys can be changed, and work", async () => {
  await goTo(a.page, "#inbox");
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("?");
  await a.page.getByRole("button", { name: "Change keys" }).click();
  await a.page.getByRole("button", { name: "Change the key of: Combined feed" }).click();
  await a.page.keyboard.press("o");
  await a.page.keyboard.press("Escape");
  await a.page.locator(".shortcuts").waitFor({ state: "detached" });
  await a.page.locator("#main").focus();
  await a.page.keyboard.press("o");
  await a.page.locator("h1", { hasText: "Combined feed" }).waitFor();
  await a.page.keyboard.press("?");
  await a.page.getByRole("button", { name: "Back to the usual keys" }).click();
  await a.page.keyboard.press("Escape");
});

test("the server restarts under an open client: nothing is lost, nothing is reloaded", async () => {
  const topic = fresh("restart");
  await say(ben, topic, "before");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "before").waitFor();
  await a.page.evaluate(() => {
    window.stillHere = true;
  });
  // The server that comes back has a newer client, as far as this second window can see.
  const second = await logIn(browser, ada);
  await second.page.route(
    (url) => url.pathname === "/",
    async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/\/static\/app-[^"]+\.js/, "/static/app-newer.js");
      await route.fulfill({ response: answer, body });
    },
  );
  // It hears what is new: only a line that was there can be lost.
  await goTo(second.page, topicHash(topic));
  await say(ben, topic, "heard by both");
  await row(second.page, "heard by both").waitFor();
  process.kill(pushServer(), "SIGKILL");
  for (;;) {
    const answer = await say(ben, topic, "after the crash").catch(() => undefined);
    if (answer) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await row(a.page, "after the crash").first().waitFor();
  await becomes(() => a.page.evaluate(() => window.stillHere), true);
  await becomes(() => a.page.getByText("A new version is here").count(), 0);
  await second.page.getByText("A new version is here").waitFor();
  await second.context.close();
});

test("a new queue leaves the reader where they were", async () => {
  const topic = fresh("place");
  const ids = [];
  for (let i = 0; i < 120; i++) ids.push((await say(ada, topic, `step ${i}`)).id);
  const registered = a.page.waitForResponse((response) => response.url().endsWith("/json/register"));
  await a.page.goto(`/${topicHash(topic)}/near/${ids[60]}`);
  await a.page.reload();
  const { queue_id } = await (await registered).json();
  const middle = a.page.locator(`#message-${ids[60]}`);
  // In one step: between two, the row may be built anew.
  const top = () => middle.evaluate((row) => row.getBoundingClientRect().y);
  const before = await standsStill(top);
  await middle.evaluate((row) => row.classList.add("from-before"));
  const again = a.page.waitForResponse((response) => response.url().endsWith("/json/register"));
  await a.page.evaluate(async (queue) => {
    const token = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
    const body = new URLSearchParams({ queue_id: queue });
    await fetch("/json/events", { method: "DELETE", headers: { "X-CSRFToken": token }, body });
  }, queue_id);
  await again;
  await a.page.locator(`#message-${ids[60]}:not(.from-before)`).waitFor();
  await a.page.waitForFunction(() => document.querySelectorAll(".row").length > 40);
  await becomes(top, (now) => Math.abs(now - before) < 4, `as far down as before, ${before}`);
});

test("right to left: the page is mirrored, keys and arrows too", async () => {
  const { page, context } = await logIn(browser, ada);
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  await goTo(page, "#streams");
  const edge = async (selector) => (await page.locator(selector).first().boundingBox())?.x;
  const leftToRight = (...selectors) =>
    becomes(
      () => Promise.all(selectors.map(edge)),
      (edges) => edges.every((x, i) => i === 0 || edges[i - 1] < x),
      `from left to right: ${selectors}`,
    );
  await page.locator(".stream-card").first().waitFor();
  await leftToRight(".sidebar.right", "main", ".sidebar.left");
  await leftToRight(".stream-card .button", ".stream-card .stream-icon");
  const chevron = page.locator(".icon-chevron").first();
  await becomes(() => chevron.evaluate((one) => getComputedStyle(one).scale), "-1 1");
  await page.locator("#main").focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator('.chip[aria-pressed="true"]', { hasText: "Yours" }).waitFor();
  // A menu begins where its button begins.
  await page.keyboard.press("g");
  await page.locator(".popover").waitFor();
  const button = await edge("#account-menu");
  await becomes(
    () => edge(".popover"),
    (x) => x >= 0 && x <= button + 8,
  );
  await context.close();
});

test("right to left: nothing sticks out", async () => {
  const { page, context } = await logIn(browser, ada, { viewport: { width: 390, height: 780 } });
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  for (const hash of ["#inbox", "#recent", "#feed", topicHash("x")]) {
    await goTo(page, hash);
    await nothingSticksOut(page, hash);
  }
  await context.close();
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
