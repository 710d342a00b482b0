import { expect, test } from "vitest";
import { de } from "../../src/i18n/de";
import { en } from "../../src/i18n/en";
import { CONTROLS, densityOf, LINE_HEIGHTS, SCHEME, themeOf, wordsOf } from "../../src/settings/data";

test("alert words are parted, trimmed, and new", () => {
  expect(wordsOf(" deploy, Release\nlunch ,, deploy", ["LUNCH"])).toEqual(["deploy", "Release"]);
  expect(wordsOf(" \n,", [])).toEqual([]);
});

test("themes and densities are what the API keeps of them", () => {
  expect(Object.values(SCHEME).map(themeOf)).toEqual(["auto", "dark", "light"]);
  expect(Object.values(LINE_HEIGHTS).map(densityOf)).toEqual(["compact", "normal", "roomy"]);
});

test("no setting stands in two places", () => {
  const names = Object.values(CONTROLS).flatMap((list) => list.map((one) => one.name));
  expect(new Set(names).size).toBe(names.length);
});

test("German says everything that English says, with the same gaps to fill in", () => {
  const gaps = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();
  for (const [key, text] of Object.entries(en))
    expect([key, gaps(de[key as keyof typeof de])]).toEqual([key, gaps(text)]);
});
