// Desktop notifications for what is meant for the reader.

import type { ServerEvent } from "../api/events";
import { fromApi } from "../messages/model";
import { go } from "./route";
import * as state from "./state";

function worthTelling(event: Extract<ServerEvent, { type: "message" }>): boolean {
  if (event.message.sender_id === state.me.peek() || event.flags.includes("read")) return false;
  const direct = event.message.type === "private" || event.message.type === "direct";
  return direct || event.flags.some((flag) => flag.endsWith("mentioned") || flag === "has_alert_word");
}

function plainText(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent?.trim().slice(0, 200) ?? "";
}

/** Shows an event's message on the desktop when the window is not being looked at. */
export function notifyOf(event: ServerEvent): void {
  if (event.type !== "message" || !worthTelling(event) || document.hasFocus()) return;
  if (state.settings.peek().enable_desktop_notifications === false) return;
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const message = fromApi(event.message, state.me.peek(), event.flags);
  const where = message.place.kind === "stream" ? ` · ${message.place.topic}` : "";
  const shown = new Notification(`${message.senderName}${where}`, {
    body: plainText(message.content),
    tag: `m${message.id}`,
  });
  shown.onclick = () => {
    window.focus();
    go(message.place);
    shown.close();
  };
}

/** Browsers ask only in answer to a click. */
export function askOnFirstClick(): void {
  if (!("Notification" in window) || Notification.permission !== "default") return;
  addEventListener("click", () => void Notification.requestPermission(), { once: true });
}
