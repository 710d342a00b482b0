// Unsent texts, one per conversation, kept in this browser.

import type { Target } from "../compose/data";

export interface Draft {
  target: Target;
  text: string;
  updated: number;
}

export type Drafts = Readonly<Record<string, Draft>>;

export function draftKey(target: Target): string {
  return target.kind === "dm"
    ? `d:${target.ids.join(",")}`
    : `s:${target.streamId ?? ""}:${target.topic.toLowerCase()}`;
}

/** Keeps a text, or forgets it when it is empty. */
export function keep(drafts: Drafts, target: Target, text: string, now: number): Drafts {
  const { [draftKey(target)]: _old, ...others } = drafts;
  return text.trim() === "" ? others : { ...others, [draftKey(target)]: { target, text, updated: now } };
}

export function newestFirst(drafts: Drafts): Draft[] {
  return Object.values(drafts).sort((a, b) => b.updated - a.updated);
}

/** Reads what was stored; anything unreadable is no drafts. */
export function parse(stored: string | null): Drafts {
  try {
    const value: unknown = JSON.parse(stored ?? "{}");
    return value && typeof value === "object" && !Array.isArray(value) ? (value as Drafts) : {};
  } catch {
    return {};
  }
}
