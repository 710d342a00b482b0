// Files on their way to the server, and those that are there.

import type { AttachmentEvent } from "../api/events";
import type { Attachment } from "../api/generated";

export interface Upload {
  id: number;
  name: string;
  size: number;
  sent: number;
  state: "running" | "failed";
  error?: string;
}

export type Uploads = readonly Upload[];

export function change(uploads: Uploads, id: number, changes: Partial<Upload>): Uploads {
  return uploads.map((one) => (one.id === id ? { ...one, ...changes } : one));
}

export const without = (uploads: Uploads, id: number): Uploads => uploads.filter((one) => one.id !== id);

/** In whole percent; a file without content is done at once. */
export function percent({ sent, size }: Upload): number {
  return size === 0 ? 100 : Math.min(100, Math.floor((sent / size) * 100));
}

/** A name that does not end the brackets around it. */
export const linkText = (name: string): string => name.replaceAll(/[[\]]/g, "").trim() || "file";

/** Puts a block into a text at a place: on lines of its own where it would touch others. */
export function insertBlock(text: string, at: number, block: string): { text: string; end: number } {
  const before = at > 0 && text[at - 1] !== "\n" ? "\n" : "";
  const after = text[at] === "\n" ? "" : "\n";
  const inserted = before + block + after;
  return { text: text.slice(0, at) + inserted + text.slice(at), end: at + inserted.length };
}

/** Takes a placeholder out, with the line that it was alone on. */
export function removeBlock(text: string, block: string): string {
  const at = text.indexOf(block);
  if (at < 0) return text;
  const alone = (at === 0 || text[at - 1] === "\n") && text[at + block.length] === "\n";
  return text.slice(0, at) + text.slice(at + block.length + (alone ? 1 : 0));
}

/** "4.2 MB". */
export function sizeLabel(bytes: number, language: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const maximumFractionDigits = unit > 1 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[unit] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits,
  }).format(value);
}

/** The list of one's files after an event about them. */
export function applyFiles(files: readonly Attachment[], event: AttachmentEvent): readonly Attachment[] {
  const others = files.filter((one) => one.id !== event.attachment.id);
  return event.op === "remove" ? others : [...others, event.attachment];
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** How large a file is, in the unit that fits. */
export function sizeText(bytes: number, language: string): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  });
  return format.format(bytes / 1000 ** step);
}
