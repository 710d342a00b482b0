// Where the client starts.

import { render } from "preact";
import "../styles/app.css";
import { effect } from "@preact/signals";
import { updatePresence } from "./api/calls";
import { followFavicon } from "./app/favicon";
import { narrow } from "./app/route";
import { onLoad, start } from "./app/session";
import { Shell } from "./app/shell";
import { isSpectator } from "./app/spectator";
import { now, onEvent, phase, presence, realm } from "./app/state";
import { watchVersion } from "./app/version";
import { followDrafts, offerBack } from "./compose/events";
import { loadDrafts } from "./drafts/events";
import { listenForKeys } from "./keyboard/commands";
import { askWhetherMatches, lookForNews } from "./messages/events";
import { isSearch } from "./narrow/data";
import { askOnFirstClick, notifyOf } from "./notifications/events";
import { confirm, followOutbox, resume, whenRefused } from "./outbox/events";
import { merge } from "./presence/data";
import { applyScheduled, loadScheduled } from "./schedule/events";
import { applyAlertWords, followSettings, loadAlertWords } from "./settings/events";
import { applySubmessage } from "./widgets/events";

const CLOCK_MS = 5000;
const NEWS_MS = 10_000;

let active = true;

async function ping(): Promise<void> {
  const here = document.visibilityState === "visible" && document.hasFocus();
  const answer = await updatePresence(here ? "active" : "idle", active).catch(() => undefined);
  active = false;
  if (answer?.presences) presence.value = merge(presence.peek(), answer.presences);
}

function keepTime(): void {
  setInterval(() => {
    now.value = Date.now();
  }, CLOCK_MS);
  for (const type of ["keydown", "pointerdown"]) addEventListener(type, () => (active = true), { passive: true });
  effect(() => {
    if (phase.value !== "ready" || isSpectator) return;
    void ping();
    const timer = setInterval(ping, realm.value.presencePingSeconds * 1000);
    return () => clearInterval(timer);
  });
}

/** Spectators have no queue that would tell them what is new: they look, as long as somebody looks at the page. */
function lookAround(): void {
  const look = () => {
    const current = narrow.peek();
    if (current && document.visibilityState === "visible") void lookForNews(current);
  };
  setInterval(look, NEWS_MS);
  document.addEventListener("visibilitychange", look);
}

if (isSpectator) lookAround();
followSettings();
watchVersion();
followFavicon();
listenForKeys();
onLoad(loadDrafts);
onLoad(loadScheduled);
onLoad(loadAlertWords);
onLoad(() => void resume());
followOutbox();
whenRefused(offerBack);
onEvent(notifyOf);
onEvent(confirm);
onEvent(followDrafts);
onEvent(applyScheduled);
onEvent(applyAlertWords);
onEvent(applySubmessage);
onEvent((event) => {
  const current = narrow.peek();
  if (event.type === "message" && current && isSearch(current)) void askWhetherMatches(current, event.message.id);
});
askOnFirstClick();
keepTime();
render(<Shell />, document.getElementById("app") ?? document.body);
void start();
