// What the client costs, measured in Chromium: `npm run speed`. The server of var/dev.json answers; what the figures need
// that a demo realm does not have (1,000 people, 200 channels, 100,000 messages, an hour of events) is made up here, on
// the way between server and client, so that it is the client that is measured.

import { writeFileSync } from "node:fs";
import { goTo, launch, logIn, realm } from "../tests/browser/harness.mjs";

const PEOPLE = 1000;
const CHANNELS = 200;
const LONG = 100_000;
const LOADED = 5000;
const EVENTS = 20_000;
const CHANNEL = 900_001;
const FIRST_ID = 50_000_000;
const figures = {};

const report = (name, value, budget) => {
  figures[name] = value;
  console.log(`${name.padEnd(58)} ${String(value).padStart(8)}   budget ${budget ?? "-"}`);
};

function person(id) {
  return {
    user_id: id,
    full_name: `Person Number ${id}`,
    email: `p${id}@example.com`,
    is_bot: false,
    is_active: true,
    role: 400,
    timezone: "",
    avatar_url: null,
  };
}

function channel(id) {
  return {
    stream_id: id,
    name: `channel ${id}`,
    description: "",
    invite_only: false,
    color: "#3d8b7d",
    is_muted: false,
    pin_to_top: false,
    subscriber_count: 3,
  };
}

/** The real register with a large realm around it. */
async function enlarge(route) {
  const answer = await (await route.fetch()).json();
  tap.lastId = answer.last_event_id;
  for (let i = 0; i < PEOPLE; i++) answer.realm_users.push(person(800_000 + i));
  for (let i = 0; i < CHANNELS; i++) answer.subscriptions.push(channel(CHANNEL + i));
  await route.fulfill({ json: answer });
}

const WORDS = "the map of this valley shows a path that no survey knew and every shepherd walks in June".split(" ");

function message(id) {
  const words = Array.from({ length: 4 + ((id * 7) % 60) }, (_, i) => WORDS[(id + i * 3) % WORDS.length]);
  const picture = id % 40 === 0 ? '<p><span class="emoji emoji-1f44b" title="wave">:wave:</span></p>' : "";
  const code = id % 25 === 0 ? '<div class="codehilite"><pre><code>let x = 1;\nlet y = 2;\n</code></pre></div>' : "";
  return {
    id,
    sender_id: 800_000 + (Math.floor(id / 3) % 50),
    sender_full_name: `Person Number ${800_000 + (Math.floor(id / 3) % 50)}`,
    avatar_url: null,
    content: `<p>${words.join(" ")}</p>${code}${picture}`,
    timestamp: 1_700_000_000 + (id - FIRST_ID) * 40,
    type: "stream",
    stream_id: CHANNEL,
    subject: id % 500 < 300 ? "long walks" : "short walks",
    display_recipient: `channel ${CHANNEL}`,
    reactions: [],
    flags: ["read"],
    client: "speed",
  };
}

/** A channel of LONG messages that only this script knows; all else is the server's. */
async function madeUp(route) {
  const url = new URL(route.request().url());
  const narrow = JSON.parse(url.searchParams.get("narrow") ?? "[]");
  if (!narrow.some((term) => term.operand === CHANNEL)) return route.continue();
  const number = (name) => Number(url.searchParams.get(name));
  const wanted = url.searchParams.get("anchor");
  const last = FIRST_ID + LONG - 1;
  const anchor = wanted === "oldest" ? FIRST_ID : /^\d+$/.test(wanted) ? Number(wanted) : last;
  const from = Math.max(FIRST_ID, anchor - number("num_before"));
  const to = Math.min(last, anchor + number("num_after"));
  const skip = url.searchParams.get("include_anchor") === "false";
  const messages = [];
  for (let id = from; id <= to; id++) if (!(skip && id === anchor)) messages.push(message(id));
  await route.fulfill({
    json: {
      result: "success",
      msg: "",
      messages,
      anchor,
      found_anchor: true,
      found_oldest: from === FIRST_ID,
      found_newest: to === last,
      history_limited: false,
    },
  });
}

