// The tab's icon, with a dot while something is unread.

import { effect } from "@preact/signals";
import { iconCount } from "./state";

const PLAIN = "/static/favicon.svg";
const UNREAD = "/static/favicon-unread.svg";

/** Follows the unread count for as long as the page lives. */
export function followFavicon(): void {
  const link = document.createElement("link");
  link.rel = "icon";
  link.type = "image/svg+xml";
  document.head.append(link);
  effect(() => {
    const wanted = iconCount.value > 0 ? UNREAD : PLAIN;
    if (link.getAttribute("href") !== wanted) link.setAttribute("href", wanted);
  });
}
