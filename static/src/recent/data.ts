// Recent conversations, from the messages that are known.

import type { MessageId, UserId } from "../api/types";
import type { Message, Place } from "../messages/model";
import { placeKey } from "../messages/model";

export interface Conversation {
  key: string;
  place: Place;
  latest: MessageId;
  at: number;
  /** Latest writer first, each once. */
  people: UserId[];
  mine: boolean;
}

/** Groups messages by conversation, the most recently active first. */
export function conversations(messages: Iterable<Message>, me: UserId): Conversation[] {
  const found = new Map<string, Conversation & { all: Message[] }>();
  for (const message of messages) {
    if (message.echo) continue;
    const key = placeKey(message.place);
    const known = found.get(key);
    if (!known) {
      found.set(key, {
        key,
        place: message.place,
        latest: message.id,
        at: message.timestamp,
        people: [],
        mine: false,
        all: [message],
      });
      continue;
    }
    known.all.push(message);
    if (message.id > known.latest)
      Object.assign(known, { latest: message.id, at: message.timestamp, place: message.place });
  }
  const list = [...found.values()].map(({ all, ...one }) => ({
    ...one,
    people: [...new Set(all.sort((a, b) => b.id - a.id).map((message) => message.senderId))],
    mine: all.some((message) => message.senderId === me),
  }));
  return list.sort((a, b) => b.latest - a.latest);
}

export type Column = "conversation" | "unread" | "people" | "time";

export interface Order {
  column: Column;
  /** The other way round than the column's first way (names from A, numbers and times from the highest). */
  reversed: boolean;
}

export const NEWEST_FIRST: Order = { column: "time", reversed: false };

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/** Puts conversations in the order of a column; equals stay newest first. */
export function ordered(
  list: readonly Conversation[],
  { column, reversed }: Order,
  labelOf: (one: Conversation) => string,
  unreadOf: (one: Conversation) => number,
): Conversation[] {
  const compare: Record<Column, (a: Conversation, b: Conversation) => number> = {
    conversation: (a, b) => collator.compare(labelOf(a), labelOf(b)),
    unread: (a, b) => unreadOf(b) - unreadOf(a),
    people: (a, b) => b.people.length - a.people.length,
    time: (a, b) => b.latest - a.latest,
  };
  const sign = reversed ? -1 : 1;
  return [...list].sort((a, b) => sign * compare[column](a, b) || b.latest - a.latest);
}

/** What a click on a column's heading makes of the order. */
export function reorder(order: Order, column: Column): Order {
  return { column, reversed: order.column === column && !order.reversed };
}

export interface Filter {
  unreadOnly: boolean;
  participated: boolean;
  includeDms: boolean;
  includeMuted: boolean;
  query: string;
}

export const NO_FILTER: Filter = {
  unreadOnly: false,
  participated: false,
  includeDms: true,
  includeMuted: false,
  query: "",
};
