// The search bar: words and operators to a narrow, and back.

import { canonicalOperator, makeTerm, type Names, type Narrow, type Term } from "../narrow/terms";

/** Cuts at spaces, but not inside quotation marks. */
function pieces(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

const unquote = (text: string) => text.replaceAll('"', "");

/** Reads what was written. What is no operator is searched for. */
export function parse(text: string, names: Names): Narrow {
  const terms: Term[] = [];
  const words: string[] = [];
  for (const piece of pieces(text)) {
    const colon = piece.indexOf(":");
    const written = piece.slice(0, Math.max(0, colon));
    const operator = colon > 0 ? canonicalOperator(written.replace(/^-/, "")) : undefined;
    const term = operator ? makeTerm(written, unquote(piece.slice(colon + 1)), names) : undefined;
    if (term) terms.push(term);
    else words.push(piece);
  }
  if (words.length > 0) terms.push({ operator: "search", operand: words.join(" ") });
  return terms;
}

const quoted = (text: string) => (/\s/.test(text) || text === "" ? `"${text}"` : text);

/** Writes a narrow as one would type it. */
export function write(narrow: Narrow, names: Names): string {
  return narrow
    .map((term) => {
      const sign = term.negated ? "-" : "";
      if ("ids" in term) {
        const people = term.ids.map((id) => names.userName(id) ?? String(id)).join(",");
        return `${sign}${term.operator}:${quoted(people)}`;
      }
      if (term.operator === "search") return term.operand;
      const stream = term.operator === "channel" ? names.streamName(Number(term.operand)) : undefined;
      return `${sign}${term.operator}:${quoted(stream ?? term.operand)}`;
    })
    .join(" ");
}

/** Operators with fixed operands, for completion. */
export const FIXED = [
  "is:unread",
  "is:mentioned",
  "is:starred",
  "is:dm",
  "is:followed",
  "is:resolved",
  "is:alerted",
  "has:link",
  "has:image",
  "has:attachment",
  "has:reaction",
  "channels:public",
  "sender:me",
] as const;

export interface Suggestion {
  label: string;
  text: string;
}

/** Completions of the last word: streams, people and fixed operators whose name begins with it. */
export function suggest(
  text: string,
  streams: readonly string[],
  people: readonly string[],
  limit: number,
): Suggestion[] {
  const all = pieces(text);
  const last = /\s$/.test(text) ? "" : (all.at(-1) ?? "");
  const before = text.slice(0, text.length - last.length);
  const sign = last.startsWith("-") ? "-" : "";
  const bare = unquote(last.replace(/^-/, ""));
  const colon = bare.indexOf(":");
  const operator = colon > 0 ? canonicalOperator(bare.slice(0, colon)) : undefined;
  const wanted = (colon > 0 ? bare.slice(colon + 1) : bare).toLowerCase();
  const starts = (name: string) =>
    name
      .toLowerCase()
      .split(/[\s-]+/)
      .some((word) => word.startsWith(wanted)) || name.toLowerCase().startsWith(wanted);
  const build = (kind: string, names: readonly string[]) =>
    names
      .filter(starts)
      .map((name) => ({ label: `${sign}${kind}:${name}`, text: `${before}${sign}${kind}:${quoted(name)} ` }));
  const fixed = FIXED.filter((one) => bare !== "" && one.startsWith(bare.toLowerCase())).map((one) => ({
    label: sign + one,
    text: `${before}${sign}${one} `,
  }));
  if (operator === "channel") return build("channel", streams).slice(0, limit);
  if (operator === "sender" || operator === "dm" || operator === "dm-including")
    return build(operator, people).slice(0, limit);
  if (bare === "" || (colon > 0 && fixed.length === 0)) return [];
  return [
    ...fixed,
    ...build("channel", streams).slice(0, 4),
    ...build("sender", people).slice(0, 3),
    ...build("dm", people).slice(0, 2),
  ].slice(0, limit);
}
