// Every text that people read goes through t(). English is compiled in; other catalogues load on demand.

import { signal } from "@preact/signals";
import { en } from "./en";

/** A text, or its plural forms by the categories of Intl.PluralRules (chosen by the parameter `count`). */
export type Text = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Key = keyof typeof en;
export type Catalogue = Record<Key, Text>;

const LOADERS: Record<string, () => Promise<Catalogue>> = {
  en: async () => en,
  de: async () => (await import("./de")).de,
};

/** The languages there is a catalogue for, each by its own name. */
export const LANGUAGES: Record<string, string> = { en: "English", de: "Deutsch" };

export const language = signal("en");
let catalogue: Catalogue = en;
let plural = new Intl.PluralRules("en");

export type Values = Record<string, string | number>;

/** Picks the plural form and puts the values in place of `{name}`. */
export function format(text: Text, values: Values, rules: Intl.PluralRules): string {
  const chosen = typeof text === "string" ? text : (text[rules.select(Number(values.count ?? 0))] ?? text.other);
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The text for a key in the current language. Reading it inside a component follows language changes. */
export function t(key: Key, values: Values = {}): string {
  language.value;
  return format(catalogue[key], values, plural);
}

/** Switches the language; an unknown one means English. */
export async function setLanguage(wanted: string): Promise<void> {
  const base = wanted.split(/[-_]/)[0] ?? "en";
  const code = base in LOADERS ? base : "en";
  const load = LOADERS[code];
  if (!load || code === language.peek()) return;
  catalogue = await load();
  plural = new Intl.PluralRules(code);
  document.documentElement.lang = code;
  document.documentElement.dir = ["ar", "fa", "he", "ur"].includes(code) ? "rtl" : "ltr";
  language.value = code;
}
