// What lies over the page: at most one dialog and one popover at a time.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { MessageId, StreamId, UserId } from "../api/types";
import type { IconName } from "../dom/html";
import type { Emoji } from "../emoji/data";
import type { Picture } from "../lightbox/data";
import type { Message } from "../messages/model";
import type { Section } from "../settings/data";
import type { TopicPlace } from "../topics/events";

export type Overlay =
  | { kind: "palette"; query: string }
  | { kind: "shortcuts" }
  | { kind: "settings"; section?: Section }
  | { kind: "history"; message: Message }
  | { kind: "source"; message: Message }
  | { kind: "receipts"; id: MessageId }
  | { kind: "report"; id: MessageId }
  | { kind: "move"; message: Message }
  | { kind: "lightbox"; pictures: Picture[]; at: number }
  | { kind: "new-stream" }
  | { kind: "stream"; id: StreamId; section?: StreamSection }
  | { kind: "rename-topic"; place: TopicPlace }
  /** `back` is what was open before. */
  | { kind: "confirm"; title: string; text: string; act: string; run(): void; back: Overlay | undefined }
  | { kind: "status" }
  | { kind: "new-widget"; widget: "poll" | "todo" }
  /** `choose` gets the time in seconds. */
  | { kind: "schedule"; title?: string; at?: number; choose(at: number): void }
  | { kind: "profile"; id: UserId }
  | { kind: "manage-person"; id: UserId };

export type StreamSection = "general" | "personal" | "people" | "rights";

export const overlay = signal<Overlay | undefined>(undefined);

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  checked?: boolean;
  run(): void;
}

export type Popover =
  | { kind: "menu"; anchor: HTMLElement; label: string; items: MenuItem[] }
  /** With `tones`, skin tones may be chosen: only text can have them, reactions cannot. */
  | { kind: "emoji"; anchor: HTMLElement; tones: boolean; choose(emoji: Emoji): void }
  /** Anything else; `load` brings what draws it. */
  | { kind: "panel"; anchor: HTMLElement; label: string; load(): Promise<() => ComponentChildren> };

export const popover = signal<Popover | undefined>(undefined);

export function openMenu(anchor: HTMLElement, label: string, items: MenuItem[]): void {
  popover.value = { kind: "menu", anchor, label, items };
}

export function openEmojiPicker(anchor: HTMLElement, choose: (emoji: Emoji) => void, tones = false): void {
  popover.value = { kind: "emoji", anchor, tones, choose };
}

export function openPanel(anchor: HTMLElement, label: string, load: () => Promise<() => ComponentChildren>): void {
  popover.value = { kind: "panel", anchor, label, load };
}

/** Closes the box for good: what comes next is to find the focus where it was before, and gives it back there. */
export function leavePopover(): void {
  popover.peek()?.anchor.focus({ preventScroll: true });
  popover.value = undefined;
}

/** Asks before something that cannot be undone. */
export function confirm(title: string, text: string, act: string, run: () => void): void {
  overlay.value = { kind: "confirm", title, text, act, run, back: overlay.peek() };
}

export function closeOverlays(): boolean {
  const open = overlay.value !== undefined || popover.value !== undefined;
  overlay.value = undefined;
  popover.value = undefined;
  return open;
}

/** Which sidebars are out on a narrow screen; on a wide one, whether they are folded away. */
export const leftOpen = signal(false);
export const rightOpen = signal(false);
export const leftFolded = signal(false);
export const rightFolded = signal(false);
