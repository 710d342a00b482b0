// What everybody decides for themselves, and what each of it does; what administrators change of others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, callApi, closeAll, goTo, logIn, nothingSticksOut, open, realm } from "./harness.mjs";
import { part, settings } from "./settings.mjs";
import { a, ada, b, ben, browser, fresh, row, say, stream, topicHash } from "./stage.mjs";

const members = realm.users.filter((one) => one.role === "member" && one.password);
const [member, other] = members;
/** Nobody else's journey needs their API key, which ends with the account. */
const leaver = members.at(-1);

/** A page of Ben's on which settings hold for one test. */
async function withSettings(wanted, act) {
  const { user_settings: before } = await callApi(ben, "POST", "/register", {
    event_types: ["user_settings"],
    client_capabilities: { user_settings_object: true, notification_settings_null: false },
  });
  const set = (values) => callApi(ben, "PATCH", "/settings", values);
  await set(wanted);
  try {
    await act(set);
  } finally {
    await set(Object.fromEntries(Object.keys(wanted).map((name) => [name, before[name]])));
  }
}

const idOf = async (user) => (await callApi(user, "GET", "/users/me")).user_id;
const sideLink = (page) => page.locator(".sidebar.left .side-link.stream", { hasText: stream.name }).first();

test("an administrator changes somebody's name, role and profile from their card; everybody sees it", async (t) => {
  const id = await idOf(member);
  t.after(() => callApi(ada, "PATCH", `/users/${id}`, { full_name: member.full_name, role: 400 }));
  const topic = fresh("managed");
  const field = fresh("Motto");
  await callApi(ada, "POST", "/realm/profile_fields", { name: field, field_type: 1 });
  await callApi(member, "POST", "/users/me/subscriptions", { subscriptions: [{ name: stream.name }] });
  await say(member, topic, "who am I?");
  await goTo(a.page, topicHash(topic));
  await goTo(b.page, topicHash(topic));
  await row(a.page, "who am I?").locator(".sender").click();
  await a.page.locator(".popover").getByRole("button", { name: "Manage account" }).click();
  const dialog = a.page.getByRole("dialog", { name: `Manage ${member.full_name}` });
  await dialog.getByLabel("Name", { exact: true }).fill("Ada the Second");
  await dialog.getByLabel("Role").selectOption("300");
  await dialog.getByRole("button", { name: "Save" }).click();
  await row(b.page, "who am I?").locator(".sender", { hasText: "Ada the Second" }).waitFor();
  await a.page.locator("dialog .toast", { hasText: "Saved" }).waitFor();
  const motto = a.page.locator("dialog").getByLabel(field);
  await motto.fill("onward");
  await motto.press("Tab");
  const user = async () => (await callApi(ben, "GET", `/users/${id}`, { include_custom_profile_fields: true })).user;
  await becomes(
    user,
    (one) => one.role === 300 && Object.values(one.profile_data).some((answer) => answer.value === "onward"),
  );
  await motto.fill("");
  await motto.press("Tab");
  await becomes(user, (one) => !Object.values(one.profile_data).some((answer) => answer.value === "onward"));
  await closeAll(a.page);
  // Who is no administrator is offered nothing of the kind.
  const o = await logIn(browser, other);
  await o.page.locator(".sidebar.right .person", { hasText: "Ada the Second" }).click({ button: "right" });
  const profile = o.page.getByRole("dialog", { name: "Ada the Second" });
  await profile.getByRole("button", { name: "Write a message" }).waitFor();
  assert.equal(await profile.getByRole("button", { name: "Manage account" }).count(), 0);
  await o.context.close();
  const { custom_fields } = await callApi(ada, "GET", "/realm/profile_fields");
  await callApi(ada, "DELETE", `/realm/profile_fields/${custom_fields.find((one) => one.name === field).id}`);
});

