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
