// The calls about one's own account, what one keeps in it and is reminded of.

import { request } from "./client";
import type { Attachment, SavedSnippet } from "./generated";
import type { MessageId } from "./types";

export const changePassword = (old_password: string, new_password: string) =>
  request("PATCH", "/settings", { old_password, new_password });
export const newApiKey = () => request<{ api_key: string }>("POST", "/users/me/api_key/regenerate");
export const changeEmail = (email: string) => request("PATCH", "/settings", { email });
export const deactivateMe = () => request("DELETE", "/users/me");
export const removeAvatar = () => request("DELETE", "/users/me/avatar");

export const getSnippets = () => request<{ saved_snippets: SavedSnippet[] }>("GET", "/saved_snippets");
export const createSnippet = (title: string, content: string) =>
  request<{ saved_snippet_id: number }>("POST", "/saved_snippets", { title, content });
export const updateSnippet = (id: number, title: string, content: string) =>
  request("PATCH", `/saved_snippets/${id}`, { title, content });
export const deleteSnippet = (id: number) => request("DELETE", `/saved_snippets/${id}`);

export const createReminder = (message_id: MessageId, scheduled_delivery_timestamp: number) =>
  request<{ reminder_id: number }>("POST", "/reminders", { message_id, scheduled_delivery_timestamp });
export const deleteReminder = (id: number) => request("DELETE", `/reminders/${id}`);

export const getAttachments = () => request<{ attachments: Attachment[] }>("GET", "/attachments");
export const removeAttachment = (id: number) => request("DELETE", `/attachments/${id}`);
