// What the client costs, measured in Chromium over its DevTools protocol: `npm run speed`. The server of var/dev.json
// answers; around its realm stands a larger one (see speed/world.mjs).

import { writeFileSync } from "node:fs";
import { goTo, launch, logIn, realm } from "../tests/browser/harness.mjs";
import { traced } from "./speed/trace.mjs";
import { makeWorld, WORLD } from "./speed/world.mjs";

const LOADED = 5000;
const EVENTS = 20_000;
const figures = {};

/** `value` by the clock, `cpu` of the processor alone: the latter holds on a busy machine too. */
function report(name, value, budget, cpu) {
  figures[name] = { value, budget, cpu };
  const shown = cpu === undefined ? "" : `   processor ${cpu}`;
  console.log(`${name.padEnd(60)} ${String(value).padStart(8)}   budget ${budget ?? "-"}${shown}`);
}

const round = (value) => Math.round(value * 10) / 10;
const worst = (list, field) => round(Math.max(...list.map((one) => one[field])));

const browser = await launch();
const { page: first, context } = await logIn(browser, realm.users[0]);
await first.locator(".side-link.stream").first().waitFor();
await goTo(first, await first.locator(".side-link.stream").first().getAttribute("href"));
await first.locator(".side-link.topic").first().waitFor();
const topics = await first
  .locator(".side-link.topic")
  .evaluateAll((all) => all.map((one) => one.getAttribute("href")).filter((href) => href.includes("/topic/")));
const cookies = await context.cookies();
await context.close();

async function newPage() {
  const clean = await browser.newContext({ baseURL: realm.url, viewport: { width: 1360, height: 850 } });
  await clean.addCookies(cookies);
  const page = await clean.newPage();
  await page.addInitScript(makeWorld, WORLD);
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector(".row")) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.firstRow = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  return page;
}

// ---- from a cold cache ----

const page = await newPage();
const cold = await traced(browser, page, async () => {
  await page.goto(`/${topics[0]}`);
  await page.waitForFunction(() => window.firstRow);
  return page.evaluate(() => window.firstRow);
});
report("first message painted, cold cache, ms", round(cold.result), 1000, cold.cpu);

// ---- narrow switches ----

/** Milliseconds from setting the hash until a row that fits is painted. */
function switchTo(hash, row) {
  return page.evaluate(
    ([to, selector]) =>
      new Promise((done) => {
        const old = new Set(document.querySelectorAll(".row"));
        const began = performance.now();
        location.hash = to;
        const look = () => {
          const found = [...document.querySelectorAll(selector)].some((one) => !old.has(one));
          if (!found) return requestAnimationFrame(look);
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

async function switches(hashes) {
  const all = [];
  for (const [hash, row] of hashes) {
    const { result, cpu } = await traced(browser, page, () => switchTo(hash, row));
    all.push({ result, cpu });
    await page.waitForTimeout(200);
  }
  return all;
}

const busy = Array.from({ length: 5 }, (_, i) => {
  const near = WORLD.firstId + 10_000 + i * 4000;
  return [`#narrow/channel/${WORLD.channel}/topic/long.20walks${i}/near/${near}`, `#message-${near}`];
});
const real = topics.slice(1, 4).map((hash) => [hash, ".row"]);
const away = await switches([...real, ...busy]);
const known = await switches([...busy, ...real, ...busy]);
report("switch to a narrow that must be fetched, worst of 8, ms", worst(away, "result"), 200, worst(away, "cpu"));
report("switch to a known narrow, worst of 13, ms", worst(known, "result"), 50, worst(known, "cpu"));

// ---- scrolling ----

/** Scrolls up, a third of a screen in each frame, until `count` messages have passed; `checked` counts rows that jump. */
function scrollUp(count, checked) {
  return page.evaluate(
    ([wanted, check]) =>
      new Promise((done) => {
        const scroller = document.querySelector(".scroller");
        const rows = () => document.querySelectorAll(".row");
        const from = Number([...rows()].at(-1)?.dataset.id);
        const frames = [];
        let jumps = 0;
        let last = performance.now();
        const step = (now) => {
          frames.push(now - last);
          last = now;
          const passed = from - Number(rows()[0]?.dataset.id);
          if (passed >= wanted) return done({ jumps, passed, frames: frames.slice(1) });
          // The row in the middle must move by exactly what was scrolled, whatever was loaded above it.
          const middle = check ? document.elementFromPoint(600, 400)?.closest(".row") : undefined;
          const before = middle?.getBoundingClientRect().top;
          const by = Math.min(330, scroller.scrollTop);
          scroller.scrollTop -= 330;
          requestAnimationFrame((at) => {
            const after = middle?.isConnected ? middle.getBoundingClientRect().top : undefined;
            if (after !== undefined && Math.abs(after - before - by) > 2) jumps += 1;
            step(at);
          });
        };
        requestAnimationFrame(step);
      }),
    [count, checked],
  );
}

const toEnd = async () => {
  await page.locator(".scroller").evaluate((element) => element.focus());
  await page.keyboard.press("End");
  await page.waitForTimeout(500);
};

await goTo(page, `#narrow/channel/${WORLD.channel}`);
await page.locator(`#message-${WORLD.firstId + WORLD.messages - 1}`).waitFor();
const loading = await traced(browser, page, () => scrollUp(LOADED, true));
report(
  `${loading.result.passed} messages that load while scrolled: longest task, ms`,
  loading.longest,
  undefined,
  loading.longestCpu,
);
report("… rows that jumped under the eye", loading.result.jumps, 0);
await toEnd();
const again = await traced(browser, page, () => scrollUp(LOADED - 400, false));
const frames = again.result.frames.sort((a, b) => a - b);
report(`${again.result.passed} loaded messages: worst frame, ms`, round(frames.at(-1)), 50, again.longestCpu);
report("… 99th percentile of frames, ms", round(frames[Math.floor(frames.length * 0.99)]));
await toEnd();
report("… rows that jumped under the eye", (await scrollUp(LOADED - 400, true)).jumps, 0);
await toEnd();

// ---- typing ----

await page.keyboard.press("c");
await page.locator(".compose textarea").focus();
const typing = await traced(browser, page, () =>
  page.keyboard.type("The quick brown fox jumps over the lazy dog. ".repeat(3), { delay: 20 }),
);
report("a key in compose: longest task of 135 keys, ms", typing.longest, 16, typing.longestCpu);
report("… of the processor for each key, ms", round(typing.cpu / 135));
await page.locator(".compose textarea").fill("");
await page.keyboard.press("Escape");

// ---- an hour of events ----

await toEnd();
const hour = await traced(browser, page, () =>
  page.evaluate(async (events) => {
    for (let i = 0; i < events; i += 20) {
      window.world.deliver(Array.from({ length: 20 }, (_, at) => window.world.event(i + at)));
      await new Promise((done) => setTimeout(done));
    }
  }, EVENTS),
);
report(`${EVENTS} events in batches of 20: longest task, ms`, hour.longest, undefined, hour.longestCpu);
const devtools = await page.context().newCDPSession(page);
await devtools.send("HeapProfiler.collectGarbage");
const { usedSize } = await devtools.send("Runtime.getHeapUsage");
report(`heap after ${EVENTS} events, MB`, round(usedSize / 1e6), 80);
report("rows in the document", await page.locator(".row").count());

await browser.close();
if (process.env.SPEED_JSON) writeFileSync(process.env.SPEED_JSON, JSON.stringify(figures, null, 2));
