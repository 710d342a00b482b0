import { describe, expect, it } from "vitest";
import { nextUnread } from "../../src/keyboard/next";
import type { Place } from "../../src/messages/model";
import type { PlaceCount } from "../../src/unread/data";

const topic = (streamId: number, name: string): Place => ({ kind: "stream", streamId, topic: name });
const unread = (place: Place, oldest: number): PlaceCount => ({
  place,
  count: 1,
  latest: oldest,
  oldest,
  mentioned: false,
});

/** The sidebar shows channel 7 above channel 3. */
const rankOf = (id: number) => [7, 3].indexOf(id);
const ALL = [unread(topic(3, "late"), 9), unread(topic(7, "young"), 8), unread(topic(7, "old"), 2)];
const at = (place: Place) => ({ place, stream: place.kind === "stream" ? place.streamId : undefined });

describe("the next unread conversation", () => {
  it("is the oldest of the first channel for who is nowhere", () => {
    expect(nextUnread(ALL, rankOf, { place: undefined, stream: undefined })).toEqual(topic(7, "old"));
  });

  it("follows where one is, though that is unread still, and goes around the end", () => {
    expect(nextUnread(ALL, rankOf, at(topic(7, "old")))).toEqual(topic(7, "young"));
    expect(nextUnread(ALL, rankOf, at(topic(7, "young")))).toEqual(topic(3, "late"));
    expect(nextUnread(ALL, rankOf, at(topic(3, "late")))).toEqual(topic(7, "old"));
  });

  it("is in the channel that one is in, or in the one below", () => {
    expect(nextUnread(ALL, rankOf, at(topic(3, "all read")))).toEqual(topic(3, "late"));
    expect(nextUnread(ALL.slice(0, 1), rankOf, at(topic(7, "all read")))).toEqual(topic(3, "late"));
    expect(nextUnread(ALL, rankOf, { place: undefined, stream: 3 })).toEqual(topic(3, "late"));
  });

  it("is never where one is", () => {
    expect(nextUnread([unread(topic(7, "Old"), 2)], rankOf, at(topic(7, "old")))).toBeUndefined();
    expect(nextUnread([], rankOf, at(topic(7, "old")))).toBeUndefined();
  });

  it("goes around direct messages, the longest waiting first", () => {
    const dms = [unread({ kind: "dm", ids: [4] }, 5), unread({ kind: "dm", ids: [9] }, 3)];
    expect(nextUnread(dms, rankOf, at(topic(3, "late")))).toEqual({ kind: "dm", ids: [9] });
    expect(nextUnread(dms, rankOf, at({ kind: "dm", ids: [9] }))).toEqual({ kind: "dm", ids: [4] });
    expect(nextUnread(dms, rankOf, at({ kind: "dm", ids: [4] }))).toEqual({ kind: "dm", ids: [9] });
  });
});
