// All messages that were fetched or delivered, and the views (ordered lists of ids) that show them.

import type { DeleteMessageEvent, FlagsEvent, ReactionEvent, ServerEvent, UpdateMessageEvent } from "../api/events";
import type { ApiReaction, MessageId, UserId } from "../api/types";
import { PatchedMap } from "../app/patched";
import { type MatchContext, matches } from "../narrow/data";
import { type Narrow, narrowKey } from "../narrow/terms";
import { fromApi, type Message } from "./model";

/** What is known of one narrow: a gapless run of its messages. */
export interface View {
  narrow: Narrow;
  ids: readonly MessageId[];
  foundOldest: boolean;
  foundNewest: boolean;
}

export interface Messages {
  byId: PatchedMap<MessageId, Message>;
  views: ReadonlyMap<string, View>;
}

export interface Context extends MatchContext {
  me: UserId;
}

export const NO_MESSAGES: Messages = { byId: PatchedMap.from(), views: new Map() };

/** The position of the first id that is not below `id`, in an ascending list. */
export function lowerBound(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inserted(ids: readonly number[], id: number): readonly number[] {
  const at = lowerBound(ids, id);
  return ids[at] === id ? ids : [...ids.slice(0, at), id, ...ids.slice(at)];
}

function merged(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function replaceViews(state: Messages, change: (view: View) => View): Messages {
  let changed = false;
  const views = new Map(state.views);
  for (const [key, view] of state.views) {
    const next = change(view);
    if (next !== view) {
      views.set(key, next);
      changed = true;
    }
  }
  return changed ? { ...state, views } : state;
}

function put(state: Messages, messages: readonly Message[]): Messages {
  return { ...state, byId: state.byId.with(messages.map((message) => [message.id, message] as const)) };
}

/** Edits messages. One that stays the same object is not changed: its row is not built anew. */
function change(state: Messages, ids: Iterable<MessageId>, edit: (message: Message) => Message): Messages {
  const edited: Message[] = [];
  for (const id of ids) {
    const message = state.byId.get(id);
    const next = message && edit(message);
    if (next && next !== message) edited.push(next);
  }
  return edited.length > 0 ? put(state, edited) : state;
}

/** Puts a message in every view that it belongs to and that is complete at its end. */
export function place(state: Messages, message: Message, context: Context): Messages {
  return replaceViews(put(state, [message]), (view) => {
    const belongs = matches(message, view.narrow, context.me, context) === true;
    return belongs && view.foundNewest ? { ...view, ids: inserted(view.ids, message.id) } : view;
  });
}

/** Takes messages out of every view and forgets them. */
export function remove(state: Messages, ids: Iterable<MessageId>): Messages {
  const gone = new Set(ids);
  return replaceViews({ ...state, byId: state.byId.without(gone) }, (view) =>
    view.ids.some((id) => gone.has(id)) ? { ...view, ids: view.ids.filter((id) => !gone.has(id)) } : view,
  );
}

/** A fetched piece of a view. Pieces that do not touch what is known replace it: a view has no gaps. */
export interface Piece {
  narrow: Narrow;
  messages: readonly Message[];
  foundOldest: boolean;
  foundNewest: boolean;
  /** The piece continues the known run at that end; otherwise it starts the view anew. */
  extends: "start" | "end" | "none";
}

/** Takes out of a view what lies where a piece was looked for and is not in it any more. Only for readers to whom
 * nothing comes but by looking: what arrived meanwhile would be taken out too. */
export function withoutGone(state: Messages, piece: Piece): Messages {
  const key = narrowKey(piece.narrow);
  const view = state.views.get(key);
  if (!view) return state;
  const there = new Set(piece.messages.map((message) => message.id));
  const first = piece.foundOldest ? 0 : (piece.messages[0]?.id ?? 0);
  const last = piece.foundNewest ? Number.POSITIVE_INFINITY : (piece.messages.at(-1)?.id ?? 0);
  const ids = view.ids.filter((id) => id < first || id > last || there.has(id));
  return { ...state, views: new Map(state.views).set(key, { ...view, ids }) };
}

export function addPiece(state: Messages, piece: Piece): Messages {
  const key = narrowKey(piece.narrow);
  const known = piece.extends === "none" ? undefined : state.views.get(key);
  const ids = piece.messages.map((message) => message.id);
  const view: View = {
    narrow: piece.narrow.filter((term) => term.operator !== "near"),
    ids: merged(known?.ids ?? [], ids),
    foundOldest: piece.extends === "end" ? (known?.foundOldest ?? false) : piece.foundOldest,
    foundNewest: piece.extends === "start" ? (known?.foundNewest ?? false) : piece.foundNewest,
  };
  return { ...put(state, piece.messages), views: new Map(state.views).set(key, view) };
}

/** After a piece was added: what came while it was fetched may be newer than the answer. `before` is what was known
 * when the server was asked. */
export function addArrivals(state: Messages, before: Messages["byId"], piece: Piece, context: Context): Messages {
  const newest = piece.messages.at(-1)?.id ?? 0;
  let next = state;
  for (const message of state.byId.values()) {
    if (message.id > newest && !before.has(message.id)) next = place(next, message, context);
  }
  return next;
}

function applyEdit(state: Messages, event: UpdateMessageEvent, context: Context): Messages {
  let next = state;
  if (event.rendered_content !== undefined) {
    const content = event.rendered_content;
    const real = event.user_id !== null && !event.rendering_only;
    next = change(next, [event.message_id], (message) => ({
      ...message,
      content,
      isMe: false,
      flags: new Set([...event.flags.filter((flag) => flag !== "read"), ...keepFlags(message)]),
      ...(real ? { editedAt: event.edit_timestamp } : {}),
    }));
  }
  const moved = event.new_stream_id !== undefined || (event.subject !== undefined && event.orig_subject !== undefined);
  return moved ? applyMove(next, event, context) : next;
}

/** Flags that an edit's event does not speak about. */
function keepFlags(message: Message): string[] {
  return [...message.flags].filter((flag) => flag === "starred" || flag === "collapsed");
}

function applyMove(state: Messages, event: UpdateMessageEvent, context: Context): Messages {
  const next = change(state, event.message_ids, (message) =>
    message.place.kind === "dm"
      ? message
      : {
          ...message,
          movedAt: event.edit_timestamp,
          place: {
            kind: "stream",
            streamId: event.new_stream_id ?? message.place.streamId,
            topic: event.subject ?? message.place.topic,
          },
        },
  );
  const moved = event.message_ids.flatMap((id) => next.byId.get(id) ?? []);
  return replaceViews(next, (view) => rematch(view, moved, event, context));
}

function rematch(view: View, moved: readonly Message[], event: UpdateMessageEvent, context: Context): View {
  let ids = view.ids;
  let { foundOldest, foundNewest } = view;
  for (const message of moved) {
    const belongs = matches(message, view.narrow, context.me, context);
    const within = message.id >= (ids[0] ?? Number.POSITIVE_INFINITY) || foundOldest;
    if (belongs === false) ids = ids.includes(message.id) ? ids.filter((id) => id !== message.id) : ids;
    else if (belongs && within && (foundNewest || message.id <= (ids.at(-1) ?? 0))) ids = inserted(ids, message.id);
  }
  // Messages may have come in that were never fetched: what is known of the target is no longer a gapless run.
  const unknown = event.message_ids.length > moved.length;
  if (unknown && touches(view.narrow, event)) {
    foundOldest = false;
    foundNewest = false;
  }
  const same = ids === view.ids && foundOldest === view.foundOldest && foundNewest === view.foundNewest;
  return same ? view : { ...view, ids, foundOldest, foundNewest };
}

function touches(narrow: Narrow, event: UpdateMessageEvent): boolean {
  const stream = String(event.new_stream_id ?? event.stream_id);
  return narrow.some((term) => term.operator === "channel" && term.operand === stream);
}

function applyFlags(state: Messages, event: FlagsEvent): Messages {
  if (event.flag === "read") return state;
  const ids = event.all ? state.byId.keys() : event.messages;
  return change(state, ids, (message) => {
    if (message.flags.has(event.flag) === (event.op === "add")) return message;
    const flags = new Set(message.flags);
    if (event.op === "add") flags.add(event.flag);
    else flags.delete(event.flag);
    return { ...message, flags };
  });
}

function applyStarView(state: Messages, event: FlagsEvent, context: Context): Messages {
  if (event.flag !== "starred") return state;
  const touched = event.messages.flatMap((id) => state.byId.get(id) ?? []);
  return replaceViews(state, (view) => {
    if (!view.narrow.some((term) => term.operator === "is" && term.operand === "starred")) return view;
    let ids = view.ids;
    for (const message of touched) {
      if (matches(message, view.narrow, context.me, context)) ids = inserted(ids, message.id);
    }
    return ids === view.ids ? view : { ...view, ids };
  });
}

export function sameReaction(a: ApiReaction, b: ApiReaction): boolean {
  return a.user_id === b.user_id && a.emoji_code === b.emoji_code && a.reaction_type === b.reaction_type;
}

function applyReaction(state: Messages, event: ReactionEvent): Messages {
  const { emoji_name, emoji_code, reaction_type, user_id } = event;
  const reaction: ApiReaction = { emoji_name, emoji_code, reaction_type, user_id };
  return change(state, [event.message_id], (message) => {
    // The answer to one's own act, which is on the screen already, changes nothing.
    if (message.reactions.some((one) => sameReaction(one, reaction)) === (event.op === "add")) return message;
    const others = message.reactions.filter((one) => !sameReaction(one, reaction));
    return { ...message, reactions: event.op === "add" ? [...others, reaction] : others };
  });
}

function deletedIds(event: DeleteMessageEvent): MessageId[] {
  return event.message_ids ?? (event.message_id === undefined ? [] : [event.message_id]);
}

/** Takes the local copy away whose message has come back from the server. */
export function dropEcho(state: Messages, localId: string | undefined): Messages {
  if (localId === undefined) return state;
  for (const message of state.byId.values()) {
    if (message.echo?.localId === localId) return remove(state, [message.id]);
  }
  return state;
}

export function apply(state: Messages, event: ServerEvent, context: Context): Messages {
  switch (event.type) {
    case "message": {
      const known = dropEcho(state, event.local_message_id);
      return place(known, fromApi(event.message, context.me, event.flags), context);
    }
    case "update_message":
      return applyEdit(state, event, context);
    case "delete_message":
      return remove(state, deletedIds(event));
    case "update_message_flags":
      return applyStarView(applyFlags(state, event), event, context);
    case "reaction":
      return applyReaction(state, event);
    default:
      return state;
  }
}
