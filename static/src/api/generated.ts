// Written by `npm run api` from crates/wire. Do not edit.

/** An event of an event queue. */
export type Event =
  /** Content, topic or stream of messages changed. */
  | ({ type: "update_message" } & UpdateMessage)
  /** Messages are gone. */
  | ({ type: "delete_message" } & DeleteMessage)
  /** A personal flag of messages changed. */
  | ({ type: "update_message_flags" } & UpdateMessageFlags)
  /** An emoji reaction. */
  | ({ type: "reaction" } & Reaction)
  /** Somebody types. */
  | ({ type: "typing" } & Typing)
  /** Streams that the user may see. */
  | ({ type: "stream" } & StreamEvent)
  /** The user's subscriptions, and others' (`peer_*`). */
  | ({ type: "subscription" } & SubscriptionEvent)
  /** The streams that new users are subscribed to. */
  | ({ type: "default_streams" } & DefaultStreams)
  /** The user's policy for a topic. */
  | ({ type: "user_topic" } & UserTopic)
  /** All muted topics of the user, for old clients. */
  | ({ type: "muted_topics" } & MutedTopics)
  /** People of the realm. */
  | ({ type: "realm_user" } & RealmUserEvent)
  /** Groups of the realm. */
  | ({ type: "user_group" } & UserGroupEvent)
  /** Somebody is there, or no longer. */
  | ({ type: "presence" } & Presence)
  /** The words that the user wants to be told of. */
  | ({ type: "alert_words" } & AlertWords)
  /** Whom the user muted. */
  | ({ type: "muted_users" } & MutedUsers)
  /** A personal setting changed. */
  | ({ type: "user_settings" } & UserSettings);

/** See the API's `update_message`. */
export type UpdateMessage = {
  /** Who edited; `null` for changes by the server. */
  user_id: number | null;
  /** Only the rendering changed (a preview was filled in). */
  rendering_only: boolean;
  /** The message that was edited; of a move, the one that the mover picked. */
  message_id: number;
  /** All that changed place, or just `UpdateMessage::message_id`; ascending. */
  message_ids: MessageId[];
  /** Personal flags after the edit, of the edited message. Push fills it in per user from `mentions`. */
  flags: string[];
  /** When, in UNIX seconds. */
  edit_timestamp: number;
  /** The stream's name, for stream messages. */
  stream_name?: string;
  /** The stream before the edit. */
  stream_id?: StreamId;
  /** The stream after a move to another one. */
  new_stream_id?: StreamId;
  /** How far a move reached: `change_one`, `change_later`, `change_all`. */
  propagate_mode?: string;
  /** The topic before a move. */
  orig_subject?: string;
  /** The topic after a move that changed it. */
  subject?: string;
  /** Links that the realm's linkifiers make of the new topic. */
  topic_links?: unknown[];
  /** Text before a content edit. */
  orig_content?: string;
  /** HTML before a content edit. */
  orig_rendered_content?: string;
  /** Text after a content edit. */
  content?: string;
  /** HTML after a content edit. */
  rendered_content?: string;
  /** Whether the text is a `/me` message. */
  is_me_message?: boolean;
};

/** A message; grows with time across the whole server. */
export type MessageId = number;

/** A stream ("channel" in newer clients). */
export type StreamId = number;

/** See the API's `delete_message`. */
export type DeleteMessage = {
  /** Ascending; all of one conversation. */
  message_ids: MessageId[];
  /** `stream` or `private`. */
  message_type: string;
  /** Of stream messages. */
  stream_id?: StreamId;
  /** Of stream messages. */
  topic?: string;
};

/** See the API's `update_message_flags`. */
export type UpdateMessageFlags = {
  /** `add` or `remove`. */
  op: string;
  /** The same, for old clients. */
  operation: string;
  /** `read`, `starred`, `collapsed` … */
  flag: string;
  /** Which messages. */
  messages: MessageId[];
  /** Every message of the user (only with `read`). */
  all: boolean;
  /** Where each message is, when messages become unread: id → details. */
  message_details?: unknown;
};

/** See the API's `reaction`. */
export type Reaction = {
  /** `add` or `remove`. */
  op: string;
  /** Who reacts. */
  user_id: UserId;
  /** Who reacts, for old clients: `{user_id, email, full_name}`. */
  user: unknown;
  /** The message. */
  message_id: MessageId;
  /** The name that the reactor chose. */
  emoji_name: string;
  /** Code points in hex, or the id of a custom emoji. */
  emoji_code: string;
  /** `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`. */
  reaction_type: string;
};

