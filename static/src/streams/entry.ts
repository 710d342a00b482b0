// Where following a link to a channel leads, as web_channel_default_view says.

import { go } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import { placeKey } from "../messages/model";
import { narrowToStream } from "../narrow/data";
import { isMuted } from "../topics/data";
import { needTopics, topicsOf } from "../topics/lists";
import { CHANNEL_VIEW, type Stream } from "./data";

export const topicListHash = (stream: Stream) => `#topics/channel/${stream.id}`;

/** The topic that is opened first: the latest, or the latest with news. Muted ones are passed over. */
function firstTopic(stream: Stream, unreadFirst: boolean): string | undefined {
  const all = topicsOf(stream).filter((one) => !isMuted(state.topics.peek(), stream.isMuted, stream.id, one.name));
  const hasNews = (topic: string) =>
    state.counts.peek().places.has(placeKey({ kind: "stream", streamId: stream.id, topic }));
  const unread = unreadFirst ? all.find((one) => hasNews(one.name)) : undefined;
  return (unread ?? all[0])?.name;
}

export async function enterStream(stream: Stream): Promise<void> {
  const wish = state.settings.peek().web_channel_default_view ?? CHANNEL_VIEW.feed;
  if (isSpectator || wish === CHANNEL_VIEW.feed) return go(narrowToStream(stream.id));
  if (wish === CHANNEL_VIEW.topics) return go(topicListHash(stream));
  const before = location.hash;
  await needTopics(stream.id);
  // Whoever went elsewhere meanwhile stays there.
  if (location.hash !== before) return;
  const topic = firstTopic(stream, wish === CHANNEL_VIEW.topUnread);
  go(topic === undefined ? narrowToStream(stream.id) : { kind: "stream", streamId: stream.id, topic });
}
