// What reading does: fetch pieces of views, mark as read, and the acts on one message.

import { batch, signal } from "@preact/signals";
import * as calls from "../api/calls";
import type { ApiNarrowTerm, ApiReaction, MessageId, MessagesAnswer } from "../api/types";
import { reasonOf, signalError } from "../app/feedback";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import { isSearch, nearId } from "../narrow/data";
import { type Narrow, narrowKey, toApi } from "../narrow/terms";
import { seen } from "../topics/data";
import { apply as applyUnread } from "../unread/data";
import { addArrivals, addPiece, apply, type Piece, place, withoutGone } from "./data";
import { fromApi, type Message } from "./model";

/** What spectators must ask for besides what they look at. */
const WEB_PUBLIC = { operator: "channels", operand: "web-public" };
const AROUND = 50;
const MORE = 100;

/** Views that are being fetched, and at which end. */
export const loading = signal<ReadonlyMap<string, "start" | "end" | "none">>(new Map());
/** Views of which something could not be fetched: what to tell the reader, and at which end it is missing. */
export const failed = signal<ReadonlyMap<string, { reason: string; extends: Piece["extends"] }>>(new Map());

function learn(messages: readonly Message[]): void {
  let topics = state.topics.peek();
  for (const message of messages) {
    if (message.place.kind === "stream") topics = seen(topics, message.place.streamId, message.place.topic, message.id);
    else state.seenDm(message.place, message.id);
  }
  state.topics.value = topics;
}

function setLoading(key: string, what: Piece["extends"] | undefined): void {
  const next = new Map(loading.peek());
  if (what) next.set(key, what);
  else next.delete(key);
  loading.value = next;
}

/** Forgets what went wrong in one view, or in all: it is worth another try. */
export function forgive(key?: string): void {
  if (failed.peek().size > 0) failed.value = new Map([...failed.peek()].filter(([one]) => key && one !== key));
}

/** The queue that what is on its way was asked for under. With another one, it comes for nothing: ask anew. */
let fetchedFor = "";

/** A narrow as the server is asked about it. */
function asked(narrow: Narrow): ApiNarrowTerm[] {
  return [...toApi(narrow.filter((term) => term.operator !== "near")), ...(isSpectator ? [WEB_PUBLIC] : [])];
}

/** An answer as a piece of its view. */
function pieceOf(narrow: Narrow, answer: MessagesAnswer, extend: Piece["extends"]): Piece {
  const messages = answer.messages.map((raw) => fromApi(raw, state.me.peek()));
  learn(messages);
  return {
    narrow,
    messages,
    foundOldest: answer.found_oldest,
    foundNewest: answer.found_newest,
    extends: extend,
  };
}

async function fetchPiece(
  narrow: Narrow,
  fetch: Omit<calls.Fetch, "narrow">,
  extend: Piece["extends"],
): Promise<number> {
  const key = narrowKey(narrow);
  const queue = state.queueId.peek();
  if (queue !== fetchedFor) loading.value = new Map();
  fetchedFor = queue;
  if (loading.peek().has(key)) return 0;
  setLoading(key, extend);
  forgive(key);
  const known = state.messages.peek().byId;
  try {
    const answer = await calls.getMessages({ ...fetch, narrow: asked(narrow) });
    if (queue !== state.queueId.peek()) return 0;
    batch(() => {
      const piece = pieceOf(narrow, answer, extend);
      const added = addPiece(state.messages.peek(), piece);
      state.messages.value = addArrivals(added, known, piece, state.matchContext());
      setLoading(key, undefined);
    });
    return answer.anchor;
  } catch (error) {
    if (queue !== state.queueId.peek()) return 0;
    failed.value = new Map(failed.peek()).set(key, { reason: reasonOf(error), extends: extend });
    setLoading(key, undefined);
    return 0;
  }
}

/** Makes sure that a narrow has something to show: nothing to do if it is known already. `resume` is where to begin
 * if the link does not say it. */
export async function open(narrow: Narrow, resume?: MessageId | "newest"): Promise<void> {
  const view = state.messages.peek().views.get(narrowKey(narrow));
  const near = nearId(narrow);
  if (view && (near === undefined || view.ids.includes(near)) && (view.foundNewest || view.ids.length > 0)) return;
  const anchor = resume ?? near ?? (isSearch(narrow) || isSpectator ? "newest" : "first_unread");
  await fetchPiece(narrow, { anchor, before: AROUND, after: AROUND }, "none");
}

export async function openAtNewest(narrow: Narrow): Promise<void> {
  await fetchPiece(narrow, { anchor: "newest", before: MORE, after: 0 }, "none");
}

export function loadOlder(narrow: Narrow): void {
  const view = state.messages.peek().views.get(narrowKey(narrow));
  const first = view?.ids[0];
  if (!view || view.foundOldest || first === undefined) return;
  void fetchPiece(narrow, { anchor: first, before: MORE, after: 0, includeAnchor: false }, "start");
}

/** Fetches more at the end where it failed. */
export function loadAgain(narrow: Narrow): void {
  const end = failed.peek().get(narrowKey(narrow))?.extends;
  if (end === "start") loadOlder(narrow);
  else if (end === "end") loadNewer(narrow);
  else void openAtNewest(narrow);
}

export function loadNewer(narrow: Narrow): void {
  const view = state.messages.peek().views.get(narrowKey(narrow));
  const last = view?.ids.filter(Number.isInteger).at(-1);
  if (!view || view.foundNewest || last === undefined) return;
  void fetchPiece(narrow, { anchor: last, before: 0, after: MORE, includeAnchor: false }, "end");
}

