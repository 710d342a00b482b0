// What each command does.

import { askToLogIn, notify } from "../app/feedback";
import { closeOverlays, leftFolded, leftOpen, overlay, popover, rightFolded, rightOpen } from "../app/overlays";
import { conversation, currentStream, go, goHome, narrow, route } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import * as compose from "../compose/events";
import { t } from "../i18n";
import * as actions from "../messages/actions";
import { markUnreadFrom, toggleCollapsed, toggleStar } from "../messages/events";
import type { Message } from "../messages/model";
import { goToNewest, list, openPicture, selectedMessage } from "../messages/ui";
import { narrowToStream } from "../narrow/data";
import { narrowKey } from "../narrow/terms";
import { focusSearch } from "../search/ui";
import { swapTheme } from "../settings/events";
import { zoomed } from "../sidebar/topics";
import { type Stream, sections } from "../streams/data";
import { cycleTabs } from "../streams/filter";
import { POLICY, policyOf } from "../topics/data";
import { markPlacesRead, setPolicy } from "../topics/events";
import { bindings } from "./bindings";
import { type Command, commandFor, type Scope, type SHORTCUTS } from "./data";
import { focusSoon, sideways } from "./focus";
import { nextUnread } from "./next";

function inSidebarOrder(): Stream[] {
  const { pinned, folders, active, inactive, muted } = sections(
    state.streams.peek(),
    state.folders.peek(),
    state.settings.peek().demote_inactive_streams,
  );
  return [...pinned, ...folders.flatMap((one) => one.streams), ...active, ...inactive, ...muted];
}

/** Goes to the next unread conversation of a kind, or says that there is none. */
function goToUnread(kind: "stream" | "dm" | "followed"): void {
  const order = new Map(inSidebarOrder().map((one, i) => [one.id, i]));
  const followed = (id: number, topic: string) => policyOf(state.topics.peek(), id, topic) === POLICY.followed;
  const wanted = [...state.counts.peek().places.values()].filter(({ place }) => {
    if (place.kind === "dm") return kind === "dm";
    if (kind === "followed") return followed(place.streamId, place.topic);
    return kind === "stream" && !state.isTopicMuted(place.streamId, place.topic);
  });
  const here = { place: conversation.peek(), stream: currentStream.peek() };
  const next = nextUnread(wanted, (id) => order.get(id) ?? order.size, here);
  if (next) go(next);
  else notify(t(`unread.none.${kind}`));
}

function cycleStream(step: number): void {
  const all = inSidebarOrder().filter((one) => !one.isMuted);
  const at = all.findIndex((one) => one.id === currentStream.peek());
  const next = all[(at + step + all.length) % all.length];
  if (next) go(narrowToStream(next.id));
}

function leave(): void {
  if (closeOverlays()) return;
  if (leftOpen.peek() || rightOpen.peek()) {
    leftOpen.value = false;
    rightOpen.value = false;
  } else if (compose.compose.peek().open) compose.closeCompose();
  else if (list.peek()?.selectedId !== undefined) list.peek()?.select(undefined);
  else if (state.settings.peek().web_escape_navigates_to_home_view !== false) goHome();
}

function replyHere(): void {
  const message = selectedMessage();
  const place = message?.place ?? conversation.peek();
  if (place) compose.openCompose(compose.targetOf(place));
  else compose.openCompose({ kind: "stream", streamId: currentStream.peek(), topic: "" });
}

function editLast(): void {
  const current = narrow.peek();
  const { byId, views } = state.messages.peek();
  const ids = (current && views.get(narrowKey(current))?.ids) ?? [];
  const mine = ids.map((id) => byId.get(id)).filter((one) => one && compose.mayEdit(one));
  const last = mine.at(-1);
  if (last) void compose.startEditing(last);
}

function toggleMute(message: Message | undefined): void {
  const place = message?.place ?? conversation.peek();
  if (place?.kind !== "stream") return;
  const muted = policyOf(state.topics.peek(), place.streamId, place.topic) === POLICY.muted;
  void setPolicy(place, muted ? POLICY.none : POLICY.muted);
}

