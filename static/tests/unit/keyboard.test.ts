import { describe, expect, it } from "vitest";
import { format } from "../../src/i18n";
import { de } from "../../src/i18n/de";
import { en } from "../../src/i18n/en";
import { commandFor, keyLabel, parseBindings, rebind, SHORTCUTS } from "../../src/keyboard/data";
import { fromApi } from "../../src/messages/model";
import { conversations } from "../../src/recent/data";
import { OPERATORS, parse, settle, suggest, write } from "../../src/search/data";
import { apiMessage, ME, NAMES } from "./fixtures";

const press = (key: string, held: Partial<{ ctrl: boolean; alt: boolean; shift: boolean }> = {}) => ({
  key,
  ctrl: false,
  alt: false,
  shift: false,
  ...held,
});

describe("shortcuts", () => {
  it("no key means two things", () => {
    for (const scope of ["anywhere", "messages", "recent"]) {
      const keys = SHORTCUTS.filter((one) => one.scope === scope).flatMap((one) => [...one.keys]);
      expect(new Set(keys).size, scope).toBe(keys.length);
    }
  });

  it("finds the command of a key press, by scope", () => {
    expect(commandFor(press("?", { shift: true }), undefined)).toBe("help");
    expect(commandFor(press("K", { ctrl: true, shift: true }), undefined)).toBe("palette");
    expect(commandFor(press("j"), "messages")).toBe("down");
    expect(commandFor(press("j"), undefined)).toBeUndefined();
    expect(commandFor(press("J", { shift: true }), "messages")).toBe("pageDown");
    expect(commandFor(press(" ", { shift: true }), "messages")).toBe("pageUp");
    expect(commandFor(press("c", { ctrl: true }), "messages")).toBeUndefined();
    expect(commandFor(press("r", { alt: true }), "messages")).toBeUndefined();
    expect(commandFor(press("t"), "messages")).toBe("recent");
    expect(commandFor(press("t"), "recent")).toBe("filterRecent");
  });

  it("lets the reader choose keys, and takes them from whoever had them", () => {
    const chosen = rebind({}, "star", "e");
    expect(commandFor(press("e"), "messages", chosen)).toBe("star");
    expect(commandFor(press("s", { ctrl: true }), "messages", chosen)).toBeUndefined();
    expect(chosen.edit).toEqual([]);
    expect(parseBindings(JSON.stringify(chosen))).toEqual(chosen);
    expect(parseBindings('{"star": 3, "unknown": ["x"]}')).toEqual({});
    expect(parseBindings("no JSON")).toEqual({});
  });

  it("writes keys for people", () => {
    expect(["I", "Ctrl+k", "ArrowUp", "+", "Shift+ ", "Home"].map(keyLabel)).toEqual([
      "Shift + I",
      "Ctrl + K",
      "↑",
      "+",
      "Shift + Space",
      "Home",
    ]);
  });
});

describe("catalogues", () => {
  const holes = (text: unknown) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((found) => found[1]);

  it("have the same values to fill in", () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(new Set(holes(de[key]).filter((name) => name !== "count")), key).toEqual(
        new Set(holes(en[key]).filter((name) => name !== "count")),
      );
    }
  });

  it("choose the plural form and fill in", () => {
    const rules = new Intl.PluralRules("en");
    expect(format({ one: "one thing", other: "{count} things" }, { count: 1 }, rules)).toBe("one thing");
    expect(format({ one: "one thing", other: "{count} things" }, { count: 4 }, rules)).toBe("4 things");
    expect(format("{a} and {b}", { a: "{b}", b: "x" }, rules)).toBe("{b} and x");
  });
});

describe("search", () => {
  it("reads operators and words", () => {
    expect(parse('channel:"design team" -is:starred big "exact words"', NAMES)).toEqual([
      { operator: "channel", operand: "12" },
      { operator: "is", operand: "starred", negated: true },
      { operator: "search", operand: 'big "exact words"' },
    ]);
    expect(parse("time:10:30 sender:nobody", NAMES)).toEqual([
      { operator: "search", operand: "time:10:30 sender:nobody" },
    ]);
  });

  it("writes what it reads", () => {
    const text = 'channel:"design team" topic:lunch sender:"Ada Marsh" tea';
    expect(write(parse(text, NAMES), NAMES)).toBe(text);
  });

  const facts = {
    streams: [
      { id: 12, name: "design team" },
      { id: 3, name: "general" },
    ],
    people: [{ id: 10, name: "Ada Marsh" }],
    topics: ["lunch", "designs of June"],
  };
  const terms = (text: string) => suggest(text, facts, 12).flatMap((one) => ("term" in one ? [one.term] : []));
  const operators = (text: string) =>
    suggest(text, facts, 20).flatMap((one) => ("operator" in one ? [one.operator] : []));

  it("suggests operands of the operator being written", () => {
    expect(terms("tea is:un")).toEqual([{ operator: "is", operand: "unread" }]);
    expect(terms("channel:te")).toEqual([{ operator: "channel", operand: "12" }]);
    expect(terms("-sender:ma")).toEqual([{ operator: "sender", ids: [10], negated: true }]);
    expect(terms("pm-with:ada")).toEqual([{ operator: "dm", ids: [10] }]);
    expect(terms("topic:l")).toEqual([{ operator: "topic", operand: "lunch" }]);
    expect(terms("near:5")).toEqual([]);
  });

  it("suggests whatever a bare word may mean", () => {
    expect(terms("desi")).toEqual([
      { operator: "channel", operand: "12" },
      { operator: "topic", operand: "designs of June" },
    ]);
    expect(operators("")).toEqual([...OPERATORS]);
    expect(operators("dm")).toEqual(["dm", "dm-including"]);
  });

  it("makes a pill of a condition once a space follows", () => {
    expect(settle("tea is:starred", NAMES)).toEqual({ terms: [], rest: "tea is:starred" });
    expect(settle("tea is:starred ", NAMES)).toEqual({
      terms: [{ operator: "is", operand: "starred" }],
      rest: "tea ",
    });
    expect(settle('topic:"two words" mo', NAMES)).toEqual({
      terms: [{ operator: "topic", operand: "two words" }],
      rest: "mo",
    });
  });
});

describe("recent conversations", () => {
  it("groups, newest first, latest writer first", () => {
    const list = [
      apiMessage(1, { subject: "a", sender_id: 10 }),
      apiMessage(2, { subject: "b", sender_id: ME }),
      apiMessage(4, { subject: "A", sender_id: 11 }),
    ].map((raw) => fromApi(raw, ME));
    expect(conversations(list, ME)).toMatchObject([
      { key: "s:3:a", latest: 4, people: [11, 10], mine: false },
      { key: "s:3:b", latest: 2, people: [ME], mine: true },
    ]);
  });
});
