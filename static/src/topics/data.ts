// The topics of each stream, newest first, and the reader's policy for some of them.

import type { ServerEvent } from "../api/events";
import type { ApiUserTopic, MessageId, StreamId } from "../api/types";

/** Values of the API's visibility_policy. */
export const POLICY = { none: 0, muted: 1, unmuted: 2, followed: 3 } as const;

export interface Topic {
  name: string;
  maxId: MessageId;
}

export interface Topics {
  policies: ReadonlyMap<string, number>;
  /** Only streams whose list was fetched, or topics seen in messages. */
  lists: ReadonlyMap<StreamId, readonly Topic[]>;
  complete: ReadonlySet<StreamId>;
}

export function topicKey(streamId: StreamId, topic: string): string {
  return `${streamId}:${topic.toLowerCase()}`;
}

export function fromRegister(raw: readonly ApiUserTopic[]): Topics {
  const policies = raw.map((one) => [topicKey(one.stream_id, one.topic_name), one.visibility_policy] as const);
  return { policies: new Map(policies), lists: new Map(), complete: new Set() };
}

export function policyOf(topics: Topics, streamId: StreamId, topic: string): number {
  return topics.policies.get(topicKey(streamId, topic)) ?? POLICY.none;
}

/** A topic is muted by itself, or by its stream unless it was unmuted or is followed. */
export function isMuted(topics: Topics, streamMuted: boolean, streamId: StreamId, topic: string): boolean {
  const policy = policyOf(topics, streamId, topic);
  return policy === POLICY.muted || (streamMuted && policy === POLICY.none);
}

/** Puts a topic to the front when a message newer than its last was seen. */
export function seen(topics: Topics, streamId: StreamId, name: string, id: MessageId): Topics {
  const list = topics.lists.get(streamId) ?? [];
  const lower = name.toLowerCase();
  const known = list.find((one) => one.name.toLowerCase() === lower);
  if (known && known.maxId >= id) return topics;
  const next = [...list.filter((one) => one !== known), { name, maxId: id }].sort((a, b) => b.maxId - a.maxId);
  return { ...topics, lists: new Map(topics.lists).set(streamId, next) };
}

/** Takes over a fetched list. What was seen since it was asked for (when `before` was known) may not be in it. */
export function setList(
  topics: Topics,
  streamId: StreamId,
  list: readonly Topic[],
  before: readonly Topic[] = [],
): Topics {
  const known = new Set(before);
  const arrived = (topics.lists.get(streamId) ?? []).filter((one) => !known.has(one));
  const names = new Set(arrived.map((one) => one.name.toLowerCase()));
  const all = [...arrived, ...list.filter((one) => !names.has(one.name.toLowerCase()))];
  return {
    ...topics,
    lists: new Map(topics.lists).set(
      streamId,
      all.sort((a, b) => b.maxId - a.maxId),
    ),
    complete: new Set(topics.complete).add(streamId),
  };
}

function applyMove(topics: Topics, event: Extract<ServerEvent, { type: "update_message" }>): Topics {
  if (event.stream_id === undefined || (event.subject === undefined && event.new_stream_id === undefined))
    return topics;
  const name = event.subject ?? event.orig_subject ?? "";
  const moved = seen(topics, event.new_stream_id ?? event.stream_id, name, Math.max(...event.message_ids));
  // Whether the old topic still has messages is not known here: its list is fetched again when it is shown.
  const complete = new Set(moved.complete);
  complete.delete(event.stream_id);
  const old = event.orig_subject?.toLowerCase();
  const lists = new Map(moved.lists);
  lists.set(
    event.stream_id,
    (lists.get(event.stream_id) ?? []).filter((one) => one.name.toLowerCase() !== old || one.name === event.subject),
  );
  return { ...moved, lists, complete };
}

export function apply(topics: Topics, event: ServerEvent): Topics {
  switch (event.type) {
    case "user_topic": {
      const policies = new Map(topics.policies);
      const key = topicKey(event.stream_id, event.topic_name);
      if (event.visibility_policy === POLICY.none) policies.delete(key);
      else policies.set(key, event.visibility_policy);
      return { ...topics, policies };
    }
    case "message": {
      const { stream_id, subject, id } = event.message;
      return stream_id === undefined ? topics : seen(topics, stream_id, subject, id);
    }
    case "update_message":
      return applyMove(topics, event);
    default:
      return topics;
  }
}
