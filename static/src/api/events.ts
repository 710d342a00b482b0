// The events of the queue that change something this client shows.

import type { DraftsEvent } from "../drafts/data";
import type { ScheduledEvent } from "../schedule/data";
import type {
  ApiChannelFolder,
  ApiMessage,
  ApiPresence,
  ApiReaction,
  ApiRealmEmoji,
  ApiStream,
  ApiSubscription,
  ApiUser,
  MessageId,
  StreamId,
  UserId,
} from "./types";

interface Base {
  id: number;
}

export interface MessageEvent extends Base {
  type: "message";
  message: ApiMessage;
  flags: string[];
  local_message_id?: string;
}

export interface UpdateMessageEvent extends Base {
  type: "update_message";
  message_id: MessageId;
  message_ids: MessageId[];
  user_id: UserId | null;
  edit_timestamp: number;
  rendering_only?: boolean;
  rendered_content?: string;
  content?: string;
  flags: string[];
  stream_id?: StreamId;
  new_stream_id?: StreamId;
  orig_subject?: string;
  subject?: string;
}

export interface DeleteMessageEvent extends Base {
  type: "delete_message";
  message_ids?: MessageId[];
  message_id?: MessageId;
}

export interface FlagsEvent extends Base {
  type: "update_message_flags";
  op: "add" | "remove";
  flag: string;
  messages: MessageId[];
  all: boolean;
  message_details?: Record<
    string,
    { type: string; mentioned?: boolean; user_ids?: UserId[]; stream_id?: StreamId; topic?: string }
  >;
}

export interface ReactionEvent extends Base, ApiReaction {
  type: "reaction";
  op: "add" | "remove";
  message_id: MessageId;
}

export interface RealmUserEvent extends Base {
  type: "realm_user";
  op: "add" | "update" | "remove";
  person: Partial<ApiUser> & { user_id: UserId; new_email?: string };
}

export type SubscriptionEvent = Base & { type: "subscription" } & (
    | { op: "add"; subscriptions: ApiSubscription[] }
    | { op: "remove"; subscriptions: { stream_id: StreamId; name: string }[] }
    | { op: "update"; stream_id: StreamId; property: string; value: unknown }
    | { op: "peer_add" | "peer_remove"; stream_ids: StreamId[]; user_ids: UserId[] }
  );

export type StreamEvent = Base & { type: "stream" } & (
    | { op: "create"; streams: ApiStream[] }
    | { op: "delete"; streams?: ApiStream[]; stream_ids?: StreamId[] }
    | { op: "update"; stream_id: StreamId; property: string; value: unknown; rendered_description?: string }
  );

export type ChannelFolderEvent = Base & { type: "channel_folder" } & (
    | { op: "add"; channel_folder: ApiChannelFolder }
    | { op: "update"; channel_folder_id: number; data: Partial<ApiChannelFolder> }
    | { op: "reorder"; order: number[] }
  );

export interface UserTopicEvent extends Base {
  type: "user_topic";
  stream_id: StreamId;
  topic_name: string;
  visibility_policy: number;
}

export interface MutedUsersEvent extends Base {
  type: "muted_users";
  muted_users: { id: UserId }[];
}

export interface PresenceEvent extends Base {
  type: "presence";
  user_id?: UserId;
  server_timestamp?: number;
  presence?: Record<string, { status: string; timestamp: number }>;
  presences?: Record<string, ApiPresence>;
}

export interface TypingEvent extends Base {
  type: "typing";
  op: "start" | "stop";
  message_type: "stream" | "direct" | "private" | "channel";
  sender: { user_id: UserId };
  recipients?: { user_id: UserId }[];
  stream_id?: StreamId;
  topic?: string;
}

export interface UserSettingsEvent extends Base {
  type: "user_settings";
  op: "update";
  property: string;
  value: unknown;
}

export interface UserStatusEvent extends Base {
  type: "user_status";
  user_id: UserId;
  status_text?: string;
  emoji_name?: string;
  emoji_code?: string;
}

export interface RealmEmojiEvent extends Base {
  type: "realm_emoji";
  op: "update";
  realm_emoji: Record<string, ApiRealmEmoji>;
}

export type RealmEvent = Base & { type: "realm" } & (
    | { op: "update"; property: string; value: unknown }
    | { op: "update_dict"; property: string; data: Record<string, unknown> }
  );

export interface RestartEvent extends Base {
  type: "restart" | "web_reload_client";
  immediate?: boolean;
}

export interface SubmessageEvent extends Base {
  type: "submessage";
  message_id: MessageId;
  submessage_id: number;
  sender_id: UserId;
  msg_type: string;
  content: string;
}

export interface HeartbeatEvent extends Base {
  type: "heartbeat";
}

/** Every event that some reducer understands. Others pass through unread. */
export type ServerEvent =
  | MessageEvent
  | UpdateMessageEvent
  | DeleteMessageEvent
  | FlagsEvent
  | ReactionEvent
  | RealmUserEvent
  | SubscriptionEvent
  | StreamEvent
  | ChannelFolderEvent
  | UserTopicEvent
  | MutedUsersEvent
  | PresenceEvent
  | TypingEvent
  | UserSettingsEvent
  | UserStatusEvent
  | RealmEmojiEvent
  | RealmEvent
  | RestartEvent
  | SubmessageEvent
  | (Base & DraftsEvent)
  | (Base & ScheduledEvent)
  | HeartbeatEvent;
