import { expect, test } from "vitest";
import * as data from "../../src/schedule/data";

/** A Friday. */
const now = new Date(2026, 10, 20, 10, 30);
const shown = (date: Date | undefined) => date && data.fieldValue(date);

test.each([
  ["14:30", "2026-11-20T14:30"],
  ["9", "2026-11-21T09:00"],
  ["9 pm", "2026-11-20T21:00"],
  ["12am", "2026-11-21T00:00"],
  ["tomorrow", "2026-11-21T09:00"],
  ["Tomorrow 18:15", "2026-11-21T18:15"],
  ["morgen 8", "2026-11-21T08:00"],
  ["monday", "2026-11-23T09:00"],
  ["fri 12:00", "2026-11-27T12:00"],
  ["Mittwoch, 7:05", "2026-11-25T07:05"],
  ["2026-12-24 18:00", "2026-12-24T18:00"],
  ["2026-12-24", "2026-12-24T09:00"],
  ["in 20 min", "2026-11-20T10:50"],
  ["in 2 hours", "2026-11-20T12:30"],
  ["in 3 Tagen", "2026-11-23T10:30"],
  ["soon", undefined],
  ["25:00", undefined],
  ["9:75", undefined],
  ["", undefined],
])("people write %s", (text, expected) => {
  expect(shown(data.parseTime(text, now, "de"))).toBe(expected);
});

test("the usual times are in the future, in order, each once", () => {
  expect(data.usualTimes(now).map(shown)).toEqual([
    "2026-11-20T13:00",
    "2026-11-20T16:00",
    "2026-11-21T09:00",
    "2026-11-21T13:00",
    "2026-11-23T09:00",
  ]);
  const sunday = new Date(2026, 10, 22, 20, 0);
  expect(data.usualTimes(sunday).map(shown)).toEqual(["2026-11-23T09:00", "2026-11-23T13:00"]);
});

test("a time for a message says its zone", () => {
  const iso = data.isoLocal(now);
  expect(iso).toMatch(/^2026-11-20T10:30:00[+-]\d\d:\d\d$/);
  expect(Date.parse(iso)).toBe(now.getTime());
});

const message = (id: number, at: number): data.ScheduledMessage => ({
  scheduled_message_id: id,
  type: "stream",
  to: 3,
  topic: "t",
  content: "c",
  rendered_content: "<p>c</p>",
  scheduled_delivery_timestamp: at,
});

test("events keep the list, soonest first", () => {
  let list = data.apply([], {
    type: "scheduled_messages",
    op: "add",
    scheduled_messages: [message(1, 50), message(2, 40)],
  });
  expect(list.map((one) => one.scheduled_message_id)).toEqual([2, 1]);
  list = data.apply(list, { type: "scheduled_messages", op: "update", scheduled_message: message(2, 60) });
  expect(list.map((one) => one.scheduled_message_id)).toEqual([1, 2]);
  list = data.apply(list, { type: "scheduled_messages", op: "remove", scheduled_message_id: 1 });
  expect(list.map((one) => one.scheduled_message_id)).toEqual([2]);
});
