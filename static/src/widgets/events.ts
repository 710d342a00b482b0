// Acts on widgets that came after their messages. They live beside the messages, so that a vote does not build the
// message's row anew under the hands of someone who types into it.

import { signal } from "@preact/signals";
import type { ServerEvent } from "../api/events";
import type { MessageId } from "../api/types";
import type { Submessage } from "./data";

export const arrived = signal<ReadonlyMap<MessageId, readonly Submessage[]>>(new Map());

export function applySubmessage(event: ServerEvent): void {
  if (event.type !== "submessage") return;
  const { message_id, submessage_id, sender_id, msg_type, content } = event;
  const known = arrived.peek().get(message_id) ?? [];
  const next = [...known, { id: submessage_id, sender_id, msg_type, content }];
  arrived.value = new Map(arrived.peek()).set(message_id, next);
}
