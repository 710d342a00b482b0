import { expect, test } from "vitest";
import { de } from "../../src/i18n/de";
import { en } from "../../src/i18n/en";
import {
  CONTROLS,
  densityOf,
  LINE_HEIGHTS,
  REALM_CONTROLS,
  SCHEME,
  shownAs,
  themeOf,
  wordsOf,
} from "../../src/settings/data";

test("alert words are parted, trimmed, and new", () => {
  expect(wordsOf(" deploy, Release\nlunch ,, deploy", ["LUNCH"])).toEqual(["deploy", "Release"]);
  expect(wordsOf(" \n,", [])).toEqual([]);
});

test("themes and densities are what the API keeps of them", () => {
  expect(Object.values(SCHEME).map(themeOf)).toEqual(["auto", "dark", "light"]);
  expect(Object.values(LINE_HEIGHTS).map(densityOf)).toEqual(["compact", "normal", "roomy"]);
});

test.each([CONTROLS, REALM_CONTROLS])("no setting stands in two places", (controls) => {
  const names = Object.values(controls).flatMap((list) => list.map((one) => one.name));
  expect(new Set(names).size).toBe(names.length);
});

test("a limit that is not there has its word", () => {
  expect(shownAs(null)).toBe("unlimited");
  expect(shownAs(600)).toBe(600);
  expect(shownAs(false)).toBe(false);
  expect(shownAs(undefined)).toBe("");
});

test("German says everything that English says, with the same gaps to fill in", () => {
  const gaps = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();
  for (const [key, text] of Object.entries(en))
    expect([key, gaps(de[key as keyof typeof de])]).toEqual([key, gaps(text)]);
});
