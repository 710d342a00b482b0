import { expect, test } from "vitest";
import { nextIndex, type Submessage, widgetOf } from "../../src/widgets/data";

const OWNER = 1;
let id = 0;
const sub = (sender_id: number, content: unknown): Submessage => ({
  id: ++id,
  sender_id,
  msg_type: "widget",
  content: JSON.stringify(content),
});
/** The submessage that makes the widget comes before all others. */
const first = (content: unknown) => ({ ...sub(OWNER, content), id: 0 });
const poll = () => first({ widget_type: "poll", extra_data: { question: "Lunch?", options: ["Soup", "Salad"] } });
const todo = () =>
  first({
    widget_type: "todo",
    extra_data: { task_list_title: "Release", tasks: [{ task: "Test", desc: "all of it" }, { task: "Tag" }] },
  });

function pollOf(...acts: Submessage[]) {
  const widget = widgetOf([poll(), ...acts], OWNER);
  if (widget?.kind !== "poll") throw new Error("no poll");
  return widget;
}
function listOf(...acts: Submessage[]) {
  const widget = widgetOf([todo(), ...acts], OWNER);
  if (widget?.kind !== "todo") throw new Error("no list");
  return widget;
}

test("a poll starts with its question and options", () => {
  expect(pollOf()).toMatchObject({ question: "Lunch?", options: [{ key: "canned,0" }, { text: "Salad", voters: [] }] });
});

test("votes count once a person, and can be taken back", () => {
  const up = { type: "vote", key: "canned,0", vote: 1 };
  expect(pollOf(sub(2, up), sub(3, up), sub(2, up)).options[0]?.voters).toEqual([3, 2]);
  expect(pollOf(sub(2, up), sub(2, { ...up, vote: -1 })).options[0]?.voters).toEqual([]);
  expect(pollOf(sub(2, { ...up, vote: 7 }), sub(2, { ...up, key: "nine" })).options[0]?.voters).toEqual([]);
});

test("anyone adds options, but not one that is there", () => {
  const widget = pollOf(
    sub(2, { type: "new_option", idx: 1, option: "Cake" }),
    sub(3, { type: "new_option", idx: 1, option: "Cake" }),
    sub(3, { type: "vote", key: "2,1", vote: 1 }),
  );
  expect(widget.options.map((one) => [one.key, one.text])).toContainEqual(["2,1", "Cake"]);
  expect(widget.options).toHaveLength(3);
  expect(widget.options[2]?.voters).toEqual([3]);
  expect([nextIndex(widget, 2), nextIndex(widget, 3)]).toEqual([2, 1]);
});

test("only its author changes the question", () => {
  const ask = { type: "question", question: "Dinner?" };
  expect(pollOf(sub(2, ask)).question).toBe("Lunch?");
  expect(pollOf(sub(OWNER, ask)).question).toBe("Dinner?");
});

test("a list: tasks with numbers of their author, struck and unstruck", () => {
  const list = listOf(
    sub(2, { type: "new_task", key: 1, task: "Announce", desc: "", completed: false }),
    sub(3, { type: "strike", key: "1,2" }),
    sub(3, { type: "strike", key: "0,canned" }),
    sub(2, { type: "strike", key: "0,canned" }),
  );
  expect(list.title).toBe("Release");
  expect(list.tasks.map((one) => [one.text, one.done])).toEqual([
    ["Test", false],
    ["Tag", false],
    ["Announce", true],
  ]);
  expect([nextIndex(list, 2), nextIndex(list, 4)]).toEqual([2, 1]);
});

test("only its author renames a list", () => {
  const rename = { type: "new_task_list_title", title: "Launch" };
  expect(listOf(sub(2, rename)).title).toBe("Release");
  expect(listOf(sub(OWNER, rename)).title).toBe("Launch");
});

test("what is not understood is passed over", () => {
  expect(widgetOf([], OWNER)).toBeUndefined();
  expect(widgetOf([sub(OWNER, { widget_type: "zform" })], OWNER)).toBeUndefined();
  const broken = { ...sub(2, {}), content: "{" };
  expect(pollOf(broken, sub(2, null), sub(2, { type: "new_option", idx: "1", option: "x" })).options).toHaveLength(2);
});

test("acts count in the order of their ids", () => {
  const vote = sub(2, { type: "vote", key: "canned,1", vote: 1 });
  const back = sub(2, { type: "vote", key: "canned,1", vote: -1 });
  const widget = widgetOf([back, vote, poll()], OWNER);
  expect(widget?.kind === "poll" && widget.options[1]?.voters).toEqual([]);
});
