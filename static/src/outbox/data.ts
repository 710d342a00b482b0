// Messages on their way to the server: kept until it has said that it has them, over reloads and outages.

import type { MessageId } from "../api/types";
import type { Context, Messages } from "../messages/data";
import type { Message, Place } from "../messages/model";
import { matches } from "../narrow/data";

export interface Outgoing {
  localId: string;
  place: Place;
  raw: string;
  /** When it was written, in seconds. */
  at: number;
  /** The window that looks after it. */
  owner: string;
  /** `waiting`: the server could not be reached; `failed`: it refused. */
  state: "sending" | "waiting" | "failed";
  /** It left here once without an answer: it may have arrived. */
  doubtful: boolean;
  error?: string;
}

export type Outbox = readonly Outgoing[];

export function put(outbox: Outbox, entry: Outgoing): Outbox {
  const known = outbox.some((one) => one.localId === entry.localId);
  return known ? outbox.map((one) => (one.localId === entry.localId ? entry : one)) : [...outbox, entry];
}

export function drop(outbox: Outbox, localId: string): Outbox {
  return outbox.filter((one) => one.localId !== localId);
}

/** What storage holds, with the entries of one window replaced by its own. */
export function withOwn(stored: Outbox, owner: string, own: Outbox): Outbox {
  return [...stored.filter((one) => one.owner !== owner), ...own];
}

/** Tells apart what other living windows look after, and what was left by those that are gone: that is taken over. */
export function adopt(stored: Outbox, owner: string, alive: ReadonlySet<string>): { left: Outbox; others: Outbox } {
  const foreign = stored.filter((one) => one.owner !== owner);
  const left = foreign
    .filter((one) => !alive.has(one.owner))
    // What was under way when its window went may have arrived.
    .map((one): Outgoing => (one.state === "sending" ? { ...one, state: "waiting", doubtful: true } : one))
    .map((one) => ({ ...one, owner }));
  return { left, others: foreign.filter((one) => alive.has(one.owner)) };
}

/** Reads what was stored; anything unreadable is nothing. */
export function parse(stored: string | null): Outbox {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? (value as Outgoing[]).filter((one) => one?.localId && one.place && one.raw) : [];
  } catch {
    return [];
  }
}

/** Clocks differ; an older message of the same text is another one. */
const CLOCK_SECONDS = 30;

/** Whether a doubtful entry is among one's own newest messages of its conversation. */
export function arrived(entry: Outgoing, mine: readonly { content: string; timestamp: number }[]): boolean {
  return mine.some((one) => one.content === entry.raw.trim() && one.timestamp >= entry.at - CLOCK_SECONDS);
}

/** An id after every real one, so that the local copy sorts last; fractions tell copies apart. */
export function localMessageId(known: Iterable<MessageId>, newest: MessageId): number {
  let highest = newest;
  for (const id of known) if (id > highest) highest = id;
  return Math.round((highest + 0.01) * 100) / 100;
}

/** Whether a complete view that the copy belongs to does not show it (it was fetched anew). */
export function isMissing(state: Messages, copy: Message, context: Context): boolean {
  if (!state.byId.has(copy.id)) return true;
  for (const view of state.views.values()) {
    if (!view.foundNewest || view.ids.includes(copy.id)) continue;
    if (matches(copy, view.narrow, context.me, context) === true) return true;
  }
  return false;
}
