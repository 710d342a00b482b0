// What most journeys play on: one browser, two people logged in, a channel that both read. Importing it sets it up.

import { after } from "node:test";
import { callApi, launch, logIn, realm } from "./harness.mjs";

export const row = (page, text) => page.locator(".row", { hasText: text });

/** Who can log in. The first may do everything; the second is another member of the same channel. */
export const [ada, ben, cleo] = realm.users.filter((one) => one.role !== "guest" && one.password);

export const browser = await launch();
after(() => browser.close());

async function sharedStream() {
  const mine = await callApi(ada, "GET", "/users/me/subscriptions");
  const theirs = await callApi(ben, "GET", "/users/me/subscriptions");
  const shared = new Set(theirs.subscriptions.filter((one) => !one.is_muted).map((one) => one.stream_id));
  return mine.subscriptions.find((one) => shared.has(one.stream_id) && !one.is_muted);
}

/** The channel, and the pages of the first two. */
export const stream = await sharedStream();
export const [a, b] = await Promise.all([logIn(browser, ada), logIn(browser, ben)]);
let counter = 0;

/** A topic that no other test has. */
export const fresh = (name) => `${name} ${process.pid} ${++counter}`;

const encoded = (text) => encodeURIComponent(text).replaceAll(".", "%2E").replaceAll("%", ".");
export const topicHash = (topic) => `#narrow/channel/${stream.stream_id}/topic/${encoded(topic)}`;

/** A message in the channel, sent beside the browser. */
export const say = (user, topic, content) =>
  callApi(user, "POST", "/messages", { type: "stream", to: stream.stream_id, topic, content });
