// The reader's own keys, kept in this browser (keyboards differ from machine to machine).

import { signal } from "@preact/signals";
import { type Bindings, type Command, parseBindings, rebind } from "./data";

const STORAGE = "narrows:keys";

export const bindings = signal<Bindings>(parseBindings(localStorage.getItem(STORAGE)));

addEventListener("storage", (event) => {
  if (event.key === STORAGE) bindings.value = parseBindings(event.newValue);
});

function keep(next: Bindings): void {
  bindings.value = next;
  try {
    localStorage.setItem(STORAGE, JSON.stringify(next));
  } catch {
    // A full or forbidden storage: the keys hold as long as this window.
  }
}

export function bind(command: Command, key: string): void {
  keep(rebind(bindings.peek(), command, key));
}

export function resetBindings(): void {
  keep({});
}
