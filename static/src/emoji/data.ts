// Emoji by name. The server's list is the truth (names differ between systems); a few common ones are built in, so
// that reacting works before the list has been fetched.

import type { ApiRealmEmoji } from "../api/types";

export interface Emoji {
  name: string;
  code: string;
  type: "unicode_emoji" | "realm_emoji" | "zulip_extra_emoji";
  url?: string;
}

/** The skin tones that Unicode knows, none first. */
export const TONES = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"] as const;

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

/** A name as the server keeps it: small letters, digits, dashes and underscores. */
export function emojiName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "_")
    .replace(/[^a-z0-9_-]/g, "");
}

/** The characters of a Unicode emoji's code ("1f44d", or several joined by "-"). */
export function characters(code: string): string {
  const points = code.split("-").map((part) => Number.parseInt(part, 16));
  if (points.some((point) => !(point >= 0 && point <= 0x10ffff))) return "";
  const [only] = points;
  // Some old symbols show as text unless asked otherwise.
  const symbol = points.length === 1 && only !== undefined && only < 0x1f000 && only > 0xff;
  return String.fromCodePoint(...points) + (symbol ? "\u{fe0f}" : "");
}

/** The characters of an emoji in a skin tone; undefined if it has none. Of several people, all get it. */
export function toned(code: string, tone: string): string | undefined {
  const plain = characters(code);
  if (tone === "" || !/\p{Emoji_Modifier_Base}/u.test(plain)) return undefined;
  return plain.replace(/(\p{Emoji_Modifier_Base})\u{fe0f}?/gu, `$1${tone}`);
}

export function fromRealm(list: readonly ApiRealmEmoji[]): Emoji[] {
  return list.map((one) => ({ name: one.name, code: one.id, type: "realm_emoji", url: one.source_url }));
}

/** Reads the server's list: code → names, best name first. */
export function fromServer(codeToNames: Record<string, string[]>): Emoji[] {
  return Object.entries(codeToNames).flatMap(([code, names]) => names.map((name) => unicode(name, code)));
}

const COMMON_CODES = new Set(COMMON.map((one) => one.code));

function rankOf(one: Emoji, wanted: string): number | undefined {
  if (one.name === wanted) return 0;
  if (one.name.startsWith(wanted)) return COMMON_CODES.has(one.code) ? 1 : 2;
  if (one.name.includes(`_${wanted}`)) return 3;
  return one.name.includes(wanted) ? 4 : undefined;
}

/** Emoji whose name has the query in it: whole names first, then beginnings, then the rest; common ones before others. */
export function search(all: readonly Emoji[], query: string, limit: number): Emoji[] {
  const wanted = query.trim().toLowerCase().replaceAll(" ", "_");
  if (wanted === "") return dedupe([...COMMON, ...all]).slice(0, limit);
  const found: { one: Emoji; rank: number }[] = [];
  for (const one of [...COMMON, ...all]) {
    const rank = rankOf(one, wanted);
    if (rank !== undefined) found.push({ one, rank });
  }
  found.sort((a, b) => a.rank - b.rank || a.one.name.length - b.one.name.length);
  return dedupe(found.map(({ one }) => one)).slice(0, limit);
}

export const emojiKey = (one: Pick<Emoji, "type" | "code">) => `${one.type}:${one.code}`;

/** Each emoji once, under the first of its names. */
export function dedupe(list: readonly Emoji[]): Emoji[] {
  const known = new Set<string>();
  return list.filter((one) => {
    const fresh = !known.has(emojiKey(one));
    known.add(emojiKey(one));
    return fresh;
  });
}

/** The emoji of a group, in its order, under their first names. Codes that the server does not know are left out. */
export function ofGroup(all: readonly Emoji[], codes: string): Emoji[] {
  const byCode = new Map<string, Emoji>();
  for (const one of all) if (one.type === "unicode_emoji" && !byCode.has(one.code)) byCode.set(one.code, one);
  return codes.split(" ").flatMap((code) => byCode.get(code) ?? []);
}

/** How often each emoji was picked here, by its key. Old picks fade, so that habits may change. */
export type Picks = Readonly<Record<string, number>>;

const FADE = 0.98;
const FORGOTTEN = 0.1;

export function picked(picks: Picks, emoji: Emoji): Picks {
  const faded = Object.entries(picks).map(([key, weight]) => [key, weight * FADE] as const);
  const kept: Record<string, number> = Object.fromEntries(faded.filter(([, weight]) => weight > FORGOTTEN));
  kept[emojiKey(emoji)] = (kept[emojiKey(emoji)] ?? 0) + 1;
  return kept;
}

/** One's own favourites, most used first, filled up with common ones. */
export function frequent(all: readonly Emoji[], picks: Picks, limit: number): Emoji[] {
  const own = dedupe(all).filter((one) => emojiKey(one) in picks);
  own.sort((a, b) => (picks[emojiKey(b)] ?? 0) - (picks[emojiKey(a)] ?? 0));
  return dedupe([...own, ...COMMON]).slice(0, limit);
}
