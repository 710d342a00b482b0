import { describe, expect, it } from "vitest";
import { emptiness } from "../../src/messages/empty";
import { fromApi, type Place } from "../../src/messages/model";
import {
  conversationOf,
  dmIds,
  marksAsRead,
  matches,
  nearId,
  toggleResolved,
  wholePlaces,
} from "../../src/narrow/data";
import { decodeOperand, encodeOperand, hashToNarrow, narrowKey, narrowToHash, toApi } from "../../src/narrow/terms";
import { apiMessage, CONTEXT, ME, NAMES } from "./fixtures";

const read = (hash: string) => hashToNarrow(hash, NAMES);

describe("operands in the hash", () => {
  it.each(["lunch break", "50% off.", "a/b", "c++ (new)", "naïve ☃ 🎉", "", "it's ~ok~ *now*!"])(
    "survives: %s",
    (text) => {
      const encoded = encodeOperand(text);
      expect(encoded).not.toMatch(/[%/() ]/);
      expect(decodeOperand(encoded)).toBe(text);
    },
  );

  it("refuses what is not an encoding", () => {
    expect(decodeOperand(".zz")).toBeUndefined();
  });
});

describe("reading and writing hashes", () => {
  it("reads new and old names of operators", () => {
    const expected = [
      { operator: "channel", operand: "12" },
      { operator: "topic", operand: "lunch break" },
    ];
    expect(read("#narrow/channel/12-design-team/topic/lunch.20break")).toEqual(expected);
    expect(read("#narrow/stream/12-anything/subject/lunch.20break")).toEqual(expected);
    expect(read("#narrow/pm-with/4,9-group")).toEqual([{ operator: "dm", ids: [4, 9] }]);
    expect(read("#narrow/is/private")).toEqual([{ operator: "is", operand: "dm" }]);
  });

  it("reads names and addresses where ids are missing", () => {
    expect(read("#narrow/stream/design.20team")).toEqual([{ operator: "channel", operand: "12" }]);
    expect(read("#narrow/stream/design-team")).toEqual([{ operator: "channel", operand: "12" }]);
    expect(read("#narrow/sender/user9.40x.2Eorg")).toEqual([{ operator: "sender", ids: [9] }]);
    expect(read("#narrow/sender/me")).toEqual([{ operator: "sender", ids: [ME] }]);
  });

  it("keeps negation", () => {
    const narrow = read("#narrow/-is/starred/search/tea");
    expect(narrow).toEqual([
      { operator: "is", operand: "starred", negated: true },
      { operator: "search", operand: "tea" },
    ]);
    expect(toApi(narrow ?? [])[0]).toEqual({ operator: "is", operand: "starred", negated: true });
  });

  it("refuses a hash of which any part makes no sense", () => {
    expect(read("#narrow/bogus/1")).toBeUndefined();
    expect(read("#narrow/dm/nobody")).toBeUndefined();
    expect(read("#narrow/channel/3-x/topic/.zz")).toBeUndefined();
  });

  it.each([
    "#narrow/channel/12-design-team/topic/lunch.20break",
    "#narrow/dm/4-Ada-Marsh",
    "#narrow/dm/4,9-group",
    "#narrow/is/starred",
    "#narrow/channel/3-Verona/topic/",
    "#narrow/channel/3-Verona/near/77",
  ])("comes back as it was: %s", (hash) => {
    expect(narrowToHash(read(hash) ?? [], NAMES)).toBe(hash);
  });

  it("gives the API numbers for people and channels", () => {
    expect(toApi(read("#narrow/channel/12-x/sender/9-Iago") ?? [])).toEqual([
      { operator: "channel", operand: 12 },
      { operator: "sender", operand: 9 },
    ]);
    expect(toApi(read("#narrow/dm/9-Iago") ?? [])).toEqual([{ operator: "dm", operand: [9] }]);
  });

  it("keeps one view for a narrow, wherever it starts and however its topic is written", () => {
    expect(narrowKey(read("#narrow/channel/3-V/topic/Lunch/near/5") ?? [])).toBe(
      narrowKey(read("#narrow/stream/3/topic/lunch") ?? []),
    );
  });
});

