// A message as the client keeps it, and the place (conversation) it is in.

import type { ApiMessage, ApiReaction, MessageId, StreamId, UserId } from "../api/types";
import type { Submessage } from "../widgets/data";

/** A conversation. `ids` of direct messages are the others, sorted; oneself only when alone. */
export type Place = { kind: "stream"; streamId: StreamId; topic: string } | { kind: "dm"; ids: UserId[] };

/** What became of a message that was sent from here and is not confirmed yet. */
export interface Echo {
  localId: string;
  raw: string;
  state: "sending" | "waiting" | "failed";
  error?: string;
}

export interface Message {
  id: MessageId;
  senderId: UserId;
  senderName: string;
  avatarUrl: string | null;
  content: string;
  timestamp: number;
  place: Place;
  reactions: readonly ApiReaction[];
  submessages: readonly Submessage[];
  /** All but "read": what is unread is known for all messages, fetched or not (`unread/data.ts`). */
  flags: ReadonlySet<string>;
  isMe: boolean;
  editedAt?: number;
  movedAt?: number;
  echo?: Echo;
}

/** One string per conversation. Topics compare without regard to case. */
export function placeKey(place: Place): string {
  return place.kind === "dm" ? `d:${place.ids.join(",")}` : `s:${place.streamId}:${place.topic.toLowerCase()}`;
}

export function samePlace(a: Place, b: Place): boolean {
  return placeKey(a) === placeKey(b);
}

function placeOf(raw: ApiMessage, me: UserId): Place {
  if (raw.type === "stream" || raw.type === "channel") {
    return { kind: "stream", streamId: raw.stream_id ?? 0, topic: raw.subject };
  }
  const ids = Array.isArray(raw.display_recipient) ? raw.display_recipient.map((user) => user.id) : [];
  const others = ids.filter((id) => id !== me).sort((a, b) => a - b);
  return { kind: "dm", ids: others.length > 0 ? others : [me] };
}

/** Reads a message of the API. Events carry the flags beside the message: pass them. */
export function fromApi(raw: ApiMessage, me: UserId, flags = raw.flags ?? []): Message {
  return {
    id: raw.id,
    senderId: raw.sender_id,
    senderName: raw.sender_full_name,
    avatarUrl: raw.avatar_url ?? null,
    content: raw.match_content ?? raw.content,
    timestamp: raw.timestamp,
    place: placeOf(raw, me),
    reactions: raw.reactions,
    submessages: raw.submessages ?? [],
    flags: new Set(flags.filter((flag) => flag !== "read")),
    isMe: raw.is_me_message ?? false,
    ...(raw.last_edit_timestamp ? { editedAt: raw.last_edit_timestamp } : {}),
    ...(raw.last_moved_timestamp ? { movedAt: raw.last_moved_timestamp } : {}),
  };
}
