import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../../src/api/events";
import { inbox } from "../../src/inbox/data";
import type { Place } from "../../src/messages/model";
import * as people from "../../src/people/data";
import * as presence from "../../src/presence/data";
import * as streams from "../../src/streams/data";
import * as topics from "../../src/topics/data";
import * as typing from "../../src/typing/data";
import * as unread from "../../src/unread/data";
import { apiMessage, events, ME, register } from "./fixtures";

const sub = (stream_id: number, name: string, rest = {}) => ({
  stream_id,
  name,
  description: "",
  invite_only: false,
  color: "#123456",
  is_muted: false,
  pin_to_top: false,
  ...rest,
});
const messageEvent = (id: number, rest = {}, flags: string[] = []): ServerEvent => ({
  type: "message",
  id,
  message: apiMessage(id, rest),
  flags,
});

describe("unread", () => {
  const start = unread.fromRegister(
    {
      count: 5,
      pms: [{ other_user_id: 9, unread_message_ids: [4] }],
      streams: [{ stream_id: 3, topic: "Lunch", unread_message_ids: [1, 2, 3] }],
      huddles: [{ user_ids_string: "4,9,12", unread_message_ids: [5] }],
      mentions: [2, 77],
    },
    ME,
  );
  const none = () => false;

  it("counts by conversation, stream and altogether", () => {
    const counts = unread.count(start, none);
    expect(counts).toMatchObject({ dms: 2, total: 5, mentions: 1 });
    expect(counts.places.get("s:3:lunch")).toMatchObject({ count: 3, latest: 3, oldest: 1, mentioned: true });
    expect(counts.places.get("d:4,9")?.count).toBe(1);
    expect(counts.streams.get(3)).toEqual({ count: 3, mutedCount: 0, mentioned: true });
  });

  it("leaves muted topics out of the total", () => {
    const counts = unread.count(start, () => true);
    expect(counts.total).toBe(2);
    expect(counts.streams.get(3)).toMatchObject({ count: 0, mutedCount: 3 });
  });

  it("grows with messages of others and not with those already read", () => {
    let state = unread.apply(start, messageEvent(10, {}, ["mentioned"]), ME);
    state = unread.apply(state, messageEvent(11, {}, ["read"]), ME);
    expect(unread.count(state, none)).toMatchObject({ total: 6, mentions: 2 });
  });

  it("shrinks when messages are read, deleted, or the stream is left", () => {
    const read = (ids: number[]): ServerEvent => ({
      type: "update_message_flags",
      id: 1,
      op: "add",
      flag: "read",
      messages: ids,
      all: false,
    });
    expect(unread.count(unread.apply(start, read([1, 4, 1000]), ME), none).total).toBe(3);
    expect(
      unread.count(unread.apply(start, { type: "delete_message", id: 1, message_ids: [2] }, ME), none),
    ).toMatchObject({ total: 4, mentions: 0 });
    const left = events("unsubscribe_self").reduce((state, event) => unread.apply(state, event, ME), start);
    expect(unread.count(left, none).total).toBe(2);
    const cleared = events("mark_all_as_read").reduce((state, event) => unread.apply(state, event, ME), start);
    expect(unread.count(cleared, none).total).toBe(0);
  });

  it("follows a move", () => {
    const move = events("move_topic_to_stream").filter((one) => one.type === "update_message");
    const moved = unread.fromRegister(
      {
        count: 1,
        pms: [],
        huddles: [],
        mentions: [],
        streams: [{ stream_id: 3, topic: "moved again", unread_message_ids: [101] }],
      },
      ME,
    );
    const after = move.reduce((state, event) => unread.apply(state, event, ME), moved);
    expect([...unread.count(after, none).places.keys()]).toEqual(["s:4:moved again"]);
  });

  it("brings back what is marked unread", () => {
    const event: ServerEvent = {
      type: "update_message_flags",
      id: 1,
      op: "remove",
      flag: "read",
      messages: [50, 51],
      all: false,
      message_details: {
        50: { type: "stream", stream_id: 3, topic: "tea", mentioned: true },
        51: { type: "private", user_ids: [9] },
      },
    };
    const counts = unread.count(unread.apply(start, event, ME), none);
    expect(counts.places.get("s:3:tea")?.mentioned).toBe(true);
    expect(counts.places.get("d:9")?.count).toBe(2);
  });

  it("makes the inbox", () => {
    const state = streams.fromRegister(
      register({ subscriptions: [sub(3, "Verona"), sub(8, "Aa", { pin_to_top: true })] }),
    );
    const more = unread.apply(start, messageEvent(20, { stream_id: 8, subject: "x" }), ME);
    const made = inbox(unread.count(more, none), state, none);
    expect(made.streams.map((one) => one.stream.name)).toEqual(["Aa", "Verona"]);
    expect(made.dms.map((one) => one.latest)).toEqual([5, 4]);
    expect(inbox(unread.count(more, none), state, () => true).streams).toEqual([]);
  });
});

