import { describe, expect, it } from "vitest";
import { PatchedMap } from "../../src/app/patched";
import { step } from "../../src/lightbox/data";
import { fromApi } from "../../src/messages/model";
import { isReactionsToMe } from "../../src/narrow/data";
import { type Conversation, conversations, NEWEST_FIRST, ordered, reorder } from "../../src/recent/data";
import {
  applyFolders,
  DEMOTE,
  foldersFrom,
  isCounted,
  STREAM_COUNTS,
  type Stream,
  sections,
} from "../../src/streams/data";
import { apiMessage, ME } from "./fixtures";

describe("a patched map", () => {
  it("is what a map would be, in every version of it", () => {
    const plain = new Map<number, string>();
    let patched = PatchedMap.from<number, string>();
    const versions: [PatchedMap<number, string>, Map<number, string>][] = [];
    for (let i = 0; i < 2000; i++) {
      const key = (i * 37) % 500;
      if (i % 3 === 0) {
        plain.delete(key);
        patched = patched.without([key]);
      } else {
        plain.set(key, `v${i}`);
        patched = patched.with([[key, `v${i}`]]);
      }
      if (i % 250 === 0) versions.push([patched, new Map(plain)]);
    }
    versions.push([patched, plain]);
    for (const [is, should] of versions) {
      expect(new Map(is)).toEqual(should);
      expect(is.size).toBe(should.size);
      for (const key of [0, 3, 37, 499]) {
        expect(is.get(key)).toBe(should.get(key));
        expect(is.has(key)).toBe(should.has(key));
      }
    }
  });

  it("stays the same when nothing goes", () => {
    const map = PatchedMap.from([[1, "a"]]);
    expect(map.without([2])).toBe(map);
  });
});

describe("recent conversations in order", () => {
  const list = conversations(
    [
      apiMessage(1, { subject: "b", sender_id: 10 }),
      apiMessage(2, { subject: "b", sender_id: 11 }),
      apiMessage(3, { subject: "a10", sender_id: 10 }),
      apiMessage(4, { subject: "a9", sender_id: 10 }),
    ].map((raw) => fromApi(raw, ME)),
    ME,
  );
  const label = (one: Conversation) => (one.place.kind === "stream" ? one.place.topic : "");
  const unread = (one: Conversation) => (label(one) === "a10" ? 5 : 0);
  const topics = (order = NEWEST_FIRST) => ordered(list, order, label, unread).map(label);

  it("sorts by each column, equals newest first", () => {
    expect(topics()).toEqual(["a9", "a10", "b"]);
    expect(topics({ column: "conversation", reversed: false })).toEqual(["a9", "a10", "b"]);
    expect(topics({ column: "conversation", reversed: true })).toEqual(["b", "a10", "a9"]);
    expect(topics({ column: "unread", reversed: false })).toEqual(["a10", "a9", "b"]);
    expect(topics({ column: "people", reversed: false })).toEqual(["b", "a9", "a10"]);
  });

  it("turns round on the second click", () => {
    const once = reorder(NEWEST_FIRST, "people");
    expect(once).toEqual({ column: "people", reversed: false });
    expect(reorder(once, "people")).toEqual({ column: "people", reversed: true });
  });
});

describe("the sidebar's sections", () => {
  const stream = (id: number, changes: Partial<Stream>): [number, Stream] => [
    id,
    {
      id,
      name: `s${id}`,
      description: "",
      isPrivate: false,
      isWebPublic: false,
      isHistoryShared: true,
      isArchived: false,
      isSubscribed: true,
      color: "",
      isMuted: false,
      isPinned: false,
      weeklyTraffic: null,
      subscriberCount: 0,
      notify: {},
      isRecentlyActive: true,
      folderId: undefined,
      topicsPolicy: "inherit",
      administrators: undefined,
      removers: undefined,
      ...changes,
    },
  ];
  const ids = (list: Stream[]) => list.map((one) => one.id);
  const raw = { description: "", is_archived: false };

  it("puts each stream in the first section that fits", () => {
    const folders = foldersFrom([{ id: 7, name: "Work", ...raw }]);
    const streams = new Map([
      stream(1, { isPinned: true, folderId: 7 }),
      stream(2, { folderId: 7, isMuted: true }),
      stream(3, { folderId: 8 }),
      stream(4, { isRecentlyActive: false }),
      stream(5, { isMuted: true }),
      stream(6, { isSubscribed: false }),
      stream(9, { isArchived: true }),
    ]);
    const found = sections(streams, folders, DEMOTE.always);
    expect(ids(found.pinned)).toEqual([1]);
    expect(found.folders.map((one) => [one.name, ids(one.streams)])).toEqual([["Work", [2]]]);
    expect([ids(found.active), ids(found.inactive), ids(found.muted)]).toEqual([[3], [4], [5]]);
  });

  it("has quiet streams apart as the reader wishes, or when there are many", () => {
    const quiet = (count: number) =>
      new Map(Array.from({ length: count }, (_, i) => stream(i + 1, { isRecentlyActive: i > 0 })));
    const apart = (count: number, demote?: number) => sections(quiet(count), new Map(), demote).inactive.length;
    expect([apart(29), apart(30)]).toEqual([0, 1]);
    expect([apart(2, DEMOTE.always), apart(40, DEMOTE.never)]).toEqual([1, 0]);
  });

  it("follows the events of folders", () => {
    const base = { id: 1, type: "channel_folder" } as const;
    let folders = foldersFrom([{ id: 7, name: "Work", ...raw }]);
    folders = applyFolders(folders, { ...base, op: "add", channel_folder: { id: 8, name: "Play", ...raw } });
    folders = applyFolders(folders, { ...base, op: "update", channel_folder_id: 7, data: { name: "Labour" } });
    folders = applyFolders(folders, { ...base, op: "reorder", order: [8, 7] });
    expect([...sections(new Map(), folders).folders].map((one) => one.name)).toEqual(["Play", "Labour"]);
    folders = applyFolders(folders, { ...base, op: "update", channel_folder_id: 8, data: { is_archived: true } });
    expect([...folders.keys()]).toEqual([7]);
  });
});

describe("views with names", () => {
  it("knows the reactions to one's own messages", () => {
    const has = { operator: "has", operand: "reaction" } as const;
    expect(isReactionsToMe([has, { operator: "sender", ids: [ME] }], ME)).toBe(true);
    expect(isReactionsToMe([has, { operator: "sender", ids: [ME + 1] }], ME)).toBe(false);
    expect(isReactionsToMe([has], ME)).toBe(false);
  });
});

describe("the lightbox", () => {
  it("stops at either end", () => {
    expect([step(0, -1, 3), step(0, 1, 3), step(2, 1, 3)]).toEqual([0, 1, 2]);
  });
});

describe("unread messages in the sidebar", () => {
  it("are counted, or only marked, as the reader wishes", () => {
    const shown = (policy: number) => [isCounted(policy, false), isCounted(policy, true)];
    expect(shown(STREAM_COUNTS.all)).toEqual([true, true]);
    expect(shown(STREAM_COUNTS.unmuted)).toEqual([true, false]);
    expect(shown(STREAM_COUNTS.none)).toEqual([false, false]);
  });
});
