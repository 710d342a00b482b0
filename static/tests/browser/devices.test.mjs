// What the server keeps between devices and for later: drafts, scheduled messages, settings, status.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { becomes, callApi, closeAll, goTo, logIn } from "./harness.mjs";
import { ada, browser, a as desk, fresh, b as other, row, topicHash } from "./stage.mjs";

/** The other device of the first person. */
const phone = await logIn(browser, ada);

const box = (page) => page.locator(".compose textarea");

async function openBox(page, topic) {
  await goTo(page, topicHash(topic));
  await page.locator(".empty").waitFor();
  await page.keyboard.press("r");
  await box(page).waitFor();
}

/** What one test leaves open is not in the way of the next. */
beforeEach(async () => {
  for (const { page } of [desk, phone, other]) await closeAll(page);
});

test("a draft begun on one device is finished on the other", async () => {
  const topic = fresh("draft");
  await openBox(desk.page, topic);
  await box(desk.page).fill("begun at the desk");
  await goTo(phone.page, "#drafts");
  const draft = phone.page.locator(".draft", { hasText: topic });
  await draft.locator(".draft-text", { hasText: "begun at the desk" }).waitFor();
  await draft.locator(".draft-open").click();
  await box(phone.page).waitFor();
  await becomes(() => box(phone.page).inputValue(), "begun at the desk");
  await box(phone.page).fill("begun at the desk, finished on the train");
  await desk.page.waitForFunction(
    () => document.querySelector(".compose textarea")?.value === "begun at the desk, finished on the train",
  );
  await box(phone.page).press("Control+Enter");
  await row(desk.page, "finished on the train").waitFor();
  await desk.page.waitForFunction(() => document.querySelector(".compose textarea")?.value === "");
  const kept = async () => (await callApi(ada, "GET", "/drafts")).drafts.some((one) => one.topic === topic);
  await becomes(kept, false);
});

test("a message is scheduled, put off, and taken back", async () => {
  const topic = fresh("later");
  await openBox(desk.page, topic);
  await box(desk.page).fill("good morning");
  await desk.page.getByRole("button", { name: "Send later" }).click();
  await desk.page.getByRole("menuitem").first().click();
  await desk.page.locator(".toast", { hasText: "Goes out" }).getByRole("button", { name: "Show" }).click();
  const entry = (page) => page.locator(".draft", { hasText: topic });
  const before = await entry(desk.page).locator("time").textContent();
  await goTo(phone.page, "#scheduled");
  await entry(phone.page).getByRole("button", { name: "Change the time" }).click();
  await phone.page.getByLabel("In words").fill("in 3 days");
  await phone.page.getByRole("dialog").getByRole("button", { name: "Choose" }).click();
  await desk.page.waitForFunction(
    ([name, old]) => {
      const found = [...document.querySelectorAll(".draft")].find((one) => one.textContent.includes(name));
      return found && found.querySelector("time").textContent !== old;
    },
    [topic, before],
  );
  await entry(phone.page).getByRole("button", { name: "Cancel and keep" }).click();
  await phone.page.waitForFunction(() => document.querySelector(".compose textarea")?.value === "good morning");
  const waiting = async () => (await callApi(ada, "GET", "/scheduled_messages")).scheduled_messages;
  await becomes(waiting, (all) => !all.some((one) => one.topic === topic));
});

test("settings hold on every device, and the page follows at once", async () => {
  const settings = async (page, section) => {
    await page.getByRole("button", { name: "Your account" }).click();
    await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
    await page.getByRole("tab", { name: section, exact: true }).click();
  };
  await settings(desk.page, "Looks");
  await desk.page.getByLabel("Dark", { exact: true }).check();
  await phone.page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await desk.page.getByLabel("Deutsch").check();
  await phone.page.getByRole("button", { name: "Dein Konto" }).waitFor();
  await desk.page.getByLabel("English").check();
  await phone.page.getByRole("button", { name: "Your account" }).waitFor();
  await desk.page.getByLabel("Like the system").check();
  await phone.page.waitForFunction(() => document.documentElement.dataset.theme === "auto");
  await desk.page.getByRole("tab", { name: "Notifications" }).click();
  const followed = "Followed topics: Sound";
  await desk.page.getByLabel(followed).uncheck();
  await settings(phone.page, "Notifications");
  await phone.page.waitForFunction(
    (label) => document.querySelector(`[aria-label="${label}"]`)?.checked === false,
    followed,
  );
  await phone.page.getByLabel(followed).check();
});

test("a status is set, seen by others, and cleared", async () => {
  const open = async () => {
    await desk.page.getByRole("button", { name: "Your account" }).click();
    await desk.page.getByRole("menuitem", { name: "Set your status" }).click();
  };
  await open();
  await desk.page.getByRole("button", { name: "On a break" }).click();
  await desk.page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  const person = other.page.locator(".person", { hasText: ada.full_name });
  await person.locator(".status-text", { hasText: "On a break" }).waitFor();
  await open();
  await desk.page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
  await person.locator(".status-text").waitFor({ state: "detached" });
});

test("no page had an error", () => {
  assert.deepEqual([...desk.errors, ...phone.errors, ...other.errors].map(String), []);
});