test("what can be undone can be undone within a dialog, and what is refused is said there", async () => {
  const people = await part(a.page, /^People$/);
  await people.getByRole("searchbox").fill(leaver.full_name);
  await people.getByRole("button", { name: `Deactivate ${leaver.full_name}` }).click();
  await a.page.getByRole("dialog", { name: /\?$/ }).getByRole("button", { name: "Deactivate" }).click();
  const toast = a.page.locator("dialog .toast", { hasText: leaver.full_name });
  await toast.getByRole("button", { name: "Undo" }).click();
  await becomes(async () => {
    const { members } = await callApi(ada, "GET", "/users");
    return members.find((one) => one.email === leaver.email)?.is_active;
  }, true);
  await a.page.route("**/json/realm", (route) =>
    route.fulfill({ status: 400, json: { result: "error", code: "BAD_REQUEST", msg: "Not on a Sunday" } }),
  );
  const about = await part(a.page, "Name and description");
  if (!(await about.getByRole("button", { name: "Save" }).isVisible())) await about.locator("summary").click();
  await about.getByRole("button", { name: "Save" }).click();
  await about.getByRole("alert").filter({ hasText: "Not on a Sunday" }).waitFor();
  await a.page.unroute("**/json/realm");
  await closeAll(a.page);
});

test("a promoted member finds the organisation's settings without loading anything anew", async () => {
  const id = await idOf(member);
  const m = await logIn(browser, member);
  const dialog = await settings(m.page, "Looks");
  const tab = dialog.getByRole("tab", { name: "Organisation" });
  assert.equal(await tab.count(), 0);
  await callApi(ada, "PATCH", `/users/${id}`, { role: 200 });
  await tab.waitFor();
  await callApi(ada, "PATCH", `/users/${id}`, { role: 400 });
  await tab.waitFor({ state: "detached" });
  await m.context.close();
});

test("a channel opens with what the reader wants: latest topic, news, list of topics, all messages", async () => {
  const [older, newer] = [fresh("older"), fresh("newer")];
  await say(ada, older, "news in the older one");
  const { id } = await say(ada, newer, "nothing new in the newer one");
  await callApi(ben, "POST", "/messages/flags", { messages: [id], op: "add", flag: "read" });
  const ends = (topic) => new RegExp(`topic/.*${topic.split(" ").at(-1)}$`);
  const here = () => b.page.evaluate(() => location.hash);
  const enter = async () => {
    await goTo(b.page, "#inbox");
    await sideLink(b.page).click();
  };
  await withSettings({ web_channel_default_view: 1 }, async (set) => {
    await becomes(async () => {
      await enter();
      return here();
    }, ends(newer));
    await set({ web_channel_default_view: 4 });
    await becomes(async () => {
      await enter();
      return here();
    }, ends(older));
    await set({ web_channel_default_view: 2 });
    await becomes(
      async () => {
        await enter();
        return here();
      },
      new RegExp(`^#narrow/channel/${stream.stream_id}[^/]*$`),
    );
    await set({ web_channel_default_view: 3 });
    await becomes(async () => {
      await enter();
      return here();
    }, `#topics/channel/${stream.stream_id}`);
    await b.page.locator("h1", { hasText: stream.name }).waitFor();
    const main = b.page.locator("#main");
    await main.getByLabel("Filter topics").fill(older);
    await becomes(() => main.locator(".inbox-row").count(), 1);
    await main.locator(".inbox-row a").focus();
    await b.page.keyboard.press("Enter");
    await row(b.page, "news in the older one").waitFor();
    await goTo(b.page, "#topics/channel/987654");
    await main.getByText("This view does not exist").waitFor();
  });
});

test("unread messages of channels are counted, or only marked", async () => {
  await goTo(b.page, "#inbox");
  await say(ada, fresh("counted"), "one more to read");
  const badge = sideLink(b.page).locator(".badge");
  await badge.waitFor();
  const shown = () => badge.locator("[aria-hidden]").count();
  await withSettings({ web_stream_unreads_count_display_policy: 1 }, async (set) => {
    await becomes(shown, 1);
    await set({ web_stream_unreads_count_display_policy: 3 });
    await becomes(shown, 0);
    // Who cannot see the dot still hears how many.
    assert.match(await badge.textContent(), /unread/);
  });
});

test("the list of people shows names, statuses and pictures as wanted", async () => {
  await callApi(ada, "POST", "/users/me/status", { status_text: "on the ridge" });
  const one = b.page.locator(".sidebar.right .person", { hasText: ada.full_name });
  const shown = async () => [await one.locator(".avatar").count(), await one.getByText("on the ridge").count()];
  await withSettings({ user_list_style: 1 }, async (set) => {
    await becomes(shown, [0, 0]);
    await set({ user_list_style: 2 });
    await becomes(shown, [0, 1]);
    await set({ user_list_style: 3 });
    await becomes(shown, [1, 1]);
    assert.equal(await one.locator(".presence").count(), 1);
  });
  await callApi(ada, "POST", "/users/me/status", { status_text: "" });
});

