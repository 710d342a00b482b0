// The calls of the API that this client makes, typed.

import { isSpectator } from "../app/spectator";
import { request } from "./client";
import type { ServerEvent } from "./events";
import type { ApiMessage, ApiNarrowTerm, MessageId, MessagesAnswer, Register, StreamId, UserId } from "./types";

const CAPABILITIES = {
  notification_settings_null: true,
  bulk_message_deletion: true,
  user_avatar_url_field_optional: true,
  stream_typing_notifications: true,
  user_settings_object: true,
  linkifier_url_template: true,
  user_list_incomplete: true,
  include_deactivated_groups: true,
  archived_channels: true,
  empty_topic_name: true,
  simplified_presence_events: true,
};

export const register = () =>
  request<Register>("POST", "/register", {
    apply_markdown: true,
    // Without an account one does not get what addresses could be guessed from.
    client_gravatar: !isSpectator,
    slim_presence: true,
    include_subscribers: false,
    client_capabilities: CAPABILITIES,
  });

export const getEvents = (queueId: string, lastEventId: number, dontBlock: boolean, signal: AbortSignal) =>
  request<{ events: ServerEvent[] }>(
    "GET",
    "/events",
    { queue_id: queueId, last_event_id: lastEventId, dont_block: dontBlock || undefined },
    signal,
  );

export interface Fetch {
  narrow: ApiNarrowTerm[];
  anchor: number | "newest" | "oldest" | "first_unread";
  before: number;
  after: number;
  includeAnchor?: boolean;
}

export const getMessages = (fetch: Fetch, signal?: AbortSignal) =>
  request<MessagesAnswer>(
    "GET",
    "/messages",
    {
      narrow: fetch.narrow,
      anchor: fetch.anchor,
      num_before: fetch.before,
      num_after: fetch.after,
      include_anchor: fetch.includeAnchor ?? true,
      apply_markdown: true,
      client_gravatar: !isSpectator,
      allow_empty_topic_name: true,
    },
    signal,
  );

/** The newest messages of a narrow as they were written. */
export const getRawMessages = (narrow: ApiNarrowTerm[], count: number) =>
  request<MessagesAnswer>("GET", "/messages", {
    narrow,
    anchor: "newest",
    num_before: count,
    num_after: 0,
    apply_markdown: false,
    allow_empty_topic_name: true,
  });

export const getMessage = (id: MessageId, applyMarkdown: boolean) =>
  request<{ message: ApiMessage }>("GET", `/messages/${id}`, {
    apply_markdown: applyMarkdown,
    allow_empty_topic_name: true,
  });

export type Destination = { type: "stream"; to: StreamId; topic: string } | { type: "direct"; to: UserId[] };

export const sendMessage = (to: Destination, content: string, queueId: string, localId: string) =>
  request<{ id: MessageId }>("POST", "/messages", {
    ...to,
    content,
    queue_id: queueId,
    local_id: localId,
    read_by_sender: true,
  });

export interface Edit {
  content?: string;
  topic?: string;
  stream_id?: StreamId;
  propagate_mode?: "change_one" | "change_later" | "change_all";
  send_notification_to_old_thread?: boolean;
  send_notification_to_new_thread?: boolean;
}

export const editMessage = (id: MessageId, edit: Edit) => request("PATCH", `/messages/${id}`, { ...edit });
export const deleteMessage = (id: MessageId) => request("DELETE", `/messages/${id}`);

export interface HistoryEntry {
  timestamp: number;
  user_id: UserId | null;
  topic?: string;
  prev_topic?: string;
  rendered_content?: string;
  prev_rendered_content?: string;
  content_html_diff?: string;
}

export const getHistory = (id: MessageId) =>
  request<{ message_history: HistoryEntry[] }>("GET", `/messages/${id}/history`, { allow_empty_topic_name: true });

export const getReadReceipts = (id: MessageId) =>
  request<{ user_ids: UserId[] }>("GET", `/messages/${id}/read_receipts`);

export const reportMessage = (id: MessageId, report_type: string, description: string) =>
  request("POST", `/messages/${id}/report`, { report_type, description });

export const runCommand = (command: string) => request<{ msg: string }>("POST", "/zcommand", { command });

export const renderMessage = (content: string) =>
  request<{ rendered: string }>("POST", "/messages/render", { content });

export const matchesNarrow = (ids: MessageId[], narrow: ApiNarrowTerm[]) =>
  request<{ messages: Record<string, { match_content?: string; match_subject?: string }> }>(
    "GET",
    "/messages/matches_narrow",
    { msg_ids: ids, narrow },
  );

export const updateFlags = (messages: MessageId[], op: "add" | "remove", flag: string) =>
  request<{ messages: MessageId[] }>("POST", "/messages/flags", { messages, op, flag });

export interface NarrowFlags {
  processed_count: number;
  updated_count: number;
  first_processed_id: number | null;
  last_processed_id: number | null;
  found_newest: boolean;
  found_oldest: boolean;
}

export const updateFlagsForNarrow = (
  narrow: ApiNarrowTerm[],
  anchor: number | "newest" | "oldest" | "first_unread",
  before: number,
  after: number,
  op: "add" | "remove",
  flag: string,
) =>
  request<NarrowFlags>("POST", "/messages/flags/narrow", {
    narrow,
    anchor,
    num_before: before,
    num_after: after,
    op,
    flag,
  });

export interface ReactionRef {
  emoji_name: string;
  emoji_code?: string;
  reaction_type?: string;
}

export const addReaction = (id: MessageId, emoji: ReactionRef) =>
  request("POST", `/messages/${id}/reactions`, { ...emoji });
export const removeReaction = (id: MessageId, emoji: ReactionRef) =>
  request("DELETE", `/messages/${id}/reactions`, { ...emoji });

export const getTopics = (streamId: StreamId) =>
  request<{ topics: { name: string; max_id: MessageId }[] }>("GET", `/users/me/${streamId}/topics`, {
    allow_empty_topic_name: true,
  });

export const setTopicPolicy = (streamId: StreamId, topic: string, policy: number) =>
  request("POST", "/user_topics", { stream_id: streamId, topic, visibility_policy: policy });

export const setSubscriptionProperty = (streamId: StreamId, property: string, value: unknown) =>
  request("POST", "/users/me/subscriptions/properties", {
    subscription_data: [{ stream_id: streamId, property, value }],
  });

export interface NewStream {
  name: string;
  description?: string;
}

export const subscribe = (
  streams: NewStream[],
  options: {
    invite_only?: boolean;
    is_web_public?: boolean;
    history_public_to_subscribers?: boolean;
    announce?: boolean;
    principals?: UserId[];
  } = {},
) => request("POST", "/users/me/subscriptions", { subscriptions: streams, ...options });
export const unsubscribe = (names: string[]) => request("DELETE", "/users/me/subscriptions", { subscriptions: names });

export const setTyping = (op: "start" | "stop", to: Destination) =>
  to.type === "stream"
    ? request("POST", "/typing", { op, type: "stream", stream_id: to.to, topic: to.topic })
    : request("POST", "/typing", { op, type: "direct", to: to.to });

export const updatePresence = (status: "active" | "idle", newUserInput: boolean) =>
  request<{ presences?: Record<string, { active_timestamp?: number; idle_timestamp?: number }> }>(
    "POST",
    "/users/me/presence",
    { status, new_user_input: newUserInput, ping_only: false, slim_presence: true },
  );

export const updateSettings = (changes: Record<string, unknown>) => request("PATCH", "/settings", changes);
export const updateStatus = (status_text: string) => request("POST", "/users/me/status", { status_text });