describe("streams", () => {
  const start = streams.fromRegister(register({ subscriptions: [sub(3, "Verona"), sub(22, "oracle renamed")] }));
  const run = (action: Parameters<typeof events>[0], state = start) =>
    events(action).reduce((at, event) => streams.apply(at, event, ME), state);

  it("renames, recolours, leaves, joins and archives", () => {
    expect(
      run("stream_update_name", streams.fromRegister(register({ subscriptions: [sub(22, "oracle public")] }))).get(22)
        ?.name,
    ).toBe("oracle renamed");
    expect(run("subscription_property_color").get(3)?.color).toBe("#f00f00");
    expect(run("unsubscribe_self").get(3)?.isSubscribed).toBe(false);
    expect(run("subscribe_other", run("unsubscribe_self")).get(3)?.isSubscribed).toBe(true);
    expect(run("archive_stream").has(22)).toBe(false);
    expect(run("create_stream_web_public").get(25)).toMatchObject({
      name: "oracle web",
      isSubscribed: true,
      isWebPublic: true,
    });
  });

  it("offers one's own to write in, and the one that is written in already", () => {
    const names = (state: streams.Streams, current?: number) =>
      streams.destinations(state, current).map((one) => one.name);
    const left = run("unsubscribe_self");
    expect(names(start)).toEqual(["oracle renamed", "Verona"]);
    expect(names(left)).toEqual(["oracle renamed"]);
    expect(names(left, 3)).toEqual(["oracle renamed", "Verona"]);
  });

  it("sorts into sections", () => {
    const all = streams.fromRegister(
      register({
        subscriptions: [
          sub(1, "zeta"),
          sub(2, "Alpha"),
          sub(3, "mid", { is_muted: true }),
          sub(4, "top", { pin_to_top: true, is_muted: true }),
        ],
      }),
    );
    const { pinned, active, muted } = streams.sections(all);
    expect([pinned, active, muted].map((list) => list.map((one) => one.name))).toEqual([
      ["top"],
      ["Alpha", "zeta"],
      ["mid"],
    ]);
  });
});

describe("topics", () => {
  const start = topics.fromRegister([]);

  it("keeps policies", () => {
    const muted = events("mute_topic").reduce(topics.apply, start);
    expect(topics.isMuted(muted, false, 3, "Moved Topic")).toBe(true);
    const cleared = events("clear_topic_visibility").reduce(topics.apply, muted);
    expect(topics.isMuted(cleared, false, 3, "moved topic")).toBe(false);
    expect(topics.isMuted(cleared, true, 3, "moved topic")).toBe(true);
  });

  it("lists the newest first, one entry whatever the case", () => {
    let state = topics.seen(start, 3, "a", 5);
    state = topics.seen(state, 3, "b", 7);
    state = topics.seen(state, 3, "A", 9);
    expect(state.lists.get(3)).toEqual([
      { name: "A", maxId: 9 },
      { name: "b", maxId: 7 },
    ]);
    expect(topics.seen(state, 3, "b", 2)).toBe(state);
  });

  it("forgets that a list is complete when a topic leaves it", () => {
    const state = topics.setList(start, 3, [{ name: "moved again", maxId: 101 }]);
    const after = events("move_topic_to_stream")
      .filter((one) => one.type === "update_message")
      .reduce(topics.apply, state);
    expect(after.complete.has(3)).toBe(false);
    expect(after.lists.get(4)?.[0]?.name).toBe("moved again");
  });

  it("keeps what was seen while a list was on its way", () => {
    const asked = topics.seen(topics.seen(start, 3, "old", 5), 3, "gone meanwhile", 6);
    const then = topics.seen(asked, 3, "just begun", 9);
    const after = topics.setList(then, 3, [{ name: "Old", maxId: 5 }], asked.lists.get(3));
    expect(after.lists.get(3)).toEqual([
      { name: "just begun", maxId: 9 },
      { name: "Old", maxId: 5 },
    ]);
  });
});