test("few reactions say who reacted, many how many; or always how many", async () => {
  const topic = fresh("reacted");
  const { id } = await say(ben, topic, "well?");
  await callApi(ada, "POST", `/messages/${id}/reactions`, { emoji_name: "thumbs_up" });
  await goTo(b.page, "#inbox");
  const pill = row(b.page, "well?").locator(".reaction-count");
  await withSettings({ display_emoji_reaction_users: true }, async (set) => {
    await goTo(b.page, topicHash(topic));
    await becomes(() => pill.first().textContent(), ada.full_name);
    for (const emoji_name of ["heart", "tada", "octopus"])
      await callApi(ada, "POST", `/messages/${id}/reactions`, { emoji_name });
    await becomes(() => pill.allTextContents(), ["1", "1", "1", "1"]);
    for (const emoji_name of ["heart", "tada", "octopus"])
      await callApi(ada, "DELETE", `/messages/${id}/reactions`, { emoji_name });
    await becomes(() => pill.allTextContents(), [ada.full_name]);
    await set({ display_emoji_reaction_users: false });
    await goTo(b.page, "#inbox");
    await goTo(b.page, topicHash(topic));
    await becomes(() => pill.allTextContents(), ["1"]);
  });
});

test("quiet channels stand apart, or not", async () => {
  const { page, context } = await logIn(browser, ben);
  await page.route("**/json/register", async (route) => {
    const answer = await (await route.fetch()).json();
    for (const one of answer.subscriptions) if (one.stream_id === stream.stream_id) one.is_recently_active = false;
    await route.fulfill({ json: answer });
  });
  const quiet = page.locator(".sidebar.left").getByRole("list", { name: "Quiet" });
  await withSettings({ demote_inactive_streams: 2 }, async (set) => {
    await page.reload();
    await quiet.locator(".stream", { hasText: stream.name }).waitFor();
    await set({ demote_inactive_streams: 3 });
    await quiet.waitFor({ state: "detached" });
    await sideLink(page).waitFor();
  });
  await context.close();
});

/** Two frames of one pixel. */
const GIF =
  "R0lGODlhAQABAIAAAAAAAP///yH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAAAQABAAACAkQBACH5BAAKAAAALAAAAAABAAEAAAICTAEAOw==";

test("moving pictures move always, under the pointer, or never", async () => {
  const topic = fresh("moving");
  const form = new FormData();
  form.set("file", new File([Buffer.from(GIF, "base64")], "flag.gif", { type: "image/gif" }));
  const authorization = `Basic ${Buffer.from(`${ada.email}:${ada.api_key}`).toString("base64")}`;
  const url = new URL("/api/v1/user_uploads", realm.url);
  const sent = await (await fetch(url, { method: "POST", headers: { authorization }, body: form })).json();
  await say(ada, topic, `[flag.gif](${sent.url})`);
  const picture = row(b.page, "flag.gif").locator(".message_inline_image a");
  const frame = picture.locator("canvas");
  const moves = async () => (await picture.locator("img").isVisible()) && !(await frame.isVisible());
  const again = async () => {
    await b.page.mouse.move(0, 0);
    await goTo(b.page, "#inbox");
    await goTo(b.page, topicHash(topic));
    await becomes(() => picture.locator("img").evaluate((image) => image.complete && image.naturalWidth), 1);
  };
  const motion = (reducedMotion) => b.page.emulateMedia({ reducedMotion });
  await motion("no-preference");
  await withSettings({ web_animate_image_previews: "on_hover" }, async (set) => {
    await again();
    await frame.waitFor();
    assert.equal(await moves(), false);
    await becomes(async () => {
      await picture.hover({ force: true });
      return moves();
    }, true);
    await b.page.mouse.move(0, 0);
    await becomes(moves, false);
    await set({ web_animate_image_previews: "never" });
    await becomes(async () => {
      await again();
      await frame.waitFor();
      await picture.hover({ force: true });
      return moves();
    }, false);
    await set({ web_animate_image_previews: "always" });
    await becomes(async () => {
      await again();
      return moves();
    }, true);
    await motion("reduce");
    await again();
    await frame.waitFor();
    assert.equal(await moves(), false);
  });
  await motion(null);
});

