// Unsent texts: kept in this browser, and by the server for one's other devices.

import type { UserId } from "../api/types";
import type { Target } from "../compose/data";

export interface Draft {
  /** Of this browser; `id` is the server's, once it has the draft. */
  key: string;
  id?: number;
  target: Target;
  text: string;
  /** In milliseconds. */
  updated: number;
  /** Changed here since the server last heard of it. */
  dirty: boolean;
}

export type Drafts = readonly Draft[];

/** A draft as the API has it. */
export interface ApiDraft {
  id?: number;
  type: "" | "stream" | "private";
  to: number[];
  topic: string;
  content: string;
  timestamp?: number;
}

export type DraftsEvent = { type: "drafts" } & (
  | { op: "add"; drafts: ApiDraft[] }
  | { op: "update"; draft: ApiDraft }
  | { op: "remove"; draft_id: number }
);

export function targetKey(target: Target): string {
  return target.kind === "dm"
    ? `d:${target.ids.join(",")}`
    : `s:${target.streamId ?? ""}:${target.topic.toLowerCase()}`;
}

export function newestFirst(drafts: Drafts): Draft[] {
  return [...drafts].sort((a, b) => b.updated - a.updated);
}

/** The draft of a conversation: the newest, for other devices may have left more than one. */
export function draftOf(drafts: Drafts, target: Target): Draft | undefined {
  const key = targetKey(target);
  return newestFirst(drafts).find((one) => targetKey(one.target) === key);
}

/** Keeps a text as the draft of its conversation, or forgets the draft when the text is empty. */
export function keep(drafts: Drafts, target: Target, text: string, now: number): Drafts {
  const known = draftOf(drafts, target);
  if (text.trim() === "") return known ? drafts.filter((one) => one !== known) : drafts;
  if (known?.text === text) return drafts;
  const key = known?.key ?? `${targetKey(target)}@${now}`;
  const changed: Draft = { ...(known && { ...known }), key, target, text, updated: now, dirty: true };
  return [...drafts.filter((one) => one !== known), changed];
}

export function without(drafts: Drafts, key: string): Drafts {
  return drafts.filter((one) => one.key !== key);
}

export function toApi(draft: Draft): ApiDraft {
  const { target, text } = draft;
  const timestamp = Math.floor(draft.updated / 1000);
  if (target.kind === "dm") return { type: "private", to: target.ids, topic: "", content: text, timestamp };
  const to = target.streamId === undefined ? [] : [target.streamId];
  return { type: to.length > 0 ? "stream" : "", to, topic: target.topic, content: text, timestamp };
}

export function fromApi(raw: ApiDraft, me: UserId): Draft {
  const others = raw.to.filter((id) => id !== me).sort((a, b) => a - b);
  const target: Target =
    raw.type === "private"
      ? { kind: "dm", ids: others.length > 0 || raw.to.length === 0 ? others : [me] }
      : { kind: "stream", streamId: raw.to[0], topic: raw.topic };
  const id = raw.id ?? 0;
  return { key: `#${id}`, id, target, text: raw.content, updated: (raw.timestamp ?? 0) * 1000, dirty: false };
}

/** Takes the server's draft in. What was changed here meanwhile stays: it goes to the server soon. */
function took(drafts: Drafts, fresh: Draft): Drafts {
  const known = drafts.find((one) => one.id === fresh.id);
  if (known?.dirty) return drafts;
  // One's own new draft may come back as an event before the answer that tells its id.
  const twin = known ?? drafts.find((one) => one.id === undefined && isSame(one, fresh));
  const key = twin?.key ?? fresh.key;
  // The server may keep it without the spaces at its ends: whoever writes here still means them.
  const text = twin && twin.text.trim() === fresh.text.trim() ? twin.text : fresh.text;
  return [...drafts.filter((one) => one !== twin), { ...fresh, key, text }];
}

/** The same text for the same conversation. */
export function isSame(a: Draft, b: Draft): boolean {
  return a.text.trim() === b.text.trim() && targetKey(a.target) === targetKey(b.target);
}

export function apply(drafts: Drafts, event: DraftsEvent, me: UserId): Drafts {
  switch (event.op) {
    case "add":
      return event.drafts.reduce((all, raw) => took(all, fromApi(raw, me)), drafts);
    case "update":
      return took(drafts, fromApi(event.draft, me));
    case "remove":
      return drafts.filter((one) => one.id !== event.draft_id);
  }
}

/** What is known here and what the server has, together: it decides about what was not changed here. */
export function joined(local: Drafts, server: readonly ApiDraft[], me: UserId): Drafts {
  const ids = new Set(server.map((one) => one.id));
  const kept = local
    .filter((one) => one.id === undefined || one.dirty || ids.has(one.id))
    // Deleted elsewhere, but changed here since: it starts anew.
    .map((one) => {
      if (one.id === undefined || ids.has(one.id)) return one;
      const { id: _gone, ...rest } = one;
      return rest;
    });
  return server.reduce<Drafts>((all, raw) => took(all, fromApi(raw, me)), kept);
}

/** Notes that the server has a draft as it was when it was sent. */
export function saved(drafts: Drafts, sent: Draft, id: number): Drafts {
  const echo = drafts.find((one) => one.id === id && one.key !== sent.key);
  return drafts
    .filter((one) => one !== echo)
    .map((one) => (one.key === sent.key ? { ...one, id, dirty: one.text !== sent.text } : one));
}

/** Reads what was stored; anything unreadable is no drafts. */
export function parse(stored: string | null): Drafts {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? (value as Draft[]).filter((one) => one?.key && one.target) : [];
  } catch {
    return [];
  }
}