/** Looks for what was written, changed and deleted since, for readers whom no event tells of it. */
export async function lookForNews(narrow: Narrow): Promise<void> {
  const key = narrowKey(narrow);
  const view = state.messages.peek().views.get(key);
  if (!view?.foundNewest || loading.peek().has(key)) return;
  const last = view.ids.at(-1);
  const around = { anchor: last ?? ("newest" as const), before: AROUND, after: MORE };
  // Without a line there is nothing new; the next look may have one.
  const answer = await calls.getMessages({ ...around, narrow: asked(narrow) }).catch(() => undefined);
  if (!answer) return;
  batch(() => {
    const piece = pieceOf(narrow, answer, "end");
    state.messages.value = addPiece(withoutGone(state.messages.peek(), piece), piece);
  });
}

/** Recent messages of everything, so that lists of conversations have something to list. */
export async function loadRecent(): Promise<void> {
  if (state.messages.peek().views.has(narrowKey([]))) return;
  await fetchPiece([], { anchor: "newest", before: 400, after: 0 }, "none");
}

/** A message for a view that only the server can decide about (search): ask, then show it. */
export async function askWhetherMatches(narrow: Narrow, id: MessageId): Promise<void> {
  const answer = await calls.matchesNarrow([id], toApi(narrow)).catch(() => undefined);
  const message = state.messages.peek().byId.get(id);
  const view = state.messages.peek().views.get(narrowKey(narrow));
  const hit = answer?.messages[String(id)];
  if (!hit || !message || !view?.foundNewest || view.ids.includes(id)) return;
  const views = new Map(state.messages.peek().views);
  views.set(narrowKey(narrow), { ...view, ids: [...view.ids, id] });
  state.messages.value = { ...state.messages.peek(), views };
}

// ---- read and unread ----

let toMark = new Set<MessageId>();
let timer: ReturnType<typeof setTimeout> | undefined;

function flagEvent(op: "add" | "remove", flag: string, ids: MessageId[]) {
  return { type: "update_message_flags", op, flag, messages: ids, all: false, id: -1 } as const;
}

function applyFlagLocally(op: "add" | "remove", flag: string, ids: MessageId[]): void {
  const event = flagEvent(op, flag, ids);
  batch(() => {
    state.messages.value = apply(state.messages.peek(), event, state.matchContext());
    if (op === "add") state.unread.value = applyUnread(state.unread.peek(), event, state.me.peek());
  });
}

async function flushRead(): Promise<void> {
  const ids = [...toMark];
  toMark = new Set();
  timer = undefined;
  try {
    await calls.updateFlags(ids, "add", "read");
  } catch {
    for (const id of ids) toMark.add(id);
    timer = setTimeout(flushRead, 10_000);
  }
}

/** Marks messages as read: here at once, on the server soon, many in one request. */
export function markRead(ids: readonly MessageId[]): void {
  const fresh = ids.filter((id) => state.unread.peek().places.has(id));
  if (fresh.length === 0) return;
  applyFlagLocally("add", "read", fresh);
  for (const id of fresh) toMark.add(id);
  if (timer === undefined) timer = setTimeout(flushRead, 700);
}

/** Marks a whole conversation or narrow as read, page by page. */
export async function markNarrowRead(narrow: Narrow): Promise<void> {
  const api = [...toApi(narrow), { operator: "is", operand: "unread" }];
  let anchor: number | "oldest" = "oldest";
  try {
    for (;;) {
      const done: calls.NarrowFlags = await calls.updateFlagsForNarrow(api, anchor, 0, 1000, "add", "read");
      if (done.found_newest || done.last_processed_id === null) return;
      anchor = done.last_processed_id;
    }
  } catch (error) {
    signalError(error);
  }
}

/** Marks this message and all that follow it in the narrow as unread. */
export async function markUnreadFrom(narrow: Narrow, id: MessageId): Promise<void> {
  try {
    await calls.updateFlagsForNarrow(toApi(narrow), id, 0, 5000, "remove", "read");
  } catch (error) {
    signalError(error);
  }
}

// ---- acts on one message ----

async function toggleFlag(message: Message, flag: string): Promise<void> {
  const op = message.flags.has(flag) ? "remove" : "add";
  applyFlagLocally(op, flag, [message.id]);
  try {
    await calls.updateFlags([message.id], op, flag);
  } catch (error) {
    applyFlagLocally(op === "add" ? "remove" : "add", flag, [message.id]);
    signalError(error);
  }
}

export const toggleStar = (message: Message) => toggleFlag(message, "starred");
export const toggleCollapsed = (message: Message) => toggleFlag(message, "collapsed");

export type Emoji = Pick<ApiReaction, "emoji_name" | "emoji_code" | "reaction_type">;

export async function toggleReaction(message: Message, emoji: Emoji): Promise<void> {
  const user_id = state.me.peek();
  const mine = message.reactions.some(
    (one) =>
      one.user_id === user_id && one.emoji_code === emoji.emoji_code && one.reaction_type === emoji.reaction_type,
  );
  const event = (op: "add" | "remove") =>
    ({ type: "reaction", id: -1, op, message_id: message.id, user_id, ...emoji }) as const;
  const change = (op: "add" | "remove") => {
    state.messages.value = apply(state.messages.peek(), event(op), state.matchContext());
  };
  change(mine ? "remove" : "add");
  try {
    await (mine ? calls.removeReaction : calls.addReaction)(message.id, { ...emoji });
  } catch (error) {
    change(mine ? "add" : "remove");
    signalError(error);
  }
}

export async function removeMessage(id: MessageId): Promise<void> {
  await calls.deleteMessage(id).catch(signalError);
}

/** Shows a message that was sent from here before the server has it. */
export function showEcho(message: Message): void {
  state.messages.value = place(state.messages.peek(), message, state.matchContext());
}
