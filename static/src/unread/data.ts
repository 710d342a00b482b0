// Which messages are unread, and where. Counts are derived, never kept.

import type { FlagsEvent, ServerEvent, UpdateMessageEvent } from "../api/events";
import type { ApiUnread, MessageId, StreamId, UserId } from "../api/types";
import { fromApi, type Place, placeKey } from "../messages/model";
import { dmIds } from "../narrow/data";

export interface Unread {
  places: ReadonlyMap<MessageId, Place>;
  mentions: ReadonlySet<MessageId>;
}

export function fromRegister(raw: ApiUnread, me: UserId): Unread {
  const places = new Map<MessageId, Place>();
  const add = (ids: readonly MessageId[], place: Place) => {
    for (const id of ids) places.set(id, place);
  };
  for (const one of raw.streams) {
    add(one.unread_message_ids, { kind: "stream", streamId: one.stream_id, topic: one.topic });
  }
  for (const one of raw.pms) add(one.unread_message_ids, { kind: "dm", ids: [one.other_user_id] });
  for (const one of raw.huddles) {
    add(one.unread_message_ids, { kind: "dm", ids: dmIds(one.user_ids_string.split(",").map(Number), me) });
  }
  return { places, mentions: new Set(raw.mentions.filter((id) => places.has(id))) };
}

function without(state: Unread, ids: Iterable<MessageId>): Unread {
  const places = new Map(state.places);
  const mentions = new Set(state.mentions);
  let changed = false;
  for (const id of ids) {
    changed = places.delete(id) || changed;
    mentions.delete(id);
  }
  return changed ? { places, mentions } : state;
}

function applyFlags(state: Unread, event: FlagsEvent, me: UserId): Unread {
  if (event.flag !== "read") return state;
  if (event.op === "add") return without(state, event.all ? state.places.keys() : event.messages);
  const places = new Map(state.places);
  const mentions = new Set(state.mentions);
  for (const [id, detail] of Object.entries(event.message_details ?? {})) {
    places.set(
      Number(id),
      detail.stream_id === undefined
        ? { kind: "dm", ids: dmIds(detail.user_ids ?? [], me) }
        : { kind: "stream", streamId: detail.stream_id, topic: detail.topic ?? "" },
    );
    if (detail.mentioned) mentions.add(Number(id));
  }
  return { places, mentions };
}

function applyMove(state: Unread, event: UpdateMessageEvent): Unread {
  if (event.new_stream_id === undefined && event.subject === undefined) return state;
  const places = new Map(state.places);
  for (const id of event.message_ids) {
    const old = places.get(id);
    if (old?.kind !== "stream") continue;
    places.set(id, {
      kind: "stream",
      streamId: event.new_stream_id ?? old.streamId,
      topic: event.subject ?? old.topic,
    });
  }
  return { ...state, places };
}

const MENTION = /mentioned$/;

export function apply(state: Unread, event: ServerEvent, me: UserId): Unread {
  switch (event.type) {
    case "message": {
      if (event.flags.includes("read")) return state;
      const message = fromApi(event.message, me, event.flags);
      const places = new Map(state.places).set(message.id, message.place);
      const mentioned = event.flags.some((flag) => MENTION.test(flag));
      return { places, mentions: mentioned ? new Set(state.mentions).add(message.id) : state.mentions };
    }
    case "update_message_flags":
      return applyFlags(state, event, me);
    case "update_message":
      return applyMove(state, event);
    case "delete_message":
      return without(state, event.message_ids ?? [event.message_id ?? 0]);
    case "stream":
      if (event.op !== "delete") return state;
      return withoutStreams(state, event.stream_ids ?? event.streams?.map((one) => one.stream_id) ?? []);
    case "subscription":
      if (event.op !== "remove") return state;
      return withoutStreams(
        state,
        event.subscriptions.map((one) => one.stream_id),
      );
    default:
      return state;
  }
}

function withoutStreams(state: Unread, streams: readonly StreamId[]): Unread {
  const gone = [...state.places].filter(([, place]) => place.kind === "stream" && streams.includes(place.streamId));
  return without(
    state,
    gone.map(([id]) => id),
  );
}

/** One conversation's unread messages. */
export interface PlaceCount {
  place: Place;
  count: number;
  latest: MessageId;
  oldest: MessageId;
  mentioned: boolean;
}

export interface Counts {
  places: ReadonlyMap<string, PlaceCount>;
  streams: ReadonlyMap<StreamId, { count: number; mutedCount: number; mentioned: boolean }>;
  dms: number;
  mentions: number;
  /** What the home view and the window title show: everything that is not muted. */
  total: number;
}

/** Counts by conversation and by stream. `isMuted` says whether a topic counts as muted for the reader. */
export function count(state: Unread, isMuted: (streamId: StreamId, topic: string) => boolean): Counts {
  const places = new Map<string, PlaceCount>();
  for (const [id, place] of state.places) {
    const key = placeKey(place);
    const mentioned = state.mentions.has(id);
    const known = places.get(key);
    if (!known) places.set(key, { place, count: 1, latest: id, oldest: id, mentioned });
    else {
      known.count += 1;
      known.latest = Math.max(known.latest, id);
      known.oldest = Math.min(known.oldest, id);
      known.mentioned ||= mentioned;
    }
  }
  const streams = new Map<StreamId, { count: number; mutedCount: number; mentioned: boolean }>();
  let dms = 0;
  let total = 0;
  for (const { place, count: unread, mentioned } of places.values()) {
    if (place.kind === "dm") {
      dms += unread;
      total += unread;
      continue;
    }
    const known = streams.get(place.streamId) ?? { count: 0, mutedCount: 0, mentioned: false };
    if (isMuted(place.streamId, place.topic)) known.mutedCount += unread;
    else {
      known.count += unread;
      total += unread;
    }
    known.mentioned ||= mentioned;
    streams.set(place.streamId, known);
  }
  return { places, streams, dms, mentions: state.mentions.size, total };
}

/** What the number on the icon and in the title counts: values of `desktop_icon_count_display`. */
export const ICON_COUNT = { all: 1, followed: 2, direct: 3, nothing: 4 } as const;

/** The number on the icon, out of `total` that are unread. */
export function iconCount(
  state: Unread,
  total: number,
  display: number,
  isFollowed: (streamId: StreamId, topic: string) => boolean,
): number {
  if (display === ICON_COUNT.nothing) return 0;
  if (display !== ICON_COUNT.followed && display !== ICON_COUNT.direct) return total;
  let count = 0;
  for (const [id, place] of state.places) {
    const followed = () =>
      display === ICON_COUNT.followed && place.kind === "stream" && isFollowed(place.streamId, place.topic);
    if (place.kind === "dm" || state.mentions.has(id) || followed()) count += 1;
  }
  return count;
}
