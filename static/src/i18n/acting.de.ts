// German, the part about writing and acting.

import type { actingEn } from "./acting.en";
import type { Text } from "./index";

export const actingDe: Record<keyof typeof actingEn, Text> = {
  "emoji.group.activities": "Aktivitäten",
  "emoji.group.animals": "Tiere und Natur",
  "emoji.group.flags": "Flaggen",
  "emoji.group.food": "Essen und Trinken",
  "emoji.group.frequent": "Oft benutzt",
  "emoji.group.objects": "Gegenstände",
  "emoji.group.people": "Menschen",
  "emoji.group.realm": "Von dieser Organisation",
  "emoji.group.smileys": "Smileys",
  "emoji.group.symbols": "Symbole",
  "emoji.group.travel": "Reisen und Orte",
  "emoji.groups": "Gruppen von Emoji",
};
