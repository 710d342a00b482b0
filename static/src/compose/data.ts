// Compose without a browser: what is being completed at the caret, what the choices are, how formatting changes text.

import type { StreamId, UserId } from "../api/types";
import type { Emoji } from "../emoji/data";
import type { Person } from "../people/data";
import type { Stream } from "../streams/data";
import { fenceFor } from "./format";

/** What the text before the caret asks for. `from` is where the replaced text starts. */
export type Trigger =
  | { kind: "person"; query: string; from: number; silent: boolean }
  | { kind: "stream"; query: string; from: number }
  | { kind: "topic"; stream: string; query: string; from: number }
  | { kind: "emoji"; query: string; from: number }
  | { kind: "command"; query: string; from: number }
  | { kind: "time"; query: string; from: number }
  | { kind: "language"; query: string; from: number };

/** Reads the end of the text before the caret. */
export function triggerAt(before: string): Trigger | undefined {
  const time = /<time:([^<>\n]{0,40})$/.exec(before);
  if (time) return { kind: "time", query: time[1] ?? "", from: time.index };
  const topic = /(^|[\s([{])#\*\*([^*>\n]+)>([^*\n]*)$/.exec(before);
  if (topic) {
    return {
      kind: "topic",
      stream: topic[2] ?? "",
      query: topic[3] ?? "",
      from: topic.index + (topic[1]?.length ?? 0),
    };
  }
  const person = /(^|[\s([{*_'"])@(_?)(?:\*\*)?([^\s@*][^@*\n]{0,30})?$/.exec(before);
  if (person) {
    const from = person.index + (person[1]?.length ?? 0);
    return { kind: "person", query: person[3] ?? "", silent: person[2] === "_", from };
  }
  const stream = /(^|[\s([{])#(?:\*\*)?([^\s#*>][^#*>\n]{0,40})?$/.exec(before);
  if (stream) return { kind: "stream", query: stream[2] ?? "", from: stream.index + (stream[1]?.length ?? 0) };
  const emoji = /(^|[\s([{])(:([a-z0-9_+-]{2,30}))$/i.exec(before);
  if (emoji) return { kind: "emoji", query: emoji[3] ?? "", from: emoji.index + (emoji[1]?.length ?? 0) };
  const language = /(^|\n)(```|~~~)([a-z0-9+#-]{1,20})$/i.exec(before);
  if (language) {
    return { kind: "language", query: language[3] ?? "", from: language.index + (language[1]?.length ?? 0) + 3 };
  }
  const command = /^\/([a-z-]*)$/.exec(before);
  return command ? { kind: "command", query: command[1] ?? "", from: 0 } : undefined;
}

const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** How well a name answers a query: 0 best, undefined not at all. */
export function matchRank(name: string, query: string): number | undefined {
  const text = fold(name);
  const wanted = fold(query.trim());
  if (wanted === "" || text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  const words = text.split(/[\s\-_/.]+/);
  if (words.some((word) => word.startsWith(wanted))) return 2;
  const parts = wanted.split(/\s+/);
  if (parts.length > 1 && parts.every((part) => words.some((word) => word.startsWith(part)))) return 3;
  return text.includes(wanted) ? 4 : undefined;
}

/** Keeps what matches, best first; equals stay in the given order. */
export function rank<T>(items: Iterable<T>, name: (item: T) => string, query: string, limit: number): T[] {
  const found: { item: T; rank: number; order: number }[] = [];
  let order = 0;
  for (const item of items) {
    const place = matchRank(name(item), query);
    if (place !== undefined) found.push({ item, rank: place, order: order++ });
  }
  found.sort((a, b) => a.rank - b.rank || a.order - b.order);
  return found.slice(0, limit).map(({ item }) => item);
}

/** Several people may have one name: then the id tells them apart. */
export function mentionOf(person: Person, all: Iterable<Person>, silent: boolean): string {
  let namesakes = 0;
  for (const one of all) if (one.name === person.name) namesakes += 1;
  const suffix = namesakes > 1 ? `|${person.id}` : "";
  return `@${silent ? "_" : ""}**${person.name}${suffix}** `;
}

export const streamMention = (stream: Stream) => `#**${stream.name}** `;
export const topicMention = (stream: string, topic: string) => `#**${stream}>${topic}** `;
export const emojiText = (emoji: Emoji) => `:${emoji.name}: `;

/** What the server does instead of sending it. */
export const COMMANDS = ["ping", "day", "night", "fluid-width", "fixed-width"] as const;

/** The command that a text is, if it is nothing else. */
export function commandIn(text: string): string | undefined {
  const name = /^\/([a-z-]+)\s*$/.exec(text)?.[1] ?? "";
  const known: readonly string[] = [...COMMANDS, "light", "dark"];
  return known.includes(name) ? name : undefined;
}

/** A quotation of a message, with a fence longer than any inside it. */
export function quote(header: string, content: string): string {
  const fence = fenceFor(content);
  return `${header}\n${fence}quote\n${content}\n${fence}\n\n`;
}

/** Where a message is going to. */
export type Target = { kind: "stream"; streamId: StreamId | undefined; topic: string } | { kind: "dm"; ids: UserId[] };

export type Problem = "no-stream" | "no-topic" | "no-recipients" | "empty" | "too-long";

export function check(
  target: Target,
  content: string,
  limits: { maxLength: number; topicsMandatory: boolean },
): Problem | undefined {
  if (content.trim() === "") return "empty";
  if ([...content].length > limits.maxLength) return "too-long";
  if (target.kind === "dm") return target.ids.length === 0 ? "no-recipients" : undefined;
  if (target.streamId === undefined) return "no-stream";
  return limits.topicsMandatory && target.topic.trim() === "" ? "no-topic" : undefined;
}