describe("what belongs to a narrow", () => {
  const inTopic = fromApi(apiMessage(1, { subject: "Lunch", flags: ["starred"] }), ME);
  const direct = fromApi(apiMessage(2, { type: "private", display_recipient: [{ id: 9 }, { id: ME }] }), ME);
  const check = (message: typeof inTopic, hash: string) => matches(message, read(hash) ?? [], ME, CONTEXT);

  it("decides by place, sender and flags", () => {
    expect(check(inTopic, "#narrow/channel/3/topic/lunch")).toBe(true);
    expect(check(inTopic, "#narrow/channel/3/topic/dinner")).toBe(false);
    expect(check(inTopic, "#narrow/-channel/3")).toBe(false);
    expect(check(inTopic, "#narrow/is/starred")).toBe(true);
    expect(check(direct, "#narrow/dm/9")).toBe(true);
    expect(check(direct, "#narrow/dm/4,9")).toBe(false);
    expect(check(direct, "#narrow/sender/10/-is/dm")).toBe(false);
    expect(check(direct, "#narrow/dm-including/9")).toBe(true);
  });

  it("leaves to the server what it cannot know, unless another term already decides", () => {
    expect(check(inTopic, "#narrow/search/tea")).toBeUndefined();
    expect(check(inTopic, "#narrow/search/tea/is/dm")).toBe(false);
  });
});

describe("what a narrow is", () => {
  it("knows a conversation when it sees one", () => {
    expect(conversationOf(read("#narrow/channel/3/topic/a/near/5") ?? [], ME)).toEqual({
      kind: "stream",
      streamId: 3,
      topic: "a",
    });
    expect(conversationOf(read("#narrow/dm/12,9,4") ?? [], ME)).toEqual({ kind: "dm", ids: [4, 9] });
    expect(conversationOf(read("#narrow/channel/3/topic/a/is/starred") ?? [], ME)).toBeUndefined();
    expect(conversationOf(read("#narrow/-channel/3/topic/a") ?? [], ME)).toBeUndefined();
  });

  it("puts a conversation with oneself under one's own id", () => {
    expect(dmIds([ME], ME)).toEqual([ME]);
    expect(dmIds([9, ME, 4, 9], ME)).toEqual([4, 9]);
  });

  it("does not mark search results and stars as read", () => {
    expect(marksAsRead(read("#narrow/channel/3") ?? [], ME)).toBe(true);
    expect(marksAsRead([], ME)).toBe(true);
    expect(marksAsRead(read("#narrow/is/starred") ?? [], ME)).toBe(false);
    expect(marksAsRead(read("#narrow/channel/3/search/x") ?? [], ME)).toBe(false);
  });

  it("starts where near says", () => {
    expect(nearId(read("#narrow/channel/3/near/17") ?? [])).toBe(17);
    expect(nearId(read("#narrow/channel/3/near/x") ?? [])).toBeUndefined();
  });

  it("resolves and unresolves topics", () => {
    expect(toggleResolved("lunch")).toBe("✔ lunch");
    expect(toggleResolved("✔ ✔ lunch")).toBe("lunch");
  });
});

describe("the whole conversations that a narrow shows", () => {
  const topic = { kind: "stream", streamId: 3, topic: "Lunch" } as const;
  const places: Place[] = [topic, { ...topic, topic: "tea" }, { ...topic, streamId: 4 }, { kind: "dm", ids: [4] }];
  const belonging = (hash: string) => {
    const belongs = wholePlaces(read(hash) ?? [], ME);
    return belongs && places.map((one) => Number(belongs(one))).join("");
  };

  it("are known of conversations, channels and kinds of them", () => {
    expect(belonging("#narrow/channel/3/topic/lunch")).toBe("1000");
    expect(belonging("#narrow/channel/3/near/17")).toBe("1100");
    expect(belonging("#narrow/is/dm")).toBe("0001");
    expect(belonging("#narrow/dm/4-ada")).toBe("0001");
    expect(wholePlaces([], ME)?.(topic)).toBe(true);
  });

  it.each(["#narrow/channel/3/sender/4", "#narrow/is/starred", "#narrow/search/tea", "#narrow/-channel/3"])(
    "are not known of %s, which picks messages out",
    (hash) => expect(belonging(hash)).toBeUndefined(),
  );
});

describe("a narrow without messages", () => {
  it.each([
    ["#narrow/search/tea", "search", "empty.search"],
    ["#narrow/dm/4-ada", "people", "empty.dm"],
    ["#narrow/channel/3/topic/lunch", "feed", "empty.topic"],
    ["#narrow/channel/3/near/17", "hash", "empty.channel"],
    ["#narrow/is/starred", "star", "empty.starred"],
    ["#narrow/is/dm", "people", "empty.dms"],
    ["#narrow/is/resolved", "feed", "empty.narrow"],
    ["#narrow/has/reaction/sender/me", "smile", "empty.reactions"],
    ["#narrow/is/starred/sender/4", "feed", "empty.narrow"],
  ])("%s", (hash, icon, text) => expect(emptiness(read(hash) ?? [], ME)).toEqual([icon, text]));

  it("is the feed where nothing is narrowed", () => expect(emptiness([], ME)).toEqual(["feed", "empty.feed"]));
});
