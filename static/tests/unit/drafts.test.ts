import { expect, test } from "vitest";
import type { Target } from "../../src/compose/data";
import * as data from "../../src/drafts/data";

const ME = 1;
const topic: Target = { kind: "stream", streamId: 3, topic: "Plans" };
const people: Target = { kind: "dm", ids: [2, 4] };
const api = (id: number, content: string): data.ApiDraft => ({
  id,
  type: "stream",
  to: [3],
  topic: "plans",
  content,
  timestamp: 100,
});

test("a conversation has one draft, whatever the case of its topic; an empty text is none", () => {
  const one = data.keep([], topic, "a", 1000);
  const two = data.keep(one, { ...topic, topic: "plans" }, "ab", 2000);
  expect(two.map(({ text, dirty }) => [text, dirty])).toEqual([["ab", true]]);
  expect(data.draftOf(two, topic)?.text).toBe("ab");
  expect(data.keep(two, topic, " \n", 3000)).toEqual([]);
  expect(data.keep(two, topic, "ab", 4000)).toBe(two);
});

test("drafts go to the server and come back the same", () => {
  for (const target of [topic, people, { kind: "dm", ids: [ME] } as Target]) {
    const [draft] = data.keep([], target, "text", 5000);
    if (!draft) throw new Error("kept");
    expect(data.fromApi({ ...data.toApi(draft), id: 9 }, ME).target).toEqual(target);
  }
  expect(data.fromApi({ id: 9, type: "private", to: [ME, 4, 2], topic: "", content: "x" }, ME).target).toEqual(people);
});

test("a draft without a channel has no type", () => {
  const [draft] = data.keep([], { kind: "stream", streamId: undefined, topic: "x" }, "text", 5000);
  expect(draft && data.toApi(draft)).toMatchObject({ type: "", to: [], topic: "x" });
});

test("events of other devices: add, update, remove", () => {
  let drafts = data.apply([], { type: "drafts", op: "add", drafts: [api(7, "there")] }, ME);
  drafts = data.apply(drafts, { type: "drafts", op: "update", draft: api(7, "there too") }, ME);
  expect(drafts.map((one) => one.text)).toEqual(["there too"]);
  expect(data.apply(drafts, { type: "drafts", op: "remove", draft_id: 7 }, ME)).toEqual([]);
});

test("what is being written here is not overwritten by what the server has", () => {
  const drafts = data.keep([data.fromApi(api(7, "old"), ME)], topic, "newer", 9000);
  expect(data.apply(drafts, { type: "drafts", op: "update", draft: api(7, "old") }, ME)).toBe(drafts);
});

test("one's own new draft is not doubled, whichever comes first: the event or the answer", () => {
  const [sent, ...none] = data.keep([], topic, "a", 1000);
  if (!sent) throw new Error("kept");
  const eventFirst = data.saved(
    data.apply([sent, ...none], { type: "drafts", op: "add", drafts: [api(7, "a")] }, ME),
    sent,
    7,
  );
  const answerFirst = data.apply(data.saved([sent], sent, 7), { type: "drafts", op: "add", drafts: [api(7, "a")] }, ME);
  for (const drafts of [eventFirst, answerFirst])
    expect(drafts.map((one) => [one.id, one.dirty])).toEqual([[7, false]]);
});

test("spaces at the ends stay with whoever is writing", () => {
  const known = { ...data.fromApi(api(7, "hello"), ME), text: "hello " };
  const drafts = data.apply([known], { type: "drafts", op: "update", draft: api(7, "hello") }, ME);
  expect(drafts.map((one) => one.text)).toEqual(["hello "]);
});

test("written on while it was being saved: still to be saved", () => {
  const [sent] = data.keep([], topic, "a", 1000);
  if (!sent) throw new Error("kept");
  const meanwhile = data.keep([sent], topic, "ab", 2000);
  expect(data.saved(meanwhile, sent, 7)).toMatchObject([{ id: 7, text: "ab", dirty: true }]);
});

test("coming back: deleted elsewhere goes, changed here stays, new there comes", () => {
  const gone = data.fromApi(api(5, "gone"), ME);
  const changed = { ...data.fromApi(api(6, "changed"), ME), target: people, dirty: true };
  const drafts = data.joined([gone, changed], [api(8, "new")], ME);
  expect(drafts.map((one) => [one.id, one.text])).toEqual([
    [undefined, "changed"],
    [8, "new"],
  ]);
});

test("unreadable storage is no drafts", () => {
  for (const stored of [null, "{", "{}", "7", "[null]"]) expect(data.parse(stored)).toEqual([]);
});
