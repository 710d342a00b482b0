// Long messages show their beginning and a button for the rest; collapsed ones (a flag of the API) show nothing else.

import { signal } from "@preact/signals";
import type { MessageId } from "../api/types";
import { h } from "../dom/html";
import { t } from "../i18n";
import type { Message } from "./model";

/** Long messages that the reader has unfolded in this window. */
export const unfolded = signal<ReadonlySet<MessageId>>(new Set());

export function toggleUnfolded(id: MessageId): void {
  const next = new Set(unfolded.peek());
  if (!next.delete(id)) next.add(id);
  unfolded.value = next;
}

/** How much lower a content is once it is cut, in pixels, as in the style sheet: a line or so is not worth a button. */
const SLACK = 32;

// The height is known only once the row is laid out. The style sheet limits it, this says whether it did.
const watcher =
  typeof ResizeObserver === "undefined"
    ? undefined
    : new ResizeObserver((entries) => {
        for (const { target } of entries) if (!target.isConnected) watcher?.unobserve(target);
        // All are measured before any is changed: one layout is enough for them.
        const measured = entries.map(({ target }) => [target, isCut(target)] as const);
        for (const [target, cut] of measured) target.classList.toggle("cut", cut);
      });

function isCut(content: Element): boolean {
  const limit = Number.parseFloat(getComputedStyle(content).maxHeight);
  return content.scrollHeight > limit + (content.classList.contains("cut") ? SLACK : 0);
}

function button(act: string, label: string, expanded: boolean): HTMLElement {
  return h("button", { type: "button", class: "fold", "data-act": act, "aria-expanded": String(expanded) }, label);
}

/** Puts the content into the body as far as it is to be shown, with the button that shows the rest. */
export function appendFolded(body: HTMLElement, content: HTMLElement, message: Message): void {
  if (message.flags.has("collapsed")) {
    body.append(button("collapse", t("fold.collapsed"), false));
  } else if (unfolded.value.has(message.id)) {
    content.classList.add("unfolded");
    body.append(content, button("unfold", t("fold.less"), true));
  } else {
    watcher?.observe(content);
    body.append(content, button("unfold", t("fold.more"), false));
  }
}
