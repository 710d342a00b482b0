// Deutsch: Lesen und Finden.

import type { Text } from "./index";
import type { readingEn } from "./reading.en";

export const readingDe: Record<keyof typeof readingEn, Text> = {
  "fold.collapsed": "Eingeklappt. Anzeigen",
  "fold.less": "Weniger zeigen",
  "fold.more": "Ganz zeigen",
  "lightbox.back": "Vorheriges Bild",
  "lightbox.count": "{at} von {of}",
  "lightbox.download": "Herunterladen",
  "lightbox.next": "Nächstes Bild",
  "lightbox.open": "Im Tab öffnen",
  "lightbox.title": "Bild: {name}",
  "lightbox.zoom": "Volle Größe",
  "menu.collapse": "Einklappen",
  "menu.expand": "Wieder anzeigen",
};