function onMessage(act: (message: Message, row: HTMLElement) => void): void {
  // Without a chosen message, the lowest one on the screen is meant, and is seen to be.
  if (!selectedMessage()) list.peek()?.move(-1);
  const message = selectedMessage();
  const row = message && list.peek()?.rowOf(message.id);
  if (message && row) act(message, row);
}

/** The button of the row's toolbar that does the same, to open beside it. */
function toolIn(row: HTMLElement, act: string): HTMLElement {
  return row.querySelector<HTMLElement>(`.message-tools [data-act="${act}"]`) ?? row;
}

/** All topics of the stream that one is in (or of the chosen message's), to filter. */
function showTopics(): void {
  const place = selectedMessage()?.place;
  const id = currentStream.peek() ?? (place?.kind === "stream" ? place.streamId : undefined);
  if (id === undefined) return;
  leftOpen.value = true;
  leftFolded.value = false;
  zoomed.value = id;
  focusSoon("#side-filter");
}

/** Presses the button of the row that has the focus. */
function pressInRow(act: string): void {
  document.activeElement?.closest("li")?.querySelector<HTMLElement>(`[data-act="${act}"]`)?.click();
}

/** Opens what only people with an account have; channels are not made by guests. */
function openOwn(what: NonNullable<typeof overlay.value>): void {
  if (isSpectator) askToLogIn();
  else if (what.kind !== "new-stream" || !state.isGuest.peek()) overlay.value = what;
}

/** Commands whose keys are handled where they are typed. */
type Typed = Extract<(typeof SHORTCUTS)[number], { scope: "compose" | "lists" }>["command"];

