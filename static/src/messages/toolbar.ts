// The buttons at the corner of the message under the pointer or the focus. One element that moves about.

import { isSpectator } from "../app/spectator";
import { mayEdit } from "../compose/events";
import { h, type IconName, icon } from "../dom/html";
import { t } from "../i18n";
import type { Message } from "./model";

let bar: HTMLElement | undefined;

function button(act: string, name: IconName, label: string): HTMLElement {
  return h(
    "button",
    { type: "button", class: "icon-button", "data-act": act, "aria-label": label, title: label, tabindex: "-1" },
    icon(name),
  );
}

/** Puts the toolbar on a row. Its buttons are handled by the list, as those of the row are. */
export function showToolbar(row: HTMLElement, message: Message): void {
  if (message.echo || bar?.parentElement?.parentElement === row) return;
  bar?.remove();
  const own = [
    button("react", "smile", t("message.react")),
    button("reply", "reply", t("message.reply")),
    mayEdit(message) && button("edit", "edit", t("menu.edit")),
    button("star", "star", message.flags.has("starred") ? t("menu.unstar") : t("menu.star")),
  ];
  bar = h(
    "div",
    { class: "message-tools", role: "toolbar", "aria-label": t("message.tools") },
    ...(isSpectator ? [] : own),
    button("menu", "more", t("message.menu")),
  );
  row.querySelector(".message")?.append(bar);
}
