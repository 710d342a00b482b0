import { expect, test } from "vitest";
import { PatchedMap } from "../../src/app/patched";
import { addPiece, NO_MESSAGES } from "../../src/messages/data";
import type { Message } from "../../src/messages/model";
import * as data from "../../src/outbox/data";

const entry = (localId: string, changes: Partial<data.Outgoing> = {}): data.Outgoing => ({
  localId,
  place: { kind: "stream", streamId: 1, topic: "t" },
  raw: "hello",
  at: 1000,
  owner: "here",
  state: "waiting",
  doubtful: false,
  ...changes,
});

test("entries keep their order while their state changes", () => {
  let outbox = data.put(data.put([], entry("a")), entry("b"));
  outbox = data.put(outbox, entry("a", { state: "failed" }));
  expect(outbox.map((one) => [one.localId, one.state])).toEqual([
    ["a", "failed"],
    ["b", "waiting"],
  ]);
  expect(data.drop(outbox, "a").map((one) => one.localId)).toEqual(["b"]);
});

test("a window takes over from windows that are gone, and only from them", () => {
  const stored = [entry("a", { owner: "gone", state: "sending" }), entry("b", { owner: "other" }), entry("c")];
  const { left, others } = data.adopt(stored, "here", new Set(["here", "other"]));
  expect(left).toEqual([entry("a", { owner: "here", state: "waiting", doubtful: true })]);
  expect(others.map((one) => one.localId)).toEqual(["b"]);
  expect(data.withOwn(others, "here", left).map((one) => one.localId)).toEqual(["b", "a"]);
});

test("a refused message stays refused over a reload", () => {
  const { left } = data.adopt([entry("a", { owner: "gone", state: "failed" })], "here", new Set());
  expect(left[0]?.state).toBe("failed");
});

test("what may have arrived is looked for before it is sent again", () => {
  const doubtful = entry("a", { raw: " hello\n", doubtful: true });
  expect(data.arrived(doubtful, [{ content: "hello", timestamp: 1001 }])).toBe(true);
  expect(data.arrived(doubtful, [{ content: "hello", timestamp: 900 }])).toBe(false);
  expect(data.arrived(doubtful, [{ content: "hello you", timestamp: 1001 }])).toBe(false);
});

test("copies sort after everything known, in the order of writing", () => {
  const first = data.localMessageId([7, 9], 20);
  const second = data.localMessageId([7, 9, first], 20);
  expect(first).toBeGreaterThan(20);
  expect(second).toBeGreaterThan(first);
  expect(second).toBeLessThan(21);
});

test("a copy is missing from a view that was fetched anew", () => {
  const copy: Message = {
    id: 20.01,
    senderId: 1,
    senderName: "",
    avatarUrl: null,
    content: "",
    timestamp: 1000,
    place: { kind: "stream", streamId: 1, topic: "t" },
    reactions: [],
    submessages: [],
    flags: new Set(),
    isMe: false,
  };
  const context = {
    me: 1,
    isTopicMuted: () => false,
    isTopicFollowed: () => false,
    isUnread: () => false,
    isWebPublic: () => false,
    isPublic: () => true,
  };
  const narrow = [{ operator: "channel" as const, operand: "1" }];
  const piece = { narrow, messages: [], foundOldest: true, foundNewest: true, extends: "none" as const };
  const known = { ...NO_MESSAGES, byId: PatchedMap.from([[copy.id, copy]]) };
  expect(data.isMissing(NO_MESSAGES, copy, context)).toBe(true);
  expect(data.isMissing(addPiece(known, piece), copy, context)).toBe(true);
  expect(data.isMissing(addPiece(known, { ...piece, messages: [copy] }), copy, context)).toBe(false);
  expect(data.isMissing(addPiece(known, { ...piece, foundNewest: false }), copy, context)).toBe(false);
});

test("unreadable storage is nothing", () => {
  for (const stored of [null, "{", "{}", "[null,{}]"]) expect(data.parse(stored)).toEqual([]);
});