describe("people, presence, typing", () => {
  const user = (user_id: number, full_name: string) => ({
    user_id,
    full_name,
    email: `${user_id}@x.org`,
    is_bot: false,
  });

  it("renames people and keeps their status", () => {
    let state = people.fromRegister(register({ realm_users: [user(10, "King Hamlet")] }));
    for (const event of [...events("change_own_name"), ...events("user_status")]) state = people.apply(state, event);
    expect(state.byId.get(10)?.name).toBe("King Hamlet II");
    expect(state.status.get(10)).toMatchObject({ status_text: "in a meeting", emoji_name: "car" });
    state = people.apply(state, { type: "user_status", id: 1, user_id: 10, status_text: "", emoji_name: "" });
    expect(state.status.has(10)).toBe(false);
  });

  it("knows who is here, by the server's clock", () => {
    const server = 1795231367;
    let state = presence.fromRegister(
      register({ server_timestamp: server, server_presence_offline_threshold_seconds: 140 }),
      1000,
    );
    for (const event of events("presence_enabled")) state = presence.apply(state, event);
    expect(presence.availability(state, 10, 1000)).toBe("active");
    expect(presence.availability(state, 10, 1200)).toBe("offline");
    expect(presence.availability(state, 11, 1000)).toBe("offline");
    const idle = presence.merge(state, { 10: { active_timestamp: 0, idle_timestamp: server } });
    expect(presence.availability(idle, 10, 1000)).toBe("idle");
  });

  it("shows who writes until they stop, send, or time passes", () => {
    const feed = (state: typing.Typing, list: ServerEvent[]) =>
      list.reduce((at, event) => (event.type === "typing" ? typing.apply(at, event, ME, 0, 100) : at), state);
    const dm = { kind: "dm" as const, ids: [10] };
    const started = feed(new Map(), events("typing_start_dm"));
    expect(typing.writers(started, dm, 50)).toEqual([10]);
    expect(typing.writers(started, dm, 150)).toEqual([]);
    expect(typing.writers(feed(started, events("typing_stop_dm")), dm, 50)).toEqual([]);
    expect(typing.writers(typing.stopped(started, dm, 10), dm, 50)).toEqual([]);
    const inStream = feed(new Map(), events("typing_start_stream"));
    expect(typing.writers(inStream, { kind: "stream", streamId: 3, topic: "Moved topic" }, 50)).toEqual([10]);
  });

  it("makes initials", () => {
    expect(["Ada Marsh", "Zoe", "José María García", "", "李 小龍"].map(people.initials)).toEqual([
      "AM",
      "Z",
      "JG",
      "",
      "李小",
    ]);
  });
});

it("the number on the icon counts what its setting says", () => {
  const place = (streamId: number) => ({ kind: "stream" as const, streamId, topic: "t" });
  const state = {
    ...unread.fromRegister({ count: 0, streams: [], pms: [], huddles: [], mentions: [] }, 1),
    places: new Map<number, Place>([
      [1, place(1)],
      [2, place(2)],
      [3, place(3)],
      [4, { kind: "dm" as const, ids: [5] }],
    ]),
    mentions: new Set([2]),
  };
  const count = (display: number) => unread.iconCount(state, 4, display, (id) => id === 3);
  const { all, followed, direct, nothing } = unread.ICON_COUNT;
  expect([all, followed, direct, nothing].map(count)).toEqual([4, 3, 2, 0]);
});