test("who does not want to see others write does not see it", async () => {
  const topic = fresh("writing");
  await say(ada, topic, "about to write");
  await goTo(b.page, topicHash(topic));
  await row(b.page, "about to write").waitFor();
  const writes = (op) => callApi(ada, "POST", "/typing", { op, type: "stream", stream_id: stream.stream_id, topic });
  const notice = b.page.getByText(/is writing/);
  await withSettings({ receives_typing_notifications: false }, async (set) => {
    await writes("start");
    await say(ada, topic, "written meanwhile");
    await row(b.page, "written meanwhile").waitFor();
    await writes("start");
    // What comes later has been drawn: so would have been the notice.
    await say(ben, topic, "seen by now");
    await row(b.page, "seen by now").waitFor();
    assert.equal(await notice.count(), 0);
    await set({ receives_typing_notifications: true });
    await becomes(async () => {
      await writes("start");
      return notice.count();
    }, 1);
  });
  await writes("stop");
});

test("every sound that the server knows can be chosen and heard, as loud as wanted", async () => {
  const { page, context } = await open(browser);
  await page.addInitScript(() => {
    window.heard = [];
    const param = { setValueAtTime() {}, exponentialRampToValueAtTime() {}, linearRampToValueAtTime() {} };
    window.AudioContext = class {
      currentTime = 0;
      createOscillator() {
        const frequency = { ...param, setValueAtTime: (pitch) => window.heard.push({ pitch }) };
        return { frequency, connect: (next) => next, start() {}, stop() {} };
      }
      createGain() {
        const last = () => window.heard.at(-1);
        const gain = { ...param, linearRampToValueAtTime: (loudness) => Object.assign(last(), { loudness }) };
        return { gain, connect: (next) => next };
      }
    };
  });
  await page.goto("/login/");
  await page.fill('[name="username"]', ben.email);
  await page.fill('[name="password"]', ben.password);
  await page.click('button[type="submit"]');
  await page.waitForSelector(".shell");
  const dialog = await settings(page, "Notifications");
  const choice = dialog.locator("label", { hasText: /^Sound/ }).locator("select");
  await choice.waitFor();
  const offered = await choice.locator("option").evaluateAll((all) => all.map((one) => one.value));
  const { user_settings } = await callApi(ben, "POST", "/register", {
    event_types: ["user_settings"],
    client_capabilities: { user_settings_object: true, notification_settings_null: false },
  });
  assert.deepEqual(offered.sort(), ["none", ...user_settings.available_notification_sounds].sort());
  const heard = () => page.evaluate(() => window.heard.splice(0));
  const tryOut = () => dialog.getByRole("button", { name: "Hear the sound" }).click();
  await withSettings({ notification_sound: "zulip" }, async () => {
    const tunes = new Set();
    for (const name of ["zulip", "ding", "deep tom"]) {
      await choice.selectOption(name);
      await tryOut();
      tunes.add((await heard()).map((one) => one.pitch).join());
    }
    assert.equal(tunes.size, 3);
    assert.ok(!tunes.has(""));
    const volume = dialog.getByLabel("Volume on this device");
    await volume.fill("100");
    await tryOut();
    const loud = (await heard())[0].loudness;
    await volume.fill("20");
    await tryOut();
    const soft = (await heard())[0].loudness;
    assert.ok(soft > 0 && soft < loud / 2, `${soft} after ${loud}`);
    await volume.fill("0");
    await tryOut();
    assert.deepEqual(await heard(), []);
    await volume.fill("60");
    await choice.selectOption("none");
    await tryOut();
    assert.deepEqual(await heard(), []);
  });
  await context.close();
});

test("the history of a message shows what each edit changed", async () => {
  const topic = fresh("edited");
  const { id } = await say(ada, topic, "we meet at noon by the bridge");
  await callApi(ada, "PATCH", `/messages/${id}`, { content: "we meet at dusk by the old bridge" });
  await goTo(b.page, topicHash(topic));
  await row(b.page, "at dusk").locator('[data-act="history"]').click();
  const dialog = b.page.getByRole("dialog", { name: "Edit history" });
  await becomes(() => dialog.locator("ins").allTextContents(), ["Added:dusk", "Added:old"]);
  await becomes(() => dialog.locator("del").allTextContents(), ["Removed:noon"]);
  await closeAll(b.page);
});

