// Emoji by name. The server's list is the truth (names differ between systems); a few common ones are built in, so
// that reacting works before the list has been fetched.

import type { ApiRealmEmoji } from "../api/types";

export interface Emoji {
  name: string;
  code: string;
  type: "unicode_emoji" | "realm_emoji" | "zulip_extra_emoji";
  url?: string;
}

const unicode = (name: string, code: string): Emoji => ({ name, code, type: "unicode_emoji" });

export const COMMON: readonly Emoji[] = [
  unicode("+1", "1f44d"),
  unicode("tada", "1f389"),
  unicode("smile", "1f642"),
  unicode("heart", "2764"),
  unicode("working_on_it", "1f6e0"),
  unicode("octopus", "1f419"),
  unicode("check", "2705"),
  unicode("eyes", "1f440"),
  unicode("joy", "1f602"),
  unicode("thinking", "1f914"),
  unicode("clap", "1f44f"),
  unicode("rocket", "1f680"),
  unicode("-1", "1f44e"),
  unicode("pray", "1f64f"),
  unicode("coffee", "2615"),
  unicode("wave", "1f44b"),
];

/** The characters of a Unicode emoji's code ("1f44d", or several joined by "-"). */
export function characters(code: string): string {
  const points = code.split("-").map((part) => Number.parseInt(part, 16));
  if (points.some((point) => !(point >= 0 && point <= 0x10ffff))) return "";
  const [only] = points;
  // Some old symbols show as text unless asked otherwise.
  const symbol = points.length === 1 && only !== undefined && only < 0x1f000 && only > 0xff;
  return String.fromCodePoint(...points) + (symbol ? "\u{fe0f}" : "");
}

export function fromRealm(list: readonly ApiRealmEmoji[]): Emoji[] {
  return list.map((one) => ({ name: one.name, code: one.id, type: "realm_emoji", url: one.source_url }));
}

/** Reads the server's list: code → names, best name first. */
export function fromServer(codeToNames: Record<string, string[]>): Emoji[] {
  return Object.entries(codeToNames).flatMap(([code, names]) => names.map((name) => unicode(name, code)));
}

/** Emoji whose name has the query in it: whole names first, then beginnings, then the rest; common ones before others. */
export function search(all: readonly Emoji[], query: string, limit: number): Emoji[] {
  const wanted = query.toLowerCase().replaceAll(" ", "_");
  if (wanted === "") return dedupe([...COMMON, ...all]).slice(0, limit);
  const rank = (one: Emoji) => {
    if (one.name === wanted) return 0;
    if (one.name.startsWith(wanted)) return COMMON.some((common) => common.code === one.code) ? 1 : 2;
    return one.name.includes(`_${wanted}`) ? 3 : one.name.includes(wanted) ? 4 : 5;
  };
  const found = [...COMMON, ...all].map((one) => [rank(one), one] as const).filter(([place]) => place < 5);
  found.sort(([a, one], [b, other]) => a - b || one.name.length - other.name.length);
  return dedupe(found.map(([, one]) => one)).slice(0, limit);
}

function dedupe(list: readonly Emoji[]): Emoji[] {
  const known = new Set<string>();
  return list.filter((one) => {
    const key = `${one.type}:${one.code}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}
