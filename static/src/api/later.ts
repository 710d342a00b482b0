// The calls about messages that are not sent yet: drafts and scheduled messages; and about what is inside messages.

import type { ApiDraft } from "../drafts/data";
import type { Destination } from "./calls";
import { request } from "./client";
import type { MessageId } from "./types";

export const createDrafts = (drafts: ApiDraft[]) => request<{ ids: number[] }>("POST", "/drafts", { drafts });
export const updateDraft = (id: number, draft: ApiDraft) => request("PATCH", `/drafts/${id}`, { draft });
export const deleteDraft = (id: number) => request("DELETE", `/drafts/${id}`);

export const scheduleMessage = (to: Destination, content: string, at: number) =>
  request<{ scheduled_message_id: number }>("POST", "/scheduled_messages", {
    ...to,
    content,
    scheduled_delivery_timestamp: at,
  });
export const rescheduleMessage = (id: number, at: number) =>
  request("PATCH", `/scheduled_messages/${id}`, { scheduled_delivery_timestamp: at });
export const deleteScheduled = (id: number) => request("DELETE", `/scheduled_messages/${id}`);

export const sendSubmessage = (id: MessageId, content: unknown) =>
  request("POST", "/submessage", { message_id: id, msg_type: "widget", content: JSON.stringify(content) });
