// The inbox: unread conversations, direct messages first, then streams, newest on top.

import type { StreamId } from "../api/types";
import { byName, type Stream } from "../streams/data";
import type { Counts, PlaceCount } from "../unread/data";

export interface InboxStream {
  stream: Stream;
  count: number;
  topics: PlaceCount[];
}

export interface Inbox {
  dms: PlaceCount[];
  streams: InboxStream[];
}

const newest = (a: PlaceCount, b: PlaceCount) => b.latest - a.latest;

export function inbox(
  counts: Counts,
  streams: ReadonlyMap<StreamId, Stream>,
  isMuted: (streamId: StreamId, topic: string) => boolean,
): Inbox {
  const dms: PlaceCount[] = [];
  const byStream = new Map<StreamId, PlaceCount[]>();
  for (const one of counts.places.values()) {
    const { place } = one;
    if (place.kind === "dm") dms.push(one);
    else if (!isMuted(place.streamId, place.topic) && streams.has(place.streamId)) {
      byStream.set(place.streamId, [...(byStream.get(place.streamId) ?? []), one]);
    }
  }
  const list = [...byStream].flatMap(([id, topics]) => {
    const stream = streams.get(id);
    const count = topics.reduce((sum, one) => sum + one.count, 0);
    return stream ? [{ stream, count, topics: topics.sort(newest) }] : [];
  });
  list.sort((a, b) => Number(b.stream.isPinned) - Number(a.stream.isPinned) || byName(a.stream, b.stream));
  return { dms: dms.sort(newest), streams: list };
}
