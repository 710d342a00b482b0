// The search bar: words and operators to a narrow, and back.

import type { StreamId, UserId } from "../api/types";
import { rank } from "../compose/data";
import { canonicalOperator, makeTerm, type Names, type Narrow, type Operator, type Term } from "../narrow/terms";

/** Cuts at spaces, but not inside quotation marks. */
function pieces(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

const unquote = (text: string) => text.replaceAll('"', "");

function termOf(piece: string, names: Names): Term | undefined {
  const colon = piece.indexOf(":");
  const written = piece.slice(0, Math.max(0, colon));
  const operator = colon > 0 ? canonicalOperator(written.replace(/^-/, "")) : undefined;
  return operator ? makeTerm(written, unquote(piece.slice(colon + 1)), names) : undefined;
}

/** Reads what was written. What is no operator is searched for. */
export function parse(text: string, names: Names): Narrow {
  const terms: Term[] = [];
  const words: string[] = [];
  for (const piece of pieces(text)) {
    const term = termOf(piece, names);
    if (term) terms.push(term);
    else words.push(piece);
  }
  if (words.length > 0) terms.push({ operator: "search", operand: words.join(" ") });
  return terms;
}

const quoted = (text: string) => (/\s/.test(text) || text === "" ? `"${text}"` : text);

/** The operand of a term as people know it. */
export function operandName(term: Term, names: Names): string {
  if ("ids" in term) return term.ids.map((id) => names.userName(id) ?? String(id)).join(", ");
  if (term.operator !== "channel") return term.operand;
  return names.streamName(Number(term.operand)) ?? term.operand;
}

/** Writes a narrow as one would type it. */
export function write(narrow: Narrow, names: Names): string {
  return narrow
    .map((term) => {
      if (term.operator === "search") return term.operand;
      const operand = operandName(term, names).replaceAll(", ", ",");
      return `${term.negated ? "-" : ""}${term.operator}:${quoted(operand)}`;
    })
    .join(" ");
}

/** Operands that are words of their own, by operator. */
export const FIXED = {
  is: ["unread", "mentioned", "starred", "dm", "followed", "resolved", "alerted", "muted"],
  has: ["link", "image", "attachment", "reaction"],
  channels: ["public", "all", "web-public", "archived"],
  in: ["home", "all"],
} as const satisfies Partial<Record<Operator, readonly string[]>>;

/** Every operator that can be chosen, in the order in which they are offered. */
export const OPERATORS = [
  "channel",
  "topic",
  "sender",
  "dm",
  "dm-including",
  "mentions",
  "is",
  "has",
  "channels",
  "in",
  "near",
  "id",
] as const satisfies readonly Operator[];

/** What a suggestion puts into the bar: a whole condition, or the beginning of one to go on with. */
export type Suggestion = { key: string; term: Term } | { key: string; operator: Operator; negated: boolean };

/** What suggestions are made from. Lists come in the order of preference. */
export interface Facts {
  streams: readonly { id: StreamId; name: string }[];
  people: readonly { id: UserId; name: string }[];
  /** Topics of the channel that is a pill already, or of all that are known. */
  topics: readonly string[];
}

interface Word {
  negated: boolean;
  operator: Operator | undefined;
  operand: string;
}

/** The word that is being written, taken apart. */
function lastWord(text: string): Word {
  const last = pieces(text).at(-1) ?? "";
  const negated = last.startsWith("-");
  const bare = unquote(negated ? last.slice(1) : last);
  const colon = bare.indexOf(":");
  const operator = colon > 0 ? canonicalOperator(bare.slice(0, colon)) : undefined;
  return { negated, operator, operand: operator ? bare.slice(colon + 1) : bare };
}

/** The text without its last word: what stays when a suggestion is taken. */
export function withoutLastWord(text: string): string {
  return pieces(text).slice(0, -1).join(" ");
}

function operandsOf(operator: Operator, wanted: string, facts: Facts, limit: number): Term[] {
  switch (operator) {
    case "channel":
      return rank(facts.streams, (one) => one.name, wanted, limit).map(({ id }) => ({ operator, operand: String(id) }));
    case "topic":
      return rank(facts.topics, (one) => one, wanted, limit).map((operand) => ({ operator, operand }));
    case "sender":
    case "mentions":
    case "dm":
    case "dm-including":
      return rank(facts.people, (one) => one.name, wanted, limit).map(({ id }) => ({ operator, ids: [id] }));
    case "is":
    case "has":
    case "channels":
    case "in":
      return FIXED[operator]
        .filter((one) => one.startsWith(wanted.toLowerCase()))
        .map((operand) => ({ operator, operand }));
    default:
      return [];
  }
}

/** Completions of the word being written: conditions that fit it, and operators that begin with it. */
export function suggest(text: string, facts: Facts, limit: number): Suggestion[] {
  const { negated, operator, operand } = lastWord(text);
  const whole = (term: Term): Suggestion => ({
    key: JSON.stringify(term) + negated,
    term: negated ? { ...term, negated } : term,
  });
  if (operator) return operandsOf(operator, operand, facts, limit).map(whole);
  const begun = OPERATORS.filter((one) => one.startsWith(operand.toLowerCase())).map((one) => ({
    key: `${negated}${one}`,
    operator: one,
    negated,
  }));
  if (operand === "") return begun.slice(0, limit);
  const fixed = (Object.keys(FIXED) as (keyof typeof FIXED)[]).flatMap((one) => operandsOf(one, operand, facts, 3));
  const named = [
    ...operandsOf("channel", operand, facts, 3),
    ...operandsOf("topic", operand, facts, 2),
    ...operandsOf("sender", operand, facts, 2),
    ...operandsOf("dm", operand, facts, 2),
  ];
  return [...[...fixed, ...named].map(whole), ...begun].slice(0, limit);
}

/** Splits what was written into conditions that are complete and the text that is still being written. */
export function settle(text: string, names: Names): { terms: Term[]; rest: string } {
  const all = pieces(text);
  const open = /\s$/.test(text) ? undefined : all.pop();
  const terms: Term[] = [];
  const words: string[] = [];
  for (const piece of all) {
    const term = termOf(piece, names);
    if (term) terms.push(term);
    else words.push(piece);
  }
  if (terms.length === 0) return { terms, rest: text };
  const rest = [...words, ...(open === undefined ? [] : [open])].join(" ");
  return { terms, rest: open === undefined && rest !== "" ? `${rest} ` : rest };
}
