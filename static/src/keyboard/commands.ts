// What each command does.

import { setTopicPolicy } from "../api/calls";
import { signalError } from "../app/feedback";
import { closeOverlays, leftFolded, leftOpen, overlay, rightFolded, rightOpen } from "../app/overlays";
import { conversation, currentStream, go, goHome, narrow, route } from "../app/route";
import * as state from "../app/state";
import * as compose from "../compose/events";
import * as actions from "../messages/actions";
import { markUnreadFrom, toggleStar } from "../messages/events";
import type { Message } from "../messages/model";
import { list, selectedMessage } from "../messages/ui";
import { narrowToStream } from "../narrow/data";
import { focusSearch } from "../search/ui";
import { sections } from "../streams/data";
import { POLICY, policyOf } from "../topics/data";
import { type Command, commandFor } from "./data";
import { focusSoon } from "./focus";

/** The next unread conversation after the one on the screen, around the end to the start. */
function nextUnread(kind: "stream" | "dm"): void {
  const { pinned, active, muted } = sections(state.streams.peek());
  const order = new Map([...pinned, ...active, ...muted].map((one, i) => [one.id, i]));
  const rankOf = (id: number) => order.get(id) ?? order.size;
  const all = [...state.counts.peek().places.values()].filter(({ place }) =>
    place.kind === "dm" ? kind === "dm" : kind === "stream" && !state.isTopicMuted(place.streamId, place.topic),
  );
  all.sort((a, b) =>
    a.place.kind === "stream" && b.place.kind === "stream" && a.place.streamId !== b.place.streamId
      ? rankOf(a.place.streamId) - rankOf(b.place.streamId)
      : a.oldest - b.oldest,
  );
  const here = currentStream.peek();
  const after =
    here === undefined || kind === "dm"
      ? undefined
      : all.find(({ place }) => place.kind === "stream" && place.streamId === here);
  const next = after ?? all[0];
  if (next) go(next.place);
}

function cycleStream(step: number): void {
  const { pinned, active } = sections(state.streams.peek());
  const all = [...pinned, ...active];
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
  const mine = [...state.messages.peek().byId.values()].filter((one) => compose.mayEdit(one));
  const ids = new Set(list.peek() ? visibleViewIds() : []);
  const last = mine.filter((one) => ids.has(one.id)).sort((a, b) => b.id - a.id)[0];
  if (last) void compose.startEditing(last);
}

function visibleViewIds(): readonly number[] {
  const current = narrow.peek();
  if (!current) return [];
  const views = [...state.messages.peek().views.values()];
  return views
    .filter(
      (view) => JSON.stringify(view.narrow) === JSON.stringify(current.filter((term) => term.operator !== "near")),
    )
    .flatMap((view) => view.ids);
}

function toggleMute(message: Message | undefined): void {
  const place = message?.place ?? conversation.peek();
  if (place?.kind !== "stream") return;
  const muted = policyOf(state.topics.peek(), place.streamId, place.topic) === POLICY.muted;
  void setTopicPolicy(place.streamId, place.topic, muted ? POLICY.none : POLICY.muted).catch(signalError);
}

function onMessage(act: (message: Message, row: HTMLElement) => void): void {
  const message = selectedMessage();
  const row = message && list.peek()?.rowOf(message.id);
  if (message && row) act(message, row);
}

/** The button of the row's toolbar that does the same, to open beside it. */
function toolIn(row: HTMLElement, act: string): HTMLElement {
  return row.querySelector<HTMLElement>(`.message-tools [data-act="${act}"]`) ?? row;
}

const COMMANDS: Record<Command, () => void> = {
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
  settings: () => {
    overlay.value = { kind: "settings" };
  },
  inbox: () => go("#inbox"),
  recent: () => go("#recent"),
  feed: () => go("#feed"),
  starred: () => go("#narrow/is/starred"),
  directMessages: () => go("#narrow/is/dm"),
  drafts: () => go("#drafts"),
  nextTopic: () => nextUnread("stream"),
  nextDm: () => nextUnread("dm"),
  nextStream: () => cycleStream(1),
  previousStream: () => cycleStream(-1),
  conversation: () => onMessage((message) => actions.goToConversation(message)),
  near: () => onMessage((message) => actions.goToConversation(message, true)),
  up: () => list.peek()?.move(-1),
  down: () => list.peek()?.move(1),
  pageUp: () => list.peek()?.page(-1),
  pageDown: () => list.peek()?.page(1),
  first: () => list.peek()?.toTop(),
  last: () => list.peek()?.toBottom(),
  reply: replyHere,
  newMessage: () => compose.openCompose({ kind: "stream", streamId: currentStream.peek(), topic: "" }),
  newDm: () => compose.openCompose({ kind: "dm", ids: [] }),
  quote: () => onMessage((message) => void compose.quoteMessage(message)),
  replySender: () => onMessage(actions.replyPrivately),
  editLast,
  edit: () => onMessage((message) => void compose.startEditing(message)),
  star: () => onMessage((message) => void toggleStar(message)),
  thumbsUp: () => onMessage(actions.thumbsUp),
  joinReaction: () => onMessage(actions.joinReaction),
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
};

export function runCommand(command: Command): void {
  COMMANDS[command]();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable)
  );
}

/** Listens for the whole page. Text fields keep their keys, except those with Ctrl that mean nothing there. */
export function listenForKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey };
    const command = commandFor(press, route.peek().view === "messages");
    if (!command) return;
    if (isTyping(event.target) && command !== "palette" && command !== "escape") return;
    if (document.querySelector("dialog[open]") && command !== "palette") return;
    // Enter and Space belong to the button or link that has the focus.
    const onControl = event.target instanceof HTMLElement && event.target.closest("a,button,summary");
    if (onControl && (event.key === "Enter" || event.key === " ")) return;
    event.preventDefault();
    runCommand(command);
  });
}
