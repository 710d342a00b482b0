// Which streams the browser of streams lists: shared by its tabs and the keyboard.

import { signal } from "@preact/signals";

export const FILTERS = ["all", "mine", "others", "archived"] as const;
export const filter = signal<(typeof FILTERS)[number]>("all");

/** The next tab, or the one before, around the ends. */
export function cycleTabs(step: number): void {
  const at = FILTERS.indexOf(filter.peek());
  filter.value = FILTERS[(at + step + FILTERS.length) % FILTERS.length] ?? "all";
}