test("very long names push nothing out, on any screen", async () => {
  const long = `${"Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk".repeat(2)}`;
  const name = `${process.pid}${long}`.slice(0, 60);
  await callApi(ada, "POST", "/users/me/subscriptions", { subscriptions: [{ name, description: long.repeat(5) }] });
  const { subscriptions } = await callApi(ada, "GET", "/users/me/subscriptions");
  const { stream_id } = subscriptions.find((one) => one.name === name);
  const topic = long.slice(0, 60);
  await callApi(ada, "POST", "/messages", { type: "stream", to: stream_id, topic, content: "long names" });
  const phone = await logIn(browser, ada, { viewport: { width: 390, height: 844 } });
  /** Things that stand in one line must not lie on each other. */
  const apart = (page, ...selectors) =>
    becomes(
      () =>
        page.evaluate((all) => {
          const boxes = all
            .map((one) => document.querySelector(one)?.getBoundingClientRect())
            .filter((box) => box && box.width > 0);
          const isOn = (x, y) => x.right > y.left + 1 && y.right > x.left + 1 && x.bottom > y.top && y.bottom > x.top;
          return boxes.length > 1 && boxes.every((x, i) => boxes.every((y, j) => i >= j || !isOn(x, y)));
        }, selectors),
      true,
      `on each other: ${selectors.join(", ")}`,
    );
  for (const page of [a.page, phone.page]) {
    await goTo(page, `#narrow/channel/${stream_id}`);
    await row(page, "long names").waitFor();
    await apart(page, ".bar-stream", ".bar-topic", ".bar-date");
    const widths = await page
      .locator(".recipient-bar .bar-link")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    assert.ok(
      widths.every((width) => width > 60),
      `neither channel nor topic is squeezed out: ${widths}`,
    );
    await goTo(page, "#recent");
    const entry = `.recent-table tr:has(a[href*="channel/${stream_id}"])`;
    await page.locator(entry).first().waitFor();
    await apart(page, `${entry} .recent-stream`, `${entry} .recent-time`, `${entry} .recent-topic`);
    await nothingSticksOut(page);
    if (page === phone.page) {
      const top = (what) =>
        page
          .locator(`${entry} ${what}`)
          .first()
          .evaluate((one) => one.getBoundingClientRect().top);
      assert.ok((await top(".recent-topic")) > (await top(".recent-stream")), "a topic has a line of its own");
    }
    await becomes(() => page.locator(".recent").evaluate((one) => one.scrollWidth <= one.clientWidth), true);
    await goTo(page, "#streams");
    await page.locator(".stream-card", { hasText: name }).waitFor();
    await becomes(() => page.locator(".streams").evaluate((one) => one.scrollWidth <= one.clientWidth), true);
  }
  await phone.context.close();
  await callApi(ada, "DELETE", `/streams/${stream_id}`);
});

test("what could not be fetched says so, and is fetched when asked again", async () => {
  const topic = fresh("fetched");
  const { id } = await say(ada, topic, "as it was first");
  await callApi(ada, "PATCH", `/messages/${id}`, { content: "as it is now" });
  await goTo(b.page, topicHash(topic));
  const refused = { status: 500, json: { result: "error", code: "INTERNAL_SERVER_ERROR", msg: "Out of paper" } };
  const again = async (where, address, found) => {
    await where.getByRole("alert").filter({ hasText: "Out of paper" }).waitFor();
    assert.equal(await where.locator(".skeleton").count(), 0);
    await b.page.unroute(address);
    await where.getByRole("button", { name: "Try again" }).click();
    await found.first().waitFor();
  };
  await b.page.route("**/history**", (route) => route.fulfill(refused));
  await row(b.page, "as it is now").locator('[data-act="history"]').click();
  const history = b.page.getByRole("dialog", { name: "Edit history" });
  await again(history, "**/history**", history.locator("ins"));
  await closeAll(b.page);
  await b.page.route("**/json/attachments", (route) => route.fulfill(refused));
  const dialog = await settings(b.page, "Files");
  await again(dialog, "**/json/attachments", dialog.locator(".people-list, .empty:not([role])"));
  await closeAll(b.page);
});
