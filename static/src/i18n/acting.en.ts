// English, the part about writing and acting. Spread into the catalogue.

export const actingEn = {
  "emoji.group.activities": "Activities",
  "emoji.group.animals": "Animals and nature",
  "emoji.group.flags": "Flags",
  "emoji.group.food": "Food and drink",
  "emoji.group.frequent": "Often used",
  "emoji.group.objects": "Objects",
  "emoji.group.people": "People",
  "emoji.group.realm": "Of this organisation",
  "emoji.group.smileys": "Smileys",
  "emoji.group.symbols": "Symbols",
  "emoji.group.travel": "Travel and places",
  "emoji.groups": "Groups of emoji",
};
