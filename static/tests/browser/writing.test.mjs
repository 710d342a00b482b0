// Writing: what goes into the box, on its way, and out to the others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, goTo } from "./harness.mjs";
import { a, ada, b, ben, fresh, row, say, stream, topicHash } from "./stage.mjs";

const box = (page) => page.locator(".compose textarea");

/** Opens a topic of its own with the box ready to write in. */
async function openBox(page, name) {
  const topic = fresh(name);
  await goTo(page, topicHash(topic));
  await page.locator(".empty").waitFor();
  await page.keyboard.press("r");
  await box(page).waitFor();
  await box(page).fill("");
  return topic;
}

test("formatting by keys and buttons", async () => {
  await openBox(a.page, "format");
  await box(a.page).fill("make this bold");
  await box(a.page).evaluate((area) => area.setSelectionRange(5, 9));
  await a.page.keyboard.press("Control+b");
  await becomes(() => box(a.page).inputValue(), "make **this** bold");
  await a.page.keyboard.press("Control+b");
  await becomes(() => box(a.page).inputValue(), "make this bold");
  await a.page.getByRole("button", { name: "Struck through" }).click();
  await becomes(() => box(a.page).inputValue(), "make ~~this~~ bold");
  await box(a.page).fill("* one");
  await box(a.page).press("Shift+Enter");
  await a.page.keyboard.type("two");
  await becomes(() => box(a.page).inputValue(), "* one\n* two");
  await a.page.getByRole("button", { name: "Preview" }).click();
  await a.page.locator(".preview li", { hasText: "two" }).waitFor();
  await a.page.getByRole("button", { name: "Preview" }).click();
  await box(a.page).fill("");
});

