// Drafts in the browser's storage, shared by its windows.

import { signal } from "@preact/signals";
import { me, realm } from "../app/state";
import type { Target } from "../compose/data";
import { type Drafts, draftKey, keep, parse } from "./data";

export const drafts = signal<Drafts>({});

const storageKey = () => `narrows:drafts:${realm.peek().name}:${me.peek()}`;

export function loadDrafts(): void {
  drafts.value = parse(localStorage.getItem(storageKey()));
}

addEventListener("storage", (event) => {
  if (event.key === storageKey()) drafts.value = parse(event.newValue);
});

export function saveDraft(target: Target, text: string): void {
  const next = keep(drafts.peek(), target, text, Date.now());
  drafts.value = next;
  try {
    localStorage.setItem(storageKey(), JSON.stringify(next));
  } catch {
    // A full or forbidden storage: the draft lives as long as this window.
  }
}

export function draftFor(target: Target): string {
  return drafts.peek()[draftKey(target)]?.text ?? "";
}