/** Lets the script put events into the client's event queue. */
async function tapSocket(page) {
  const tap = { send: () => undefined, lastId: 0 };
  await page.routeWebSocket(/\/events\/websocket/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      for (const event of JSON.parse(text).events ?? []) tap.lastId = Math.max(tap.lastId, event.id);
      socket.send(text);
    });
    tap.send = (events) => {
      for (const event of events) event.id = ++tap.lastId;
      socket.send(JSON.stringify({ result: "success", msg: "", events }));
    };
  });
  return tap;
}

/** Frame times while `act` runs, in milliseconds. */
async function frames(page, act) {
  await page.evaluate(() => {
    window.frameTimes = [];
    window.watching = true;
    let last = performance.now();
    const step = (now) => {
      window.frameTimes.push(now - last);
      last = now;
      if (window.watching) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  await act();
  const times = await page.evaluate(() => {
    window.watching = false;
    return window.frameTimes.slice(1);
  });
  times.sort((a, b) => a - b);
  return { worst: times.at(-1), p99: times[Math.floor(times.length * 0.99)], count: times.length };
}

const round = (value) => Math.round(value * 10) / 10;

/** Milliseconds from setting the hash until a row that fits is painted. */
function switchTo(page, hash, row) {
  return page.evaluate(
    ([to, selector]) =>
      new Promise((done) => {
        const began = performance.now();
        location.hash = to;
        const look = () => {
          if (!document.querySelector(selector)) return requestAnimationFrame(look);
          // The frame in which it was found is the one that paints it.
          const channel = new MessageChannel();
          channel.port1.onmessage = () => done(performance.now() - began);
          channel.port2.postMessage(0);
        };
        requestAnimationFrame(look);
      }),
    [hash, row],
  );
}

const browser = await launch();
const { page, context } = await logIn(browser, realm.users[0]);
const topicLinks = async () => {
  await goTo(page, await page.locator(".side-link.stream").first().getAttribute("href"));
  await page.locator(".row").first().waitFor();
  await page.locator(".side-link.topic").first().waitFor();
  return page.locator(".side-link.topic").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
};
const [somewhere] = await topicLinks();
const cookies = await context.cookies();
await context.close();

// ---- from a cold cache ----

const cold = await browser.newContext({ baseURL: realm.url, viewport: { width: 1360, height: 850 } });
await cold.addCookies(cookies);
const fresh = await cold.newPage();
await fresh.route("**/json/register", enlarge);
await fresh.route("**/json/messages?**", madeUp);
const tap = await tapSocket(fresh);
await fresh.addInitScript(() => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".row")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (window.firstRow = performance.now())));
  }).observe(document, { childList: true, subtree: true });
});
await fresh.goto(`/${somewhere}`);
await fresh.waitForFunction(() => window.firstRow);
report("first message painted, cold cache, ms", round(await fresh.evaluate(() => window.firstRow)), 1000);

// ---- narrow switches ----

const uncached = [];
const cached = [];
for (let i = 0; i < 5; i++) {
  const near = FIRST_ID + 10_000 + i * 4000;
  const id = `message-${near}`;
  uncached.push(await switchTo(fresh, `#narrow/channel/${CHANNEL}/topic/long.20walks${i}/near/${near}`, `#${id}`));
}
for (let i = 0; i < 10; i++) {
  const turn = i % 5;
  const near = FIRST_ID + 10_000 + turn * 4000;
  cached.push(
    await switchTo(fresh, `#narrow/channel/${CHANNEL}/topic/long.20walks${turn}/near/${near}`, `#message-${near}`),
  );
}
report("switch to a narrow that must be fetched, worst of 5, ms", round(Math.max(...uncached)), 200);
report("switch to a known narrow, worst of 10, ms", round(Math.max(...cached)), 50);

// ---- scrolling ----

/** Scrolls up until `count` messages have passed; returns how many rows jumped under the eye. */
function scrollUp(count) {
  return fresh.evaluate(
    (wanted) =>
      new Promise((done) => {
        const scroller = document.querySelector(".scroller");
        const first = () => Number(document.querySelector(".row")?.dataset.id);
        const from = Number([...document.querySelectorAll(".row")].at(-1)?.dataset.id);
        let jumps = 0;
        const step = () => {
          if (from - first() >= wanted) return done({ jumps, passed: from - first() });
          // The row in the middle must move by exactly what was scrolled, whatever was loaded above it.
          const middle = document.elementFromPoint(600, 400)?.closest(".row");
          const before = middle?.getBoundingClientRect().top;
          const room = scroller.scrollTop;
          scroller.scrollTop -= 330;
          const by = Math.min(330, room);
          requestAnimationFrame(() => {
            const after = middle?.isConnected ? middle.getBoundingClientRect().top : undefined;
            if (after !== undefined && Math.abs(after - before - by) > 2) jumps += 1;
            step();
          });
        };
        step();
      }),
    count,
  );
}