/** A user, bots included. */
export type UserId = number;

/** See the API's `typing`. */
export type Typing = {
  /** `start` or `stop`. */
  op: string;
  /** `direct` or `stream`. */
  message_type: string;
  /** `{user_id, email}`. */
  sender: unknown;
  /** All people of a direct conversation, `{user_id, email}` each. */
  recipients?: unknown[];
  /** Where, in a stream. */
  stream_id?: StreamId;
  /** Where, in a stream. */
  topic?: string;
};

/** See the API's `stream`. */
export type StreamEvent =
  /** Streams became visible. */
  | ({ op: "create" } & {
      /** What they are. */
      streams: StreamObject[];
    })
  /** Streams are no longer visible. */
  | ({ op: "delete" } & {
      /** What they were as far as the user may know, for old clients. */
      streams: unknown[];
      /** Their ids. */
      stream_ids: StreamId[];
    })
  /** A property changed. */
  | ({ op: "update" } & Update);

/** A stream as the API shows it: fields of `feature_level::FEATURE_LEVEL`, those that newer clients read, and those that they replaced. */
export type StreamObject = {
  /** Its id. */
  stream_id: StreamId;
  /** Its name. */
  name: string;
  /** Markdown. */
  description: string;
  /** HTML. */
  rendered_description: string;
  /** UNIX seconds. */
  date_created: number;
  /** Who made it. */
  creator_id: UserId | null;
  /** Its oldest message. */
  first_message_id: MessageId | null;
  /** Private. */
  invite_only: boolean;
  /** Anybody on the internet may read it. */
  is_web_public: boolean;
  /** Nobody can send any more. */
  is_archived: boolean;
  /** Made or sent to within half a year. */
  is_recently_active: boolean;
  /** Subscribers see what was sent before they came. */
  history_public_to_subscribers: boolean;
  /** Its own retention; `None` = the realm's, -1 = for ever. */
  message_retention_days: number | null;
  /** Who may send. */
  stream_post_policy: number;
  /** The form of `StreamObject::stream_post_policy` before it had more than two values. */
  is_announcement_only: boolean;
  /** Messages a week; `None` = not known. */
  stream_weekly_traffic: number | null;
  /** How many are subscribed. */
  subscriber_count: number;
  /** Which topic names are allowed. */
  topics_policy: string;
  /** The folder that it is shown in. */
  folder_id: number | null;
  /** Only where asked for: new users are subscribed to it. */
  is_default?: boolean;
  /** Only where asked for: who is subscribed. */
  subscribers?: UserId[];
} & StreamGroups;

/** Rights in a stream, as groups. */
export type StreamGroups = {
  /** Subscribe others, beyond what the realm allows. */
  can_add_subscribers_group: GroupId;
  /** Change its settings. */
  can_administer_channel_group: GroupId;
  /** Delete messages of others. */
  can_delete_any_message_group: GroupId;
  /** Delete their own messages. */
  can_delete_own_message_group: GroupId;
  /** Move messages to other streams. */
  can_move_messages_out_of_channel_group: GroupId;
  /** Move messages to other topics. */
  can_move_messages_within_channel_group: GroupId;
  /** Unsubscribe others. */
  can_remove_subscribers_group: GroupId;
  /** Resolve topics. */
  can_resolve_topics_group: GroupId;
  /** Send. */
  can_send_message_group: GroupId;
  /** Subscribe themselves although it is private. */
  can_subscribe_group: GroupId;
};

/** A user group, system groups included. */
export type GroupId = number;

/** One changed property of a stream. */
export type Update = {
  /** The stream. */
  stream_id: StreamId;
  /** Its name before the change. */
  name: string;
  /** Which property. */
  property: string;
  /** The new value. */
  value: unknown;
  /** With `description`: as HTML. */
  rendered_description?: string;
  /** With `invite_only`. */
  history_public_to_subscribers?: boolean;
  /** With `invite_only`. */
  is_web_public?: boolean;
};

