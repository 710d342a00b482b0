import { describe, expect, it } from "vitest";
import { format } from "../../src/i18n";
import { de } from "../../src/i18n/de";
import { en } from "../../src/i18n/en";
import { commandFor, keyLabel, SHORTCUTS } from "../../src/keyboard/data";
import { fromApi } from "../../src/messages/model";
import { conversations } from "../../src/recent/data";
import { parse, suggest, write } from "../../src/search/data";
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
    const keys = SHORTCUTS.flatMap((one) => [...one.keys]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("finds the command of a key press, by scope", () => {
    expect(commandFor(press("?", { shift: true }), false)).toBe("help");
    expect(commandFor(press("K", { ctrl: true, shift: true }), false)).toBe("palette");
    expect(commandFor(press("j"), true)).toBe("down");
    expect(commandFor(press("j"), false)).toBeUndefined();
    expect(commandFor(press("J", { shift: true }), true)).toBe("pageDown");
    expect(commandFor(press(" ", { shift: true }), true)).toBe("pageUp");
    expect(commandFor(press("c", { ctrl: true }), true)).toBeUndefined();
    expect(commandFor(press("r", { alt: true }), true)).toBeUndefined();
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

  it("suggests completions of the last word", () => {
    const labels = (text: string) =>
      suggest(text, ["design team", "general"], ["Ada Marsh"], 8).map((one) => one.label);
    expect(labels("tea is:un")).toEqual(["is:unread"]);
    expect(labels("channel:te")).toEqual(["channel:design team"]);
    expect(labels("-sender:ma")).toEqual(["-sender:Ada Marsh"]);
    expect(labels("")).toEqual([]);
    expect(suggest("tea channel:de", ["design team"], [], 8)[0]?.text).toBe('tea channel:"design team" ');
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
