// The server's list of emoji, fetched when it is first needed, and which of them are in use here.

import { computed, signal } from "@preact/signals";
import { realm, realmEmoji } from "../app/state";
import { COMMON, type Emoji, fromRealm, fromServer, type Picks, picked, TONES, toned } from "./data";

const fromTheServer = signal<readonly Emoji[]>([]);
let asked: Promise<void> | undefined;

export const allEmoji = computed<readonly Emoji[]>(() => [
  ...fromRealm(realmEmoji.value),
  ...(fromTheServer.value.length > 0 ? fromTheServer.value : COMMON),
]);

async function fetchList(): Promise<void> {
  const url = realm.peek().emojiDataUrl;
  if (!url) return;
  const response = await fetch(new URL(url, location.href).pathname);
  const data = (await response.json()) as { code_to_names?: Record<string, string[]> };
  fromTheServer.value = fromServer(data.code_to_names ?? {});
}

/** Fetches the list once; without it the built-in ones stay. */
export function needEmoji(): Promise<void> {
  asked ??= fetchList().catch(() => {
    asked = undefined;
  });
  return asked;
}

export function emojiByName(name: string): Emoji | undefined {
  return allEmoji.peek().find((one) => one.name === name) ?? COMMON.find((one) => one.name === name);
}

const TONE_KEY = "narrows:skin-tone";

/** Which of the skin tones one writes with. */
export const tone = signal(Number(localStorage.getItem(TONE_KEY) ?? 0));

export function setTone(index: number): void {
  tone.value = index;
  try {
    localStorage.setItem(TONE_KEY, String(index));
  } catch {
    // Without storage it lives as long as this window.
  }
}

/** How one writes an emoji: by its name, or as the character in one's skin tone, which has no name. */
export function written(emoji: Emoji): string {
  const character = emoji.type === "unicode_emoji" ? toned(emoji.code, TONES[tone.peek()] ?? "") : undefined;
  return character ?? `:${emoji.name}:`;
}

const PICKS_KEY = "narrows:emoji";

function storedPicks(): Picks {
  try {
    return JSON.parse(localStorage.getItem(PICKS_KEY) ?? "{}") as Picks;
  } catch {
    return {};
  }
}

export const picks = signal<Picks>(storedPicks());

/** Remembers that an emoji was chosen: it comes first the next time. */
export function rememberPick(emoji: Emoji): void {
  picks.value = picked(picks.peek(), emoji);
  try {
    localStorage.setItem(PICKS_KEY, JSON.stringify(picks.peek()));
  } catch {
    // Without storage the favourites live as long as this window.
  }
}
