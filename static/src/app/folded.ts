// Which sections of the sidebar and the inbox are folded away; kept in this browser.

import { signal } from "@preact/signals";

const STORAGE = "narrows:folded";

function stored(): ReadonlySet<string> {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(STORAGE) ?? "[]");
    return new Set(Array.isArray(raw) ? raw.map(String) : []);
  } catch {
    return new Set();
  }
}

const folded = signal(stored());

export function isFolded(section: string): boolean {
  return folded.value.has(section);
}

export function toggleFolded(section: string): void {
  const next = new Set(folded.peek());
  if (!next.delete(section)) next.add(section);
  folded.value = next;
  try {
    localStorage.setItem(STORAGE, JSON.stringify([...next]));
  } catch {
    // A full or forbidden storage: it holds as long as this window.
  }
}
