// Whether the server has a newer client than the one that runs here: its page then names another script.

import { effect } from "@preact/signals";
import { comebacks } from "../events/connection";
import { reloadOffered } from "./state";

const HOUR_MS = 3_600_000;

const scriptOf = (page: Document) =>
  page.querySelector<HTMLScriptElement>('script[type="module"]')?.getAttribute("src");

async function look(): Promise<void> {
  const answer = await fetch(location.pathname, { headers: { accept: "text/html" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const newer = scriptOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
  if (newer && newer !== scriptOf(document)) reloadOffered.value = true;
}

/** Looks each time the connection is back (a server that was upgraded was restarted), and every hour. */
export function watchVersion(): void {
  effect(() => {
    if (comebacks.value > 0) void look();
  });
  setInterval(look, HOUR_MS);
}
