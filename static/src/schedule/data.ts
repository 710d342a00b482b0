// Times to choose from: for messages that go out later, and for `<time:` in a message.

import type { UserId } from "../api/types";
import type { Target } from "../compose/data";

export interface ScheduledMessage {
  scheduled_message_id: number;
  type: "stream" | "channel" | "private" | "direct";
  to: number | number[];
  topic?: string;
  content: string;
  rendered_content: string;
  scheduled_delivery_timestamp: number;
  failed?: boolean;
}

export type Scheduled = readonly ScheduledMessage[];

export type ScheduledEvent = { type: "scheduled_messages" } & (
  | { op: "add"; scheduled_messages: ScheduledMessage[] }
  | { op: "update"; scheduled_message: ScheduledMessage }
  | { op: "remove"; scheduled_message_id: number }
);

export function apply(list: Scheduled, event: ScheduledEvent): Scheduled {
  switch (event.op) {
    case "add":
      return inOrder([...without(list, event.scheduled_messages.map(idOf)), ...event.scheduled_messages]);
    case "update":
      return inOrder([...without(list, [idOf(event.scheduled_message)]), event.scheduled_message]);
    case "remove":
      return without(list, [event.scheduled_message_id]);
  }
}

const idOf = (one: ScheduledMessage) => one.scheduled_message_id;
const without = (list: Scheduled, ids: number[]) => list.filter((one) => !ids.includes(idOf(one)));

export function inOrder(list: Scheduled): Scheduled {
  return [...list].sort((a, b) => a.scheduled_delivery_timestamp - b.scheduled_delivery_timestamp);
}

const MORNING = 9;
const NOON = 13;
const AFTERNOON = 16;
const MINUTE = 60_000;
const MONDAY = 1;

function at(now: Date, days: number, hour: number, minute = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute);
}

/** The coming moments that people mostly mean: later today, tomorrow, on Monday. */
export function usualTimes(now: Date): Date[] {
  const today = [MORNING, NOON, AFTERNOON].map((hour) => at(now, 0, hour));
  const days = (MONDAY + 7 - now.getDay()) % 7 || 7;
  const list = [...today, at(now, 1, MORNING), at(now, 1, NOON), at(now, days, MORNING)];
  const future = list.filter((one) => one.getTime() > now.getTime() + 5 * MINUTE);
  return [...new Map(future.map((one) => [one.getTime(), one])).values()];
}

/** The words for days in a language, as Intl knows them: "tomorrow", "Monday", "mon". */
function dayWords(now: Date, language: string): Map<string, number> {
  const words = new Map<string, number>();
  for (const code of [language, "en"]) {
    const relative = new Intl.RelativeTimeFormat(code, { numeric: "auto" });
    for (const weekday of ["long", "short"] as const) {
      const name = new Intl.DateTimeFormat(code, { weekday });
      for (let days = 7; days > 0; days--) words.set(name.format(at(now, days, 0)).toLowerCase(), days);
    }
    for (const days of [0, 1]) words.set(relative.format(days, "day").toLowerCase(), days);
  }
  return words;
}

const CLOCK = /(?:^|\s)(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/i;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})/;
const AHEAD = /^(?:in|\+)\s*(\d+)\s*(m|min\w*|h|hours?|stunden?|std|d|days?|tage?n?)$/i;

function clock(text: string): { hour: number; minute: number } | undefined {
  const found = CLOCK.exec(text);
  if (!found) return undefined;
  const [, hours, minutes = "0", half] = found;
  const hour = (Number(hours) % (half ? 12 : 24)) + (half?.toLowerCase() === "pm" ? 12 : 0);
  return Number(minutes) < 60 && Number(hours) <= 24 ? { hour, minute: Number(minutes) } : undefined;
}

function ahead(text: string, now: Date): Date | undefined {
  const found = AHEAD.exec(text);
  if (!found) return undefined;
  const unit = found[2]?.toLowerCase() ?? "";
  const minutes = unit.startsWith("m") ? 1 : unit.startsWith("h") || unit.startsWith("s") ? 60 : 24 * 60;
  return new Date(now.getTime() + Number(found[1]) * minutes * MINUTE);
}

/** Reads what people write for a time: "14:30", "9 pm", "tomorrow 9", "Friday 12:00", "2026-12-24 18:00", "in 2 h". */
export function parseTime(text: string, now: Date, language: string): Date | undefined {
  const wanted = text.trim().toLowerCase();
  const later = ahead(wanted, now);
  if (later) return later;
  const date = DATE.exec(wanted);
  const time = clock(date ? wanted.slice(date[0].length) : wanted);
  if (date) {
    const [, year, month, day] = date.map(Number);
    return new Date(year ?? 0, (month ?? 1) - 1, day ?? 1, time?.hour ?? MORNING, time?.minute ?? 0);
  }
  const words = dayWords(now, language);
  const word = wanted.replace(CLOCK, "").trim().replace(/,$/, "");
  const days = words.get(word);
  if (days !== undefined) return at(now, days, time?.hour ?? MORNING, time?.minute ?? 0);
  if (!time || word !== "") return undefined;
  const today = at(now, 0, time.hour, time.minute);
  return today > now ? today : at(now, 1, time.hour, time.minute);
}

/** ISO 8601 with the offset of this computer, as `<time:…>` takes it. */
export function isoLocal(date: Date): string {
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const zone = `${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:00${zone}`;
}

/** As a field of type datetime-local has it. */
export const fieldValue = (date: Date): string => isoLocal(date).slice(0, 16);

/** "Mon, 23 Nov, 09:00". */
export function timeLabel(date: Date, language: string, twentyFour: boolean): string {
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "numeric",
    minute: "2-digit",
    hourCycle: twentyFour ? "h23" : "h12",
  }).format(date);
}

/** Where a scheduled message goes to. */
export function targetOf(message: ScheduledMessage, me: UserId): Target {
  if (typeof message.to === "number") return { kind: "stream", streamId: message.to, topic: message.topic ?? "" };
  const others = message.to.filter((id) => id !== me).sort((a, b) => a - b);
  return { kind: "dm", ids: others.length > 0 ? others : [me] };
}
