// Pictures of people that did not load: their initials stand there instead.

import { signal } from "@preact/signals";

const broken = signal<ReadonlySet<string>>(new Set());

/** Where a person's picture is, if there is one that can be shown. */
export function shownPicture(url: string | null): string | undefined {
  return url !== null && !broken.value.has(url) ? url : undefined;
}

export function pictureFailed(url: string): void {
  broken.value = new Set(broken.peek()).add(url);
}