/** See the API's `subscription`. */
export type SubscriptionEvent =
  /** The user was subscribed. */
  | ({ op: "add" } & {
      /** To these. */
      subscriptions: SubscriptionObject[];
    })
  /** The user was unsubscribed. */
  | ({ op: "remove" } & {
      /** From these. */
      subscriptions: StreamName[];
    })
  /** A personal property of a subscription changed. */
  | ({ op: "update" } & {
      /** The stream. */
      stream_id: StreamId;
      /** Which property. */
      property: string;
      /** The new value. */
      value: unknown;
    })
  /** Others were subscribed. */
  | ({ op: "peer_add" } & {
      /** To these streams. */
      stream_ids: StreamId[];
      /** These users. */
      user_ids: UserId[];
    })
  /** Others were unsubscribed. */
  | ({ op: "peer_remove" } & {
      /** From these streams. */
      stream_ids: StreamId[];
      /** These users. */
      user_ids: UserId[];
    });

/** A stream that the user is or was subscribed to, as the API shows it. */
export type SubscriptionObject = StreamObject & Personal;

/** How a user treats a stream. */
export type Personal = {
  /** "#rrggbb". */
  color: string;
  /** Muted. */
  is_muted: boolean;
  /** The opposite of `Personal::is_muted`, its name of old. */
  in_home_view: boolean;
  /** Shown on top. */
  pin_to_top: boolean;
  /** `None` = as the user's settings say; likewise below. */
  desktop_notifications: boolean | null;
  /** By sound. */
  audible_notifications: boolean | null;
  /** On phones. */
  push_notifications: boolean | null;
  /** By mail. */
  email_notifications: boolean | null;
  /** Of `@**all**` and the like. */
  wildcard_mentions_notify: boolean | null;
};

/** A stream that somebody was unsubscribed from. */
export type StreamName = {
  /** Its name. */
  name: string;
  /** Its id. */
  stream_id: StreamId;
};

/** See the API's `default_streams`. */
export type DefaultStreams = {
  /** All of them now. */
  default_streams: StreamId[];
};

/** See the API's `user_topic`. */
export type UserTopic = {
  /** The stream. */
  stream_id: StreamId;
  /** The topic. */
  topic_name: string;
  /** UNIX seconds. */
  last_updated: number;
  /** 0 inherit, 1 muted, 2 unmuted, 3 followed. */
  visibility_policy: number;
};

/** See the API's `muted_topics`: what clients had before `user_topic`. */
export type MutedTopics = {
  /** Stream name, topic, since when in UNIX seconds. */
  muted_topics: [string, string, number][];
};

/** See the API's `realm_user`. */
export type RealmUserEvent =
  /** Somebody joined (or became visible). */
  | ({ op: "add" } & {
      /** User object of the API. */
      person: unknown;
    })
  /** Something about somebody changed. */
  | ({ op: "update" } & {
      /** `user_id` and what changed. */
      person: unknown;
    })
  /** Somebody is no longer visible. */
  | ({ op: "remove" } & {
      /** `{user_id, full_name}`. */
      person: unknown;
    });

/** See the API's `user_group`. */
export type UserGroupEvent =
  /** A group was made. */
  | ({ op: "add" } & {
      /** Group object of the API. */
      group: unknown;
    })
  /** Something about a group changed. */
  | ({ op: "update" } & {
      /** The group. */
      group_id: GroupId;
      /** What changed. */
      data: unknown;
    })
  /** People joined a group. */
  | ({ op: "add_members" } & {
      /** The group. */
      group_id: GroupId;
      /** Who. */
      user_ids: UserId[];
    })
  /** People left a group. */
  | ({ op: "remove_members" } & {
      /** The group. */
      group_id: GroupId;
      /** Who. */
      user_ids: UserId[];
    });

/** See the API's `presence`. Push makes the variants: `slim_presence` queues get no `email`. */
export type Presence = {
  /** Who. */
  user_id: UserId;
  /** Their address, for old clients. */
  email: string;
  /** UNIX seconds with fraction. */
  server_timestamp: number;
  /** By client name: `{client, status, timestamp, pushable}`, the legacy form that all clients read. */
  presence: unknown;
};

/** See the API's `alert_words`. */
export type AlertWords = {
  /** All words. */
  alert_words: string[];
};

/** See the API's `muted_users`. */
export type MutedUsers = {
  /** All muted users. */
  muted_users: MutedUser[];
};

/** A muted user. */
export type MutedUser = {
  /** Who. */
  id: UserId;
  /** Since when, in UNIX seconds. */
  timestamp: number;
};

/** See the API's `user_settings`. */
export type UserSettings = {
  /** Always `update`. */
  op: string;
  /** Which setting. */
  property: string;
  /** The new value. */
  value: unknown;
  /** With `default_language`: its name. */
  language_name?: string;
};
