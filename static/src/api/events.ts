// The events of the queue that change something this client shows.

import type { Bot } from "../bots/data";
import type { DraftsEvent } from "../drafts/data";
import type { ScheduledEvent } from "../schedule/data";
import type * as wire from "./generated";
import type {
  ApiChannelFolder,
  ApiMessage,
  ApiPresence,
  ApiReaction,
  ApiRealmEmoji,
  ApiStream,
  ApiSubscription,
  ApiUser,
  ApiUserGroup,
  MessageId,
  StreamId,
  UserId,
} from "./types";

interface Base {
  id: number;
}

/** The fields of a generated type that this client reads. */
type Reads<T, Fields extends keyof T, Old extends keyof T = never> = Pick<T, Fields> & Partial<Pick<T, Old>>;

/** An event as the server's types have it; `Known` says more of fields that are plain text or JSON there. */
type Wire<Type extends wire.Event["type"], Fields, Known = unknown> = Base & { type: Type } & Fields & Known;

export interface MessageEvent extends Base {
  type: "message";
  message: ApiMessage;
  flags: string[];
  local_message_id?: string;
}

/** The flags are each reader's own: push adds them. */
export type UpdateMessageEvent = Wire<
  "update_message",
  Reads<
    wire.UpdateMessage,
    | "message_id"
    | "message_ids"
    | "user_id"
    | "edit_timestamp"
    | "rendered_content"
    | "content"
    | "stream_id"
    | "new_stream_id"
    | "orig_subject"
    | "subject",
    "rendering_only"
  >,
  { flags: string[] }
>;

/** A client that does not take lists gets one event for each message, with `message_id`. */
export type DeleteMessageEvent = Wire<
  "delete_message",
  Reads<wire.DeleteMessage, never, "message_ids">,
  { message_id?: MessageId }
>;

export type FlagsEvent = Wire<
  "update_message_flags",
  Reads<wire.UpdateMessageFlags, "flag" | "messages" | "all">,
  {
    op: "add" | "remove";
    message_details?: Record<
      string,
      { type: string; mentioned?: boolean; user_ids?: UserId[]; stream_id?: StreamId; topic?: string }
    >;
  }
>;

export type ReactionEvent = Wire<
  "reaction",
  Reads<wire.Reaction, "message_id" | "user_id" | "emoji_name" | "emoji_code">,
  { op: "add" | "remove"; reaction_type: ApiReaction["reaction_type"] }
>;

/** What someone filled in of one profile field; `null` when they took it away. */
export interface ProfileAnswer {
  id: number;
  value: string | null;
  rendered_value?: string;
}

export interface RealmUserEvent extends Base {
  type: "realm_user";
  op: "add" | "update" | "remove";
  person: Partial<ApiUser> & { user_id: UserId; new_email?: string; custom_profile_field?: ProfileAnswer };
}

type Personal = Reads<wire.Personal, "color" | "is_muted" | "pin_to_top">;

export type SubscriptionEvent = Wire<
  "subscription",
  { op: "add"; subscriptions: (ApiSubscription & Personal)[] } | Exclude<wire.SubscriptionEvent, { op: "add" }>
>;

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

export type InvitesChangedEvent = Base & { type: "invites_changed" };

export type UserTopicEvent = Wire<
  "user_topic",
  Reads<wire.UserTopic, "stream_id" | "topic_name" | "visibility_policy">
>;

export type MutedUsersEvent = Wire<"muted_users", { muted_users: Reads<wire.MutedUser, "id">[] }>;

export type PresenceEvent = Wire<
  "presence",
  Reads<wire.Presence, never, "user_id" | "server_timestamp">,
  { presence?: Record<string, { status: string; timestamp: number }>; presences?: Record<string, ApiPresence> }
>;

export type TypingEvent = Wire<
  "typing",
  Reads<wire.Typing, "stream_id" | "topic">,
  {
    op: "start" | "stop";
    message_type: "stream" | "direct" | "private" | "channel";
    sender: { user_id: UserId };
    recipients?: { user_id: UserId }[];
  }
>;

export type UserSettingsEvent = Wire<"user_settings", Reads<wire.UserSettings, "property" | "value">, { op: "update" }>;

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

export interface AlertWordsEvent extends Base {
  type: "alert_words";
  alert_words: string[];
}

export type SubmessageEvent = Wire<"submessage", wire.SubmessageEvent>;

export interface HeartbeatEvent extends Base {
  type: "heartbeat";
}

export type UserGroupEvent = Base & { type: "user_group" } & (
    | Reads<Extract<wire.UserGroupEvent, { op: "add_members" | "remove_members" }>, "op" | "group_id" | "user_ids">
    | { op: "add"; group: ApiUserGroup }
    | { op: "update"; group_id: number; data: Partial<ApiUserGroup> }
    | { op: "remove"; group_id: number }
    | Reads<
        Extract<wire.UserGroupEvent, { op: "add_subgroups" | "remove_subgroups" }>,
        "op" | "group_id" | "direct_subgroup_ids"
      >
  );

export type ProfileFieldsEvent = Wire<"custom_profile_fields", wire.CustomProfileFields>;

export type AttachmentEvent = Wire<"attachment", wire.AttachmentEvent>;
export type BotEvent = Base & { type: "realm_bot" } & (
    | { op: "add"; bot: Bot }
    | { op: "update"; bot: Pick<Bot, "user_id"> & Partial<Bot> }
    | { op: "delete"; bot: Pick<Bot, "user_id"> }
  );

/** There are other linkifiers, or other domains to join from, than before. */
export interface ListsEvent extends Base {
  type: "realm_linkifiers" | "realm_domains";
}

export type PlaygroundsEvent = Wire<"realm_playgrounds", wire.RealmPlaygrounds>;
export type NavigationViewEvent = Wire<"navigation_view", wire.NavigationViews>;
export type DefaultsEvent = Wire<"realm_user_settings_defaults", Reads<wire.RealmDefault, "property" | "value">>;

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
  | InvitesChangedEvent
  | UserTopicEvent
  | MutedUsersEvent
  | PresenceEvent
  | TypingEvent
  | UserSettingsEvent
  | UserStatusEvent
  | RealmEmojiEvent
  | UserGroupEvent
  | ProfileFieldsEvent
  | RealmEvent
  | RestartEvent
  | SubmessageEvent
  | AlertWordsEvent
  | AttachmentEvent
  | PlaygroundsEvent
  | BotEvent
  | ListsEvent
  | NavigationViewEvent
  | DefaultsEvent
  | (Base & DraftsEvent)
  | (Base & ScheduledEvent)
  | HeartbeatEvent;