const COMMANDS: Record<Exclude<Command, Typed>, () => void> = {
  help: () => {
    overlay.value = { kind: "shortcuts" };
  },
  palette: () => {
    overlay.value = { kind: "palette", query: "" };
  },
  search: focusSearch,
  filterStreams: () => {
    leftOpen.value = true;
    leftFolded.value = false;
    focusSoon("#side-filter");
  },
  filterPeople: () => {
    rightOpen.value = true;
    rightFolded.value = false;
    focusSoon("#people-filter");
  },
  escape: leave,
  mainMenu: () => document.querySelector<HTMLElement>("#account-menu")?.click(),
  settings: () => openOwn({ kind: "settings" }),
  status: () => openOwn({ kind: "status" }),
  createStream: () => openOwn({ kind: "new-stream" }),
  theme: swapTheme,
  markAllRead: () => void markPlacesRead(() => true),
  inbox: () => go("#inbox"),
  recent: () => go("#recent"),
  feed: () => go("#feed"),
  starred: () => go("#narrow/is/starred"),
  directMessages: () => go("#narrow/is/dm"),
  drafts: () => go("#drafts"),
  nextTopic: () => goToUnread("stream"),
  nextDm: () => goToUnread("dm"),
  nextStream: () => cycleStream(1),
  previousStream: () => cycleStream(-1),
  nextFollowed: () => goToUnread("followed"),
  topics: showTopics,
  composeTarget: () => {
    const { open, target } = compose.compose.peek();
    if (!open) return;
    if (target.kind === "dm") go({ kind: "dm", ids: target.ids });
    else if (target.streamId !== undefined) go({ kind: "stream", streamId: target.streamId, topic: target.topic });
  },
  back: () => history.back(),
  forth: () => history.forward(),
  filterRecent: () => focusSoon("#recent-filter"),
  conversation: () => {
    const here = conversation.peek();
    if (here?.kind === "stream") go(narrowToStream(here.streamId));
    else onMessage((message) => actions.goToConversation(message));
  },
  near: () => onMessage((message) => actions.goToConversation(message, true)),
  up: () => list.peek()?.move(-1),
  down: () => list.peek()?.move(1),
  pageUp: () => list.peek()?.page(-1),
  pageDown: () => list.peek()?.page(1),
  first: () => list.peek()?.toTop(),
  last: () => void goToNewest(),
  reply: replyHere,
  newMessage: () => compose.openCompose({ kind: "stream", streamId: currentStream.peek(), topic: "" }),
  newDm: () => compose.openCompose({ kind: "dm", ids: [] }),
  quote: () => onMessage((message) => void compose.quoteMessage(message)),
  forward: () => onMessage((message) => void compose.forwardMessage(message)),
  replySender: () => onMessage(actions.replyPrivately),
  mention: () =>
    onMessage((message) => {
      compose.openCompose(compose.targetOf(message.place));
      compose.setText(`${compose.compose.peek().text}@**${message.senderName}** `);
    }),
  editLast,
  edit: () => onMessage(actions.editOrView),
  star: () => onMessage((message) => void toggleStar(message)),
  thumbsUp: () => onMessage(actions.thumbsUp),
  joinReaction: () => onMessage(actions.joinReaction),
  images: () => onMessage((_, row) => openPicture(row.querySelector<HTMLElement>(".message") ?? row)),
  collapse: () => onMessage((message) => void toggleCollapsed(message)),
  react: () => onMessage((message, row) => actions.pickReaction(message, toolIn(row, "react"))),
  menu: () => onMessage((message, row) => actions.openMessageMenu(message, toolIn(row, "menu"))),
  profile: () =>
    onMessage((message) => {
      overlay.value = { kind: "profile", id: message.senderId };
    }),
  receipts: () =>
    onMessage((message) => {
      overlay.value = { kind: "receipts", id: message.id };
    }),
  history: () =>
    onMessage((message) => {
      overlay.value = { kind: "history", message };
    }),
  move: () =>
    onMessage((message) => {
      if (message.place.kind === "stream") overlay.value = { kind: "move", message };
    }),
  markUnread: () => onMessage((message) => void markUnreadFrom(narrow.peek() ?? [], message.id)),
  muteTopic: () => toggleMute(selectedMessage()),
  deleteDraft: () => pressInRow("delete"),
  nextTab: () => cycleTabs(sideways("ArrowRight") ?? 1),
  previousTab: () => cycleTabs(sideways("ArrowLeft") ?? -1),
  viewStream: () => pressInRow("view"),
  toggleStream: () => pressInRow("toggle"),
  newStream: () => openOwn({ kind: "new-stream" }),
};

export function runCommand(command: Command): void {
  if (command in COMMANDS) COMMANDS[command as Exclude<Command, Typed>]();
}

function scopeHere(): Scope | undefined {
  const { view } = route.peek();
  return view === "messages" || view === "recent" || view === "streams" || view === "drafts" ? view : undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable)
  );
}

/** These mean the same in a text field. */
const WHILE_TYPING: ReadonlySet<Command> = new Set(["palette", "escape", "composeTarget"]);

/** An overlay or popover that is on its way to the page has the keys already; the palette begins with what was typed meanwhile. */
function waitForOverlay(event: KeyboardEvent): boolean {
  const box = document.querySelector<HTMLElement>(".popover");
  if (popover.peek() && box?.style.visibility !== "visible") return event.key !== "Escape";
  const coming = overlay.peek();
  if (!coming || document.querySelector("dialog[open]")) return false;
  if (coming.kind === "palette" && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
    overlay.value = { ...coming, query: coming.query + event.key };
    event.preventDefault();
  }
  return event.key !== "Escape";
}

/** Listens for the whole page. Text fields keep their keys, except those with Ctrl that mean nothing there. */
export function listenForKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (waitForOverlay(event)) return;
    const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey };
    const command = commandFor(press, scopeHere(), bindings.peek());
    if (!command) return;
    if (isTyping(event.target) && !WHILE_TYPING.has(command)) return;
    if (document.querySelector("dialog[open]") && command !== "palette") return;
    // Enter and Space belong to the button or link that has the focus.
    const onControl = event.target instanceof HTMLElement && event.target.closest("a,button,summary");
    if (onControl && (event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    runCommand(command);
  });
}
