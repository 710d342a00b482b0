import { expect, test } from "vitest";
import { continueList, type Format, fence, formatted, type Selection } from "../../src/compose/format";

/** "a |b| c" is a text with b selected; one bar is a caret. */
function of(marked: string): Selection {
  const [before = "", inside = "", after] = marked.split("|");
  return after === undefined
    ? { text: before + inside, start: before.length, end: before.length }
    : { text: before + inside + after, start: before.length, end: before.length + inside.length };
}
function show({ text, start, end }: Selection): string {
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;
}

test.each<[Format, string, string]>([
  ["bold", "a |b| c", "a **|b|** c"],
  ["bold", "a **|b|** c", "a |b| c"],
  ["italic", "a **|b|** c", "a ***|b|*** c"],
  ["italic", "a ***|b|*** c", "a **|b|** c"],
  ["strike", "|", "~~|~~"],
  ["link", "see |here|", "see [here](|url|)"],
  ["link", "see |", "see [|](url)"],
  ["code", "|x|", "`|x|`"],
  ["code", "a |b\nc|", "a \n```|\nb\nc\n```"],
  ["math", "|x^2|", "$$|x^2|$$"],
  ["quote", "one\ntw|o|", "one\n|> two|"],
  ["list", "|a\nb|", "|* a\n* b|"],
  ["list", "|* a\n* b|", "|a\nb|"],
  ["numbers", "|a\nb|", "|1. a\n2. b|"],
  ["numbers", "|1. a\n2. b|", "|a\nb|"],
  ["spoiler", "|secret|", "```spoiler |\nsecret\n```"],
])("%s: %s", (kind, before, after) => {
  expect(show(formatted(of(before), kind))).toBe(after);
});

test("a fence is longer than those inside", () => {
  expect(show(formatted(of("|```\nx\n```|"), "code"))).toBe("````|\n```\nx\n```\n````");
  expect(show(fence(of("|a| b"), "```", "```"))).toBe("```|\na\n```\n b");
});

test.each([
  ["* one|", "* one\n* |"],
  ["  - one|two", "  - one\n  - |two"],
  ["9. nine|", "9. nine\n10. |"],
  ["* one\n* |", "* one\n|"],
])("Enter in a list: %s", (before, after) => {
  const next = continueList(of(before));
  expect(next && show(next)).toBe(after);
});

test("Enter elsewhere is Enter", () => {
  for (const text of ["plain|", "**bold**|", "* a |b| c"]) expect(continueList(of(text))).toBeUndefined();
});
