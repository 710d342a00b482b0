// Sending: the copy shown at once, the queue that outlives reloads and outages, and trying again.

import { batch, effect, signal, untracked } from "@preact/signals";
import * as calls from "../api/calls";
import { ApiError } from "../api/client";
import type { ServerEvent } from "../api/events";
import { reasonOf } from "../app/feedback";
import * as state from "../app/state";
import { destination } from "../compose/typing";
import { status } from "../events/connection";
import { t } from "../i18n";
import { echoHtml } from "../messages/content";
import { dropEcho } from "../messages/data";
import { showEcho } from "../messages/events";
import type { Message, Place } from "../messages/model";
import { narrowTo } from "../narrow/data";
import { toApi } from "../narrow/terms";
import type { Outgoing } from "./data";
import * as data from "./data";

/** The newest message sent from here: the list scrolls to it. */
export const justSent = signal(0);

const owner = crypto.randomUUID?.() ?? `${Date.now()}.${Math.random()}`;
const copies = new Map<string, Message>();
let own: data.Outbox = [];
let counter = 0;
let flushing = false;
let timer: ReturnType<typeof setTimeout> | undefined;

const RETRY_MS = 10_000;
const STALE_MS = 20_000;

const storageKey = () => `narrows:outbox:${state.realm.peek().name}:${state.me.peek()}`;
const lockName = (window: string) => `narrows:window:${window}`;

// Held for as long as the window lives: others see from it that its messages are looked after.
void navigator.locks?.request(lockName(owner), () => new Promise(() => undefined));

function read(): data.Outbox {
  return data.parse(localStorage.getItem(storageKey()));
}

function write(outbox: data.Outbox): void {
  try {
    localStorage.setItem(storageKey(), JSON.stringify(outbox));
  } catch {
    // Without storage the queue lives as long as this window.
  }
}

const store = () => write(data.withOwn(read(), owner, own));

function copyOf(entry: Outgoing): Message {
  const myself = state.people.peek().byId.get(state.me.peek());
  const known = copies.get(entry.localId);
  const id = known?.id ?? data.localMessageId(state.messages.peek().byId.keys(), state.realm.peek().maxMessageId);
  const { localId, raw, error } = entry;
  const copy: Message = {
    id,
    senderId: state.me.peek(),
    senderName: myself?.name ?? "",
    avatarUrl: myself?.avatarUrl ?? null,
    content: known?.content ?? echoHtml(raw),
    timestamp: entry.at,
    place: entry.place,
    reactions: [],
    flags: new Set(),
    submessages: [],
    isMe: false,
    echo: { localId, raw, state: entry.state, ...(error !== undefined && { error }) },
  };
  copies.set(localId, copy);
  return copy;
}

function keep(entry: Outgoing): void {
  own = data.put(own, entry);
  store();
  showEcho(copyOf(entry));
}

function forget(localId: string): void {
  if (!own.some((one) => one.localId === localId)) return;
  own = data.drop(own, localId);
  copies.delete(localId);
  store();
}

/** Sends a text to a conversation. It shows at once, and is kept until the server has it. */
export function post(place: Place, raw: string): void {
  counter += 1;
  const localId = `${Date.now().toString(36)}.${counter}`;
  const at = Math.floor(Date.now() / 1000);
  batch(() => {
    keep({ localId, place, raw, at, owner, state: "sending", doubtful: false });
    justSent.value = copies.get(localId)?.id ?? 0;
  });
  void deliver(localId);
}

async function hasArrived(entry: Outgoing): Promise<boolean> {
  const narrow = [...narrowTo(entry.place), { operator: "sender" as const, ids: [state.me.peek()] }];
  const { messages } = await calls.getRawMessages(toApi(narrow), 10);
  return data.arrived(entry, messages);
}

async function deliver(localId: string): Promise<void> {
  const entry = own.find((one) => one.localId === localId);
  if (!entry) return;
  try {
    if (!(entry.doubtful && (await hasArrived(entry)))) {
      await calls.sendMessage(destination(entry.place), entry.raw, state.queueId.peek(), localId);
    }
    forget(localId);
    // The queue brings the message itself. If the queue is down it comes with the next register.
    setTimeout(() => dropStale(localId), STALE_MS);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!own.some((one) => one.localId === localId)) return;
    const unreachable = error.status === 0 || error.status >= 502;
    if (!unreachable) {
      keep({ ...entry, state: "failed", error: reasonOf(error) });
      return tellRefused(entry);
    }
    keep({ ...entry, state: "waiting", doubtful: true, error: t("load.unreachable") });
    later();
  }
}

let onRefused: (copy: Message) => void = () => undefined;

/** Calls back for each message that is not sent, and will not be unless something is done about it. */
export function whenRefused(listener: (copy: Message) => void): void {
  onRefused = listener;
}

function tellRefused({ localId }: Outgoing): void {
  const copy = copies.get(localId);
  if (copy) onRefused(copy);
}

function dropStale(localId: string): void {
  if (status.peek() === "online") state.messages.value = dropEcho(state.messages.peek(), localId);
}

function later(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), RETRY_MS);
}

/** Sends what waits, in the order in which it was written. */
async function flush(): Promise<void> {
  if (flushing || status.peek() !== "online") return;
  flushing = true;
  clearTimeout(timer);
  for (const { localId } of own.filter((one) => one.state === "waiting")) {
    await deliver(localId);
    if (own.some((one) => one.localId === localId && one.state === "waiting")) break;
  }
  flushing = false;
}

/** After the state was loaded: shows again what is not sent yet, and takes over what other windows left. */
export async function resume(): Promise<void> {
  const held = (await navigator.locks?.query())?.held ?? [];
  const alive = new Set(held.map((lock) => lock.name?.replace(lockName(""), "") ?? ""));
  const { left, others } = data.adopt(read(), owner, alive);
  own = [...own, ...left];
  write(data.withOwn(others, owner, own));
  copies.clear();
  batch(() => {
    for (const entry of own) showEcho(copyOf(entry));
  });
  for (const entry of left) if (entry.state === "failed") tellRefused(entry);
  void flush();
}

/** Follows the connection and the views for as long as the page lives. */
export function followOutbox(): void {
  effect(() => {
    if (status.value === "online") void untracked(flush);
  });
  effect(() => {
    state.messages.value;
    // After those who hear of events: a copy whose message has come is not missing.
    if (copies.size > 0) queueMicrotask(showMissing);
  });
}

function showMissing(): void {
  const gone = [...copies.values()].filter((copy) => data.isMissing(state.messages.peek(), copy, state.matchContext()));
  if (gone.length === 0) return;
  batch(() => {
    for (const copy of gone) showEcho(copy);
  });
}

/** The message itself has come: whatever becomes of the request, the server has it. */
export function confirm(event: ServerEvent): void {
  if (event.type === "message" && event.local_message_id !== undefined) forget(event.local_message_id);
}

/** Takes an unsent message back. Returns its text. */
export function discard(message: Message): string {
  const { localId, raw } = message.echo ?? { localId: undefined, raw: "" };
  if (localId !== undefined) forget(localId);
  state.messages.value = dropEcho(state.messages.peek(), localId);
  return raw;
}

export function retry(message: Message): void {
  const entry = own.find((one) => one.localId === message.echo?.localId);
  if (!entry) return;
  const { error: _error, ...rest } = entry;
  keep({ ...rest, state: "sending" });
  void deliver(entry.localId);
}
