// Polls and to-do lists: everyone sees the same, live.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, goTo } from "./harness.mjs";
import { a, b, fresh, topicHash } from "./stage.mjs";

async function make(kind, title, lines) {
  const topic = fresh("widget");
  await Promise.all([goTo(a.page, topicHash(topic)), goTo(b.page, topicHash(topic))]);
  await a.page.locator(".empty").waitFor();
  await a.page.keyboard.press("r");
  await a.page.getByRole("button", { name: "More to add" }).click();
  await a.page.getByRole("menuitem", { name: kind }).click();
  const [first, second] = [a.page.getByRole("dialog").locator("input"), a.page.getByRole("dialog").locator("textarea")];
  await first.fill(title);
  await second.fill(lines.join("\n"));
  await a.page.getByRole("dialog").getByRole("button", { name: "Insert" }).click();
  await a.page.locator(".compose textarea").press("Control+Enter");
  await b.page.locator(".widget", { hasText: title }).waitFor();
  return [a.page.locator(".widget", { hasText: title }), b.page.locator(".widget", { hasText: title })];
}

test("a poll: votes, another option, another question", async () => {
  const [mine, theirs] = await make("Make a poll", "Where do we eat?", ["Harbour", "Hill"]);
  await theirs.getByRole("button", { name: "Harbour: 0 votes" }).click();
  await mine.getByRole("button", { name: "Harbour: 1 vote" }).waitFor();
  await mine.getByRole("button", { name: "Harbour: 1 vote" }).click();
  await theirs.getByRole("button", { name: "Harbour: 2 votes" }).waitFor();
  await theirs.getByRole("button", { name: "Harbour: 2 votes" }).click();
  await mine.getByRole("button", { name: "Harbour: 1 vote" }).waitFor();
  // Somebody votes while one types: what is typed stays.
  await theirs.getByLabel("Add an option").first().fill("Mar");
  await mine.getByRole("button", { name: /^Hill/ }).click();
  await theirs.getByRole("button", { name: "Hill: 1 vote" }).waitFor();
  await theirs.getByLabel("Add an option").first().pressSequentially("ket");
  await b.page.keyboard.press("Enter");
  await mine.getByText("Market").waitFor();
  await becomes(() => theirs.getByRole("button", { name: "Change the title" }).count(), 0);
  await mine.getByRole("button", { name: "Change the title" }).click();
  await a.page.locator(".widget", { hasText: "Market" }).getByLabel("Change the title").fill("Where? (today)");
  await a.page.keyboard.press("Enter");
  await b.page.locator(".widget").getByRole("heading", { name: "Where? (today)" }).waitFor();
  await b.page.reload();
  await b.page.locator(".widget", { hasText: "Market" }).getByRole("button", { name: "Hill: 1 vote" }).waitFor();
});

test("a to-do list: tasks are added, done and undone by everyone", async () => {
  const [mine, theirs] = await make("Make a to-do list", "Release", ["Test it", "Tag it"]);
  await theirs.getByRole("checkbox", { name: "Test it" }).check();
  await mine.locator(".done", { hasText: "Test it" }).waitFor();
  await mine.getByRole("checkbox", { name: "Test it" }).uncheck();
  await theirs.locator(".todo-task:not(.done)", { hasText: "Test it" }).waitFor();
  await theirs.getByLabel("Add a task").first().fill("Announce it");
  await b.page.keyboard.press("Enter");
  await mine.getByRole("checkbox", { name: "Announce it" }).waitFor();
});

test("no page had an error", () => {
  assert.deepEqual([...a.errors, ...b.errors].map(String), []);
});