await goTo(fresh, `#narrow/channel/${CHANNEL}`);
await fresh.locator(`#message-${FIRST_ID + LONG - 1}`).waitFor();
let passed;
const loading = await frames(fresh, async () => {
  passed = await scrollUp(LOADED);
});
report(`scroll up ${passed.passed} messages while they load: worst frame, ms`, round(loading.worst));
report("… rows that jumped under the eye", passed.jumps, 0);
await fresh.evaluate(() => {
  document.querySelector(".scroller").focus();
});
await fresh.keyboard.press("End");
await fresh.waitForTimeout(300);
const again = await frames(fresh, async () => {
  passed = await scrollUp(LOADED - 400);
});
report(`scroll up through ${passed.passed} loaded messages: worst frame, ms`, round(again.worst), 50);
report("… 99th percentile of frames, ms", round(again.p99));
report("… rows that jumped under the eye", passed.jumps, 0);

// ---- typing ----

await fresh.keyboard.press("c");
await fresh.locator(".compose textarea").focus();
const keys = await fresh.evaluate(async () => {
  const box = document.querySelector(".compose textarea");
  const times = [];
  for (const letter of "The quick brown fox jumps over the lazy dog. ".repeat(3)) {
    const began = performance.now();
    document.execCommand("insertText", false, letter);
    box.offsetHeight;
    times.push(performance.now() - began);
    await new Promise((done) => requestAnimationFrame(done));
  }
  return times.sort((a, b) => a - b);
});
report("a key in compose: worst of 135, ms", round(keys.at(-1)), 16);
await fresh.locator(".compose textarea").fill("");
await fresh.keyboard.press("Escape");

// ---- an hour of events ----

function event(i) {
  const id = FIRST_ID + LONG + i;
  switch (i % 5) {
    case 0:
    case 1:
      return { type: "message", message: message(id), flags: i % 10 === 0 ? [] : ["read"] };
    case 2:
      return {
        type: "reaction",
        op: "add",
        message_id: FIRST_ID + LONG - 1 - (i % 300),
        user_id: 800_000 + (i % 900),
        emoji_name: "wave",
        emoji_code: "1f44b",
        reaction_type: "unicode_emoji",
      };
    case 3:
      return {
        type: "presence",
        user_id: 800_000 + (i % 1000),
        server_timestamp: Date.now() / 1000,
        presence: { website: { status: "active", timestamp: Date.now() / 1000 } },
      };
    default:
      return {
        type: "typing",
        op: i % 2 ? "start" : "stop",
        message_type: "stream",
        sender: { user_id: 800_000 + (i % 900) },
        stream_id: CHANNEL,
        topic: "long walks",
      };
  }
}

const devtools = await cold.newCDPSession(fresh);
await devtools.send("HeapProfiler.enable");
await fresh.keyboard.press("End");
const busy = await frames(fresh, async () => {
  for (let i = 0; i < EVENTS; i += 20) {
    tap.send(Array.from({ length: 20 }, (_, at) => event(i + at)));
    await fresh.evaluate(() => new Promise((done) => setTimeout(done, 0)));
  }
});
await devtools.send("HeapProfiler.collectGarbage");
const heap = await fresh.evaluate(() => performance.memory.usedJSHeapSize);
report(`${EVENTS} events in batches of 20: 99th percentile of frames, ms`, round(busy.p99));
const { usedSize } = await devtools.send("Runtime.getHeapUsage").catch(() => ({ usedSize: heap }));
report(`heap after ${EVENTS} events, MB`, round(usedSize / 1e6), 80);

// ---- 100,000 messages ----

/** The client's own state, filled as if all had been scrolled through. */
const rows = await fresh.locator(".row").count();
report("rows in the document", rows);
await browser.close();
if (process.env.SPEED_JSON) writeFileSync(process.env.SPEED_JSON, JSON.stringify(figures, null, 2));
