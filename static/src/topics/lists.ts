// The lists of topics: fetched when a stream is first entered, kept up by what arrives.

import { getTopics } from "../api/calls";
import type { StreamId } from "../api/types";
import { signalError } from "../app/feedback";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import type { Stream } from "../streams/data";
import { setList, type Topic } from "./data";

/** Fetches a stream's topics, unless they are known. */
export async function fetchTopics(streamId: StreamId): Promise<void> {
  // Spectators see those of the messages that they have read.
  if (isSpectator || state.topics.peek().complete.has(streamId)) return;
  const before = state.topics.peek().lists.get(streamId);
  const { topics } = await getTopics(streamId);
  const list: Topic[] = topics.map((one) => ({ name: one.name, maxId: one.max_id }));
  state.topics.value = setList(state.topics.peek(), streamId, list, before);
}

/** The same, where one goes on without them. */
export const needTopics = (streamId: StreamId) => fetchTopics(streamId).catch(signalError);

/** The topics of a stream that are known, the latest first. */
export function topicsOf(stream: Stream): Topic[] {
  const list = [...(state.topics.value.lists.get(stream.id) ?? [])];
  const known = new Set(list.map((one) => one.name.toLowerCase()));
  for (const { place, latest } of state.counts.value.places.values()) {
    if (place.kind !== "stream" || place.streamId !== stream.id || known.has(place.topic.toLowerCase())) continue;
    list.push({ name: place.topic, maxId: latest });
  }
  return list.sort((a, b) => b.maxId - a.maxId);
}
