// What a narrow is: terms with canonical operators, and how they are written in the URL's hash.

import type { ApiNarrowTerm, StreamId, UserId } from "../api/types";

export type Operator =
  | "channel"
  | "channels"
  | "topic"
  | "dm"
  | "dm-including"
  | "sender"
  | "is"
  | "has"
  | "in"
  | "near"
  | "with"
  | "id"
  | "mentions"
  | "search";

/** One condition. People are ids, a channel is its id as a string (or a name that is not known), the rest is text. */
export type Term =
  | { operator: "dm" | "dm-including"; ids: UserId[]; negated?: boolean }
  | { operator: "sender" | "mentions"; ids: UserId[]; negated?: boolean }
  | { operator: Exclude<Operator, "dm" | "dm-including" | "sender" | "mentions">; operand: string; negated?: boolean };

export type Narrow = readonly Term[];

/** Names that the hash and the search bar accept, old and new, and what they mean. */
const ALIASES: Record<string, Operator> = {
  channel: "channel",
  stream: "channel",
  channels: "channels",
  streams: "channels",
  topic: "topic",
  subject: "topic",
  dm: "dm",
  "pm-with": "dm",
  "dm-including": "dm-including",
  "group-pm-with": "dm-including",
  sender: "sender",
  from: "sender",
  is: "is",
  has: "has",
  in: "in",
  near: "near",
  with: "with",
  id: "id",
  mentions: "mentions",
  search: "search",
};

/** The canonical operator of a written one, if there is such an operator. */
export function canonicalOperator(written: string): Operator | undefined {
  return ALIASES[written.toLowerCase()];
}

/** What the hash needs to know of the realm: names for readable slugs and, for old links, ids for names. */
export interface Names {
  me: UserId;
  streamName(id: StreamId): string | undefined;
  streamId(name: string): StreamId | undefined;
  userName(id: UserId): string | undefined;
  userId(emailOrName: string): UserId | undefined;
}

/** Percent-encoding with "." for "%", so that a link survives every chat program. */
export function encodeOperand(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(".", "%2E")
    .replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%", ".");
}

export function decodeOperand(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded.replaceAll(".", "%"));
  } catch {
    return undefined;
  }
}

function slug(name: string): string {
  return encodeOperand(name.replaceAll(" ", "-").replaceAll("%", "").replaceAll("/", "-").replaceAll(/[()]/g, ""));
}

export function streamSlug(id: StreamId, names: Names): string {
  const name = names.streamName(id);
  return name === undefined ? String(id) : `${id}-${slug(name)}`;
}

function peopleSlug(ids: readonly UserId[], names: Names): string {
  if (ids.length !== 1) return `${ids.join(",")}-group`;
  const name = names.userName(ids[0] ?? 0);
  return name === undefined ? String(ids[0]) : `${ids[0]}-${slug(name)}`;
}

/** Writes a narrow as the hash of a URL, "#narrow/…". */
export function narrowToHash(narrow: Narrow, names: Names): string {
  const parts = narrow.flatMap((term) => {
    const name = `${term.negated ? "-" : ""}${term.operator}`;
    if ("ids" in term) return [name, peopleSlug(term.ids, names)];
    if (term.operator === "channel" && /^\d+$/.test(term.operand))
      return [name, streamSlug(Number(term.operand), names)];
    return [name, encodeOperand(term.operand)];
  });
  return parts.length === 0 ? "#feed" : `#narrow/${parts.join("/")}`;
}

function parsePeople(text: string, names: Names): UserId[] | undefined {
  if (text === "me") return [names.me];
  const ids = /^([\d,]+)(-.*)?$/.exec(text)?.[1];
  if (ids !== undefined) return ids.split(",").filter(Boolean).map(Number);
  const found = text.split(",").map((one) => names.userId(one.trim()));
  return found.every((id) => id !== undefined) ? found : undefined;
}

function parseStream(text: string, names: Names): string {
  const exact = names.streamId(text);
  if (exact !== undefined) return String(exact);
  const id = /^(\d+)(-.*)?$/.exec(text)?.[1];
  if (id !== undefined) return id;
  return String(names.streamId(text.replaceAll("-", " ")) ?? text);
}

/** Builds a term from its written form; undefined if it makes no sense. */
export function makeTerm(written: string, operand: string, names: Names): Term | undefined {
  const negated = written.startsWith("-");
  const operator = canonicalOperator(negated ? written.slice(1) : written);
  if (operator === undefined) return undefined;
  const flags = negated ? { negated } : {};
  switch (operator) {
    case "dm":
    case "dm-including":
    case "sender":
    case "mentions": {
      const ids = parsePeople(operand, names);
      return ids && ids.length > 0 ? { operator, ids, ...flags } : undefined;
    }
    case "channel":
      return { operator, operand: parseStream(operand, names), ...flags };
    case "is":
      return { operator, operand: operand === "private" ? "dm" : operand, ...flags };
    default:
      return { operator, operand, ...flags };
  }
}

/** Reads "#narrow/…". Undefined if any part makes no sense: a wrong narrow must not show other messages. */
export function hashToNarrow(hash: string, names: Names): Narrow | undefined {
  const parts = hash
    .replace(/^#narrow\/?/, "")
    .replace(/\/$/, "")
    .split("/");
  if (parts.length === 1 && parts[0] === "") return [];
  const terms: Term[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const operand = decodeOperand(parts[i + 1] ?? "");
    const term = operand === undefined ? undefined : makeTerm(parts[i] ?? "", operand, names);
    if (term === undefined) return undefined;
    terms.push(term);
  }
  return terms;
}

/** The narrow as the API takes it. */
export function toApi(narrow: Narrow): ApiNarrowTerm[] {
  return narrow.map((term) => {
    const negated = term.negated ? { negated: true } : {};
    if ("ids" in term) {
      const single = term.operator === "sender" || term.operator === "dm-including" || term.operator === "mentions";
      const operand = single && term.ids.length === 1 ? (term.ids[0] ?? 0) : term.ids;
      return { operator: term.operator, operand, ...negated };
    }
    const numeric = term.operator === "channel" && /^\d+$/.test(term.operand);
    return { operator: term.operator, operand: numeric ? Number(term.operand) : term.operand, ...negated };
  });
}

/** A key under which a view of this narrow is kept. `near` only says where to start. */
export function narrowKey(narrow: Narrow): string {
  return JSON.stringify(
    toApi(narrow.filter((term) => term.operator !== "near")).map((term) =>
      term.operator === "topic" ? { ...term, operand: String(term.operand).toLowerCase() } : term,
    ),
  );
}
