// The place of a widget in a message's row. What draws it comes over the network with the first widget.

import { signalError } from "../app/feedback";
import type { Message } from "../messages/model";

/** Always the same element for a message, so that it keeps what is being typed into it. */
const hosts = new Map<number, HTMLElement>();

export const hasWidget = (message: Message): boolean => message.submessages.some((one) => one.msg_type === "widget");

export function widgetHost(message: Message): HTMLElement {
  const host = hosts.get(message.id) ?? document.createElement("div");
  host.className = "content widget-host";
  hosts.set(message.id, host);
  import("./ui").then(({ showWidget }) => showWidget(host, message)).catch(signalError);
  return host;
}
