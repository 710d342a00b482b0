// Who is writing where, right now. A notice expires by itself if no stop comes.

import type { TypingEvent } from "../api/events";
import type { UserId } from "../api/types";
import { type Place, placeKey } from "../messages/model";
import { dmIds } from "../narrow/data";

/** Conversation → person → when the notice expires (milliseconds of this machine's clock). */
export type Typing = ReadonlyMap<string, ReadonlyMap<UserId, number>>;

function placeOf(event: TypingEvent, me: UserId): Place {
  if (event.stream_id !== undefined) return { kind: "stream", streamId: event.stream_id, topic: event.topic ?? "" };
  return {
    kind: "dm",
    ids: dmIds(
      (event.recipients ?? []).map((one) => one.user_id),
      me,
    ),
  };
}

export function apply(state: Typing, event: TypingEvent, me: UserId, now: number, expiry: number): Typing {
  if (event.sender.user_id === me) return state;
  const key = placeKey(placeOf(event, me));
  const people = new Map(state.get(key));
  if (event.op === "start") people.set(event.sender.user_id, now + expiry);
  else people.delete(event.sender.user_id);
  return new Map(state).set(key, people);
}

/** A message ends its sender's notice. */
export function stopped(state: Typing, place: Place, sender: UserId): Typing {
  const key = placeKey(place);
  if (!state.get(key)?.has(sender)) return state;
  const people = new Map(state.get(key));
  people.delete(sender);
  return new Map(state).set(key, people);
}

export function writers(state: Typing, place: Place, now: number): UserId[] {
  return [...(state.get(placeKey(place)) ?? [])].filter(([, until]) => until > now).map(([id]) => id);
}