test("rich text is pasted as Markdown, an address over words makes them a link", async () => {
  await openBox(a.page, "paste");
  const paste = (types) =>
    box(a.page).evaluate((area, all) => {
      const data = new DataTransfer();
      for (const [type, text] of Object.entries(all)) data.setData(type, text);
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, types);
  await paste({ "text/plain": "Plan one two", "text/html": "<h2>Plan</h2><ul><li>one</li><li><b>two</b></li></ul>" });
  await becomes(() => box(a.page).inputValue(), "## Plan\n\n* one\n* **two**");
  await box(a.page).fill("see here");
  await box(a.page).evaluate((area) => area.setSelectionRange(4, 8));
  await paste({ "text/plain": "https://narrows.example/x" });
  await becomes(() => box(a.page).inputValue(), "see [here](https://narrows.example/x)");
  await box(a.page).fill("");
});

test("choices for channels, topics, emoji, times, languages and commands", async () => {
  const topic = fresh("choices");
  await say(ben, topic, "a topic to link");
  await openBox(a.page, "typeahead");
  const choose = async (typed, pattern) => {
    await box(a.page).fill("");
    await box(a.page).pressSequentially(typed);
    await a.page.locator(".typeahead [role=option]").first().waitFor();
    await a.page.keyboard.press("Tab");
    await becomes(() => box(a.page).inputValue(), pattern);
  };
  await choose(`#${stream.name.slice(0, 4)}`, /^#\*\*.+\*\* $/);
  await choose(`#**${stream.name}>${topic.slice(0, 9)}`, /^#\*\*.+>choices .+\*\* $/);
  await choose(":octop", /^:octopus: $/);
  await choose("<time:tomorrow 9:30", /^<time:\d{4}-\d\d-\d\dT09:30:00[+-]\d\d:\d\d> $/);
  await choose("```pyth", /^```python$/);
  await choose("/po", /^\/poll $/);
  await box(a.page).fill("");
});

test("the emoji picker knows all emoji, and is quick with the keyboard", async () => {
  const topic = await openBox(a.page, "picker");
  await a.page.getByRole("button", { name: "Insert an emoji" }).click();
  await a.page.locator(".emoji-grid [role=option]").first().waitFor();
  await a.page.getByRole("tab", { name: "Animals and nature" }).click();
  await a.page.getByRole("option", { name: "octopus" }).waitFor();
  await a.page.getByRole("searchbox", { name: "Search emoji" }).fill("accordion");
  await a.page.keyboard.press("Enter");
  await box(a.page).press("Control+Enter");
  await goTo(b.page, topicHash(topic));
  await b.page.locator('.row .emoji[title="accordion"], .row .emoji[aria-label="accordion"]').first().waitFor();
});

test("a quotation, and forwarding to another conversation", async () => {
  const topic = fresh("quote");
  await say(ben, topic, "words to *repeat*");
  await goTo(a.page, topicHash(topic));
  await row(a.page, "words to repeat").click();
  await a.page.keyboard.press(">");
  await a.page.waitForFunction(() => document.querySelector(".compose textarea")?.value.includes("quote"));
  await becomes(
    () => box(a.page).inputValue(),
    /^@_\*\*.+\|\d+\*\* \[said\]\(.+\/near\/\d+\):\n```quote\nwords to \*repeat\*\n```/,
  );
  await box(a.page).press("Control+Enter");
  await a.page.locator(".row blockquote", { hasText: "words to repeat" }).waitFor();
  await row(a.page, "words to repeat").first().click();
  await a.page.keyboard.press("i");
  await a.page.getByRole("menuitem", { name: "Forward" }).click();
  await a.page.waitForFunction(() => document.querySelector(".compose textarea")?.value.includes("quote"));
  await becomes(() => a.page.locator(".compose-stream").inputValue(), "");
  await box(a.page).fill("");
  await a.page.keyboard.press("Escape");
});

test("what cannot be sent waits, survives a reload, and goes out once", async () => {
  const topic = await openBox(a.page, "offline");
  await a.context.route("**/json/messages", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  await box(a.page).fill("from the tunnel");
  await box(a.page).press("Control+Enter");
  await row(a.page, "from the tunnel").locator(".echo.waiting").waitFor();
  await a.page.reload();
  await row(a.page, "from the tunnel").locator(".echo.waiting").waitFor();
  await a.context.unroute("**/json/messages");
  await a.page.reload();
  await goTo(b.page, topicHash(topic));
  await row(b.page, "from the tunnel").waitFor();
  await row(a.page, "from the tunnel").waitFor();
  await row(a.page, "from the tunnel").locator(".echo").waitFor({ state: "detached" });
  await becomes(() => row(a.page, "from the tunnel").count(), 1);
  await becomes(() => row(b.page, "from the tunnel").count(), 1);
});

test("an answer that was lost does not double the message", async () => {
  const topic = await openBox(a.page, "lost");
  await a.context.route("**/json/messages", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    await route.abort();
  });
  await box(a.page).fill("said only once");
  await box(a.page).press("Control+Enter");
  await goTo(b.page, topicHash(topic));
  await row(b.page, "said only once").waitFor();
  await a.context.unroute("**/json/messages");
  await a.page.reload();
  await row(a.page, "said only once").waitFor();
  await row(a.page, "said only once").locator(".echo").waitFor({ state: "detached" });
  const { messages } = await callApi(ada, "GET", "/messages", {
    narrow: [
      { operator: "channel", operand: stream.stream_id },
      { operator: "topic", operand: topic },
    ],
    anchor: "newest",
    num_before: 10,
    num_after: 0,
  });
  assert.equal(messages.length, 1);
});

test("what the server refuses says why, and can be taken back", async () => {
  await openBox(a.page, "refused");
  await a.context.route("**/json/messages", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 400, json: { result: "error", code: "BAD_REQUEST", msg: "Not like this" } })
      : route.continue(),
  );
  await box(a.page).fill("try me");
  await box(a.page).press("Control+Enter");
  await row(a.page, "try me").locator(".echo.failed", { hasText: "Not like this" }).waitFor();
  await a.context.unroute("**/json/messages");
  await row(a.page, "try me").getByRole("button", { name: "Edit", exact: true }).click();
  await becomes(() => box(a.page).inputValue(), "try me");
  await box(a.page).press("Control+Enter");
  await a.page.locator(".row:not(:has(.echo))", { hasText: "try me" }).waitFor();
});

test("writing is seen by the other", async () => {
  const topic = await openBox(a.page, "typing");
  await goTo(b.page, topicHash(topic));
  await b.page.locator(".empty").waitFor();
  await box(a.page).pressSequentially("thinking");
  await b.page.locator(".typing-notice", { hasText: ada.full_name }).waitFor();
  await box(a.page).fill("");
  await b.page.waitForFunction(() => document.querySelector(".typing-notice")?.textContent === "");
});

test("a draft is kept over a reload, deleted, and brought back", async () => {
  const topic = await openBox(a.page, "draft");
  await box(a.page).fill("half a thought");
  await a.page.keyboard.press("Escape");
  await a.page.reload();
  await goTo(a.page, "#drafts");
  const draft = a.page.locator(".draft", { hasText: topic });
  await draft.getByRole("button", { name: "Delete draft" }).click();
  await draft.waitFor({ state: "detached" });
  await a.page.locator(".toast").getByRole("button", { name: "Undo" }).click();
  await draft.locator(".draft-open").click();
  await a.page.waitForFunction(() => document.querySelector(".compose textarea")?.value === "half a thought");
  await box(a.page).fill("");
});

test("files: a placeholder while they are on their way, then a link; failures and second thoughts", async () => {
  await openBox(a.page, "upload");
  let answer;
  await a.context.route("**/json/user_uploads", async (route) => {
    const how = await new Promise((resolve) => {
      answer = resolve;
    });
    if (how === "fail")
      await route.fulfill({ status: 400, json: { result: "error", code: "BAD_REQUEST", msg: "No room" } });
    else if (how === "go on")
      await route.fulfill({ json: { result: "success", msg: "", url: "/user_uploads/2/ab/map.png" } });
    else await route.abort().catch(() => undefined);
  });
  const answered = async (how) => {
    await becomes(() => answer !== undefined, true);
    answer(how);
    answer = undefined;
  };
  const drop = (name) =>
    a.page.locator(".compose").evaluate((target, fileName) => {
      const data = new DataTransfer();
      data.items.add(new File(["pixels"], fileName, { type: "image/png" }));
      target.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, name);
  await box(a.page).fill("look:");
  await drop("map.png");
  await a.page.locator(".upload", { hasText: "map.png" }).waitFor();
  await becomes(() => box(a.page).inputValue(), /^look:\n\[Uploading map\.png …\]\(#upload-\d+\)\n$/);
  await a.page.getByRole("button", { name: "Send", exact: true }).click();
  await a.page.locator(".compose-problem", { hasText: "on their way" }).waitFor();
  await answered("go on");
  await a.page.waitForFunction(
    () => document.querySelector(".compose textarea")?.value === "look:\n[map.png](/user_uploads/2/ab/map.png)\n",
  );
  await drop("big.zip");
  await answered("fail");
  await a.page.locator(".upload.failed", { hasText: "No room" }).waitFor();
  await a.page.locator(".upload").getByRole("button", { name: "Try again" }).click();
  await a.page.locator(".upload:not(.failed)").waitFor();
  await a.page.getByRole("button", { name: "Cancel big.zip" }).click();
  await a.page.locator(".upload").waitFor({ state: "detached" });
  await becomes(() => box(a.page).inputValue(), "look:\n[map.png](/user_uploads/2/ab/map.png)\n");
  await answered("stop");
  await a.context.unroute("**/json/user_uploads");
  await box(a.page).fill("");
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
