import { describe, expect, it } from "vitest";
import { check, matchRank, mentionOf, quote, rank, triggerAt } from "../../src/compose/data";
import { characters, search } from "../../src/emoji/data";

describe("what is being completed", () => {
  it.each([
    ["hello @ad", { kind: "person", query: "ad", from: 6, silent: false }],
    ["@_ad", { kind: "person", query: "ad", from: 0, silent: true }],
    ["at <time:tomorrow 9", { kind: "time", query: "tomorrow 9", from: 3 }],
    ["see #des", { kind: "stream", query: "des", from: 4 }],
    ["see #**design>lun", { kind: "topic", stream: "design", query: "lun", from: 4 }],
    ["yes :tad", { kind: "emoji", query: "tad", from: 4 }],
    ["```ru", { kind: "language", query: "ru", from: 3 }],
    ["/po", { kind: "command", query: "po", from: 0 }],
  ])("%s", (before, expected) => {
    expect(triggerAt(before)).toEqual(expected);
  });

  it.each(["mail me a@b", "at 10:30", "say hi", "a/po", "# heading", "@**Ada Marsh** ", "#**design>x** "])(
    "nothing: %s",
    (before) => {
      expect(triggerAt(before)).toBeUndefined();
    },
  );
});

describe("ranking", () => {
  it("puts whole names before beginnings before words before the rest", () => {
    const names = ["old design", "redesign", "designers", "design"];
    expect(rank(names, (one) => one, "design", 9)).toEqual(["design", "designers", "old design", "redesign"]);
  });

  it("does not mind accents or case, and matches parts of several words", () => {
    expect(matchRank("José García", "jose")).toBe(1);
    expect(matchRank("Ada Lovelace Marsh", "ad mar")).toBe(3);
    expect(matchRank("Ada", "x")).toBeUndefined();
  });
});

describe("text", () => {
  const person = (id: number, name: string) => ({
    id,
    name,
    email: "",
    avatarUrl: null,
    isBot: false,
    isActive: true,
    role: 400,
    timezone: "",
    answers: {},
  });

  it("tells namesakes apart", () => {
    const [a, b, c] = [person(1, "Ada"), person(2, "Ada"), person(3, "Ben")];
    expect(mentionOf(a, [a, b, c], false)).toBe("@**Ada|1** ");
    expect(mentionOf(c, [a, b, c], true)).toBe("@_**Ben** ");
  });

  it("fences a quotation with more ticks than it has inside", () => {
    expect(quote("x:", "a\n```\nb\n```")).toBe("x:\n````quote\na\n```\nb\n```\n````\n\n");
  });

  it("checks before sending", () => {
    const limits = { maxLength: 5, topicsMandatory: true };
    expect(check({ kind: "dm", ids: [1] }, "  ", limits)).toBe("empty");
    expect(check({ kind: "dm", ids: [1] }, "🎉🎉🎉🎉🎉", limits)).toBeUndefined();
    expect(check({ kind: "dm", ids: [1] }, "sixsix", limits)).toBe("too-long");
    expect(check({ kind: "dm", ids: [] }, "hi", limits)).toBe("no-recipients");
    expect(check({ kind: "stream", streamId: undefined, topic: "a" }, "hi", limits)).toBe("no-stream");
    expect(check({ kind: "stream", streamId: 1, topic: " " }, "hi", limits)).toBe("no-topic");
    expect(
      check({ kind: "stream", streamId: 1, topic: "" }, "hi", { ...limits, topicsMandatory: false }),
    ).toBeUndefined();
  });
});

describe("emoji", () => {
  it("writes single and joined code points", () => {
    expect(characters("1f389")).toBe("🎉");
    expect(characters("1f469-200d-1f680")).toBe("👩‍🚀");
    expect(characters("2764")).toBe("❤️");
    expect(characters("nonsense")).toBe("");
  });

  it("finds whole names first and lists each once", () => {
    const all = [
      { name: "heart_eyes", code: "1f60d", type: "unicode_emoji" as const },
      { name: "heart", code: "2764", type: "unicode_emoji" as const },
    ];
    expect(search(all, "heart", 5).map((one) => one.name)).toEqual(["heart", "heart_eyes"]);
  });
});
