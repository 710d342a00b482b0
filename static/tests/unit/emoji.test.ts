import { expect, test } from "vitest";
import {
  COMMON,
  dedupe,
  emojiKey,
  frequent,
  fromServer,
  ofGroup,
  picked,
  search,
  TONES,
  toned,
} from "../../src/emoji/data";
import { GROUPS } from "../../src/emoji/groups";

const all = fromServer({
  "1f44d": ["+1", "thumbs_up", "like"],
  "1f408": ["cat"],
  "1f431": ["cat_face"],
  "1f63a": ["smiley_cat"],
  "1f697": ["car"],
});
const named = (name: string) => {
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

test("a search finds any of an emoji's names, whole names first, each emoji once", () => {
  expect(search(all, "cat", 9).map((one) => one.name)).toEqual(["cat", "cat_face", "smiley_cat"]);
  expect(search(all, "thumbs", 9).map((one) => one.code)).toEqual(["1f44d"]);
  expect(search(all, " Smiley Cat ", 9).map((one) => one.code)).toEqual(["1f63a"]);
  expect(search(all, "xyzzy", 9)).toEqual([]);
});

test("a group shows the first names, in the order of the group, without what the server lacks", () => {
  expect(ofGroup(all, "1f697 1f600 1f44d").map((one) => one.name)).toEqual(["car", "+1"]);
});

test("no emoji is in two groups", () => {
  const codes = Object.values(GROUPS).flatMap((list) => list.split(" "));
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeGreaterThan(1500);
});

test("favourites: what is picked comes first, and old habits fade", () => {
  let picks = picked({}, named("car"));
  expect(frequent(all, picks, 3).map((one) => one.code)).toEqual(["1f697", COMMON[0]?.code, COMMON[1]?.code]);
  for (let i = 0; i < 3; i++) picks = picked(picks, named("cat"));
  expect(frequent(all, picks, 2).map((one) => one.name)).toEqual(["cat", "car"]);
  for (let i = 0; i < 200; i++) picks = picked(picks, named("cat"));
  expect(emojiKey(named("car")) in picks).toBe(false);
});

test("names of one emoji are one emoji", () => {
  expect(dedupe(all).map((one) => one.name)).toEqual(["+1", "cat", "cat_face", "smiley_cat", "car"]);
});

test("a skin tone goes after everyone who can have one, and nothing else has any", () => {
  const dark = TONES[5];
  expect(toned("1f44d", dark)).toBe("\u{1f44d}\u{1f3ff}");
  expect(toned("1f469-200d-1f680", dark)).toBe("\u{1f469}\u{1f3ff}\u{200d}\u{1f680}");
  expect(toned("261d", dark)).toBe("\u{261d}\u{1f3ff}");
  expect(toned("1f431", dark)).toBeUndefined();
  expect(toned("1f44d", TONES[0])).toBeUndefined();
});
