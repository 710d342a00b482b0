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
  /** A vote, a task … of a message. */
  | ({ type: "submessage" } & SubmessageEvent)
  /** Somebody types. */
  | ({ type: "typing" } & Typing)
  /** Somebody types in a message that is there already. */
  | ({ type: "typing_edit_message" } & TypingEditMessage)
  /** Streams that the user may see. */
  | ({ type: "stream" } & StreamEvent)
  /** The user's subscriptions, and others' (`peer_*`). */
  | ({ type: "subscription" } & SubscriptionEvent)
  /** The streams that new users are subscribed to. */
  | ({ type: "default_streams" } & DefaultStreams)
  /** The headings under which streams are listed. */
  | ({ type: "channel_folder" } & ChannelFolderEvent)
  /** The user's policy for a topic. */
  | ({ type: "user_topic" } & UserTopic)
  /** All muted topics of the user, for old clients. */
  | ({ type: "muted_topics" } & MutedTopics)
  /** Emoji that people uploaded. */
  | ({ type: "realm_emoji" } & RealmEmoji)
  /** The patterns that become links. */
  | ({ type: "realm_linkifiers" } & RealmLinkifiers)
  /** Where code can be tried out. */
  | ({ type: "realm_playgrounds" } & RealmPlaygrounds)
  /** Domains of mail that belong to the realm. */
  | ({ type: "realm_domains" } & RealmDomainEvent)
  /** Bots, for those who manage them. */
  | ({ type: "realm_bot" } & RealmBotEvent)
  /** People of the realm. */
  | ({ type: "realm_user" } & RealmUserEvent)
  /** Groups of the realm. */
  | ({ type: "user_group" } & UserGroupEvent)
  /** There are other invitations than before. */
  | ({ type: "invites_changed" } & InvitesChanged)
  /** Archives of what the organisation has. */
  | ({ type: "realm_export" } & RealmExports)
  /** Somebody agrees to the export of what is theirs, or no longer. */
  | ({ type: "realm_export_consent" } & RealmExportConsent)
  /** Somebody is there, or no longer. */
  | ({ type: "presence" } & Presence)
  /** The words that the user wants to be told of. */
  | ({ type: "alert_words" } & AlertWords)
  /** Files that the user uploaded. */
  | ({ type: "attachment" } & AttachmentEvent)
  /** Whom the user muted. */
  | ({ type: "muted_users" } & MutedUsers)
  /** What the user has begun to write. */
  | ({ type: "drafts" } & Drafts)
  /** What the user sends later. */
  | ({ type: "scheduled_messages" } & ScheduledMessages)
  /** What the user wants to be reminded of. */
  | ({ type: "reminders" } & Reminders)
  /** Texts that the user keeps at hand. */
  | ({ type: "saved_snippets" } & SavedSnippets)
  /** The navigation of the user's client. */
  | ({ type: "navigation_view" } & NavigationViews)
  /** A personal setting changed. */
  | ({ type: "user_settings" } & UserSettings)
  /** The same, for clients that do not know `user_settings`. */
  | ({ type: "update_display_settings" } & LegacyDisplaySetting)
  /** The same, for clients that do not know `user_settings`. */
  | ({ type: "update_global_notifications" } & LegacyNotificationSetting)
  /** What new users begin with changed. */
  | ({ type: "realm_user_settings_defaults" } & RealmDefault)
  /** What somebody says of themselves. */
  | ({ type: "user_status" } & UserStatus)
  /** The hints that the user has yet to see. */
  | ({ type: "onboarding_steps" } & OnboardingSteps)
  /** Settings of the realm. */
  | ({ type: "realm" } & RealmEvent)
  /** The fields of people's profiles. */
  | ({ type: "custom_profile_fields" } & CustomProfileFields);

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
  topic_links?: TopicLink[];
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

/** A link in the name of a topic. */
export type TopicLink = {
  /** The part of the name. */
  text: string;
  /** Where it leads. */
  url: string;
};

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

/** See the API's `submessage`. */
export type SubmessageEvent = {
  /** What kind of program understands it. */
  msg_type: string;
  /** The message it belongs to. */
  message_id: MessageId;
  /** Its id. */
  submessage_id: number;
  /** Who added it. */
  sender_id: UserId;
  /** JSON. */
  content: string;
};

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

/** See the API's `typing_edit_message`. */
export type TypingEditMessage = {
  /** `start` or `stop`. */
  op: string;
  /** Who edits. */
  sender_id: UserId;
  /** Their message. */
  message_id: MessageId;
  /** Where it is. */
  recipient: TypingRecipient;
};

/** Where a message is that is being edited. */
export type TypingRecipient =
  /** In a stream. */
  | ({ type: "channel" } & {
      /** The stream. */
      channel_id: StreamId;
      /** The topic. */
      topic: string;
    })
  /** Among people. */
  | ({ type: "direct" } & {
      /** All of them. */
      user_ids: UserId[];
    });

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
  folder_id: ChannelFolderId | null;
  /** Only where asked for: new users are subscribed to it. */
  is_default?: boolean;
  /** Only where asked for: who is subscribed. */
  subscribers?: UserId[];
} & Record<string, unknown>;

/** A heading under which streams are listed. */
export type ChannelFolderId = number;

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

/** See the API's `channel_folder`. */
export type ChannelFolderEvent =
  /** A new one. */
  | ({ op: "add" } & {
      /** It. */
      channel_folder: ChannelFolder;
    })
  /** One changed. */
  | ({ op: "update" } & {
      /** Which. */
      channel_folder_id: ChannelFolderId;
      /** What changed. */
      data: ChannelFolderData;
    })
  /** They come in another order. */
  | ({ op: "reorder" } & {
      /** The ids in this order. */
      order: ChannelFolderId[];
    });

/** A channel folder, as the API shows it. */
export type ChannelFolder = {
  /** Its id. */
  id: ChannelFolderId;
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
  /** No longer offered. */
  is_archived: boolean;
  /** Where it comes among the others. */
  order: number;
};

/** What changed of a channel folder; `None` stayed. */
export type ChannelFolderData = {
  /** Its name. */
  name?: string;
  /** Markdown. */
  description?: string;
  /** HTML, with `description`. */
  rendered_description?: string;
  /** No longer offered. */
  is_archived?: boolean;
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

/** Emoji that people uploaded. */
export type RealmEmoji = {
  /** Always `update`. */
  op: string;
  /** All of them by id. */
  realm_emoji: Record<string, CustomEmoji>;
};

/** An emoji that somebody uploaded. */
export type CustomEmoji = {
  /** Its id; the code of reactions with it. */
  id: string;
  /** What people write between colons. */
  name: string;
  /** Where the picture is. */
  source_url: string;
  /** Where one that does not move is, if the picture moves. */
  still_url: string | null;
  /** Only shown where it was used before. */
  deactivated: boolean;
  /** Who uploaded it, unless they are gone. */
  author_id: UserId | null;
};

/** Patterns that become links. */
export type RealmLinkifiers = {
  /** All of them, in the order in which they match. */
  realm_linkifiers: Linkifier[];
};

/** A pattern that becomes a link. */
export type Linkifier = {
  /** Its id. */
  id: number;
  /** Regular expression with named groups. */
  pattern: string;
  /** URL template that uses the groups. */
  url_template: string;
};

/** Where code of a language can be tried out. */
export type RealmPlaygrounds = {
  /** All of them, oldest first. */
  realm_playgrounds: Playground[];
};

/** A website that runs code of a language. */
export type Playground = {
  /** Its id. */
  id: number;
  /** What people call it. */
  name: string;
  /** The language, as `data-code-language` names it. */
  pygments_language: string;
  /** URL template with the variable `code`. */
  url_template: string;
};

/** Domains of mail that belong to the realm. */
export type RealmDomainEvent =
  /** One more. */
  | ({ op: "add" } & {
      /** It. */
      realm_domain: RealmDomain;
    })
  /** What is below it belongs to the realm from now on, or no longer. */
  | ({ op: "change" } & {
      /** It. */
      realm_domain: RealmDomain;
    })
  /** One less. */
  | ({ op: "remove" } & {
      /** It. */
      domain: string;
    });

/** A domain of mail that belongs to the realm. */
export type RealmDomain = {
  /** In lower case. */
  domain: string;
  /** Whether what is below it belongs to the realm too. */
  allow_subdomains: boolean;
};

/** Bots, for those who manage them. */
export type RealmBotEvent =
  /** A new one. */
  | ({ op: "add" } & {
      /** It. */
      bot: unknown;
    })
  /** Some of its fields changed. */
  | ({ op: "update" } & {
      /** Its id and what changed. */
      bot: unknown;
    })
  /** It went to another owner, who does not see it any more. */
  | ({ op: "delete" } & {
      /** Its id. */
      bot: unknown;
    });

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
    })
  /** All members of other groups joined a group. */
  | ({ op: "add_subgroups" } & {
      /** The group. */
      group_id: GroupId;
      /** Which others. */
      direct_subgroup_ids: GroupId[];
    })
  /** All members of other groups left a group. */
  | ({ op: "remove_subgroups" } & {
      /** The group. */
      group_id: GroupId;
      /** Which others. */
      direct_subgroup_ids: GroupId[];
    });

/** A user group, system groups included. */
export type GroupId = number;

/** There are other invitations than before; says no more. */
export type InvitesChanged = Record<string, never>;

/** Archives of what the organisation has, for administrators. */
export type RealmExports = {
  /** All of them, oldest first. */
  exports: RealmExport[];
};

/** An archive of what the organisation has. */
export type RealmExport = {
  /** Its id. */
  id: RealmExportId;
  /** Who asked for it. */
  acting_user_id: UserId;
  /** When: UNIX seconds with fraction. */
  export_time: number;
  /** When it was deleted: UNIX seconds with fraction. */
  deleted_timestamp: number | null;
  /** When it turned out that it cannot be made: UNIX seconds with fraction. */
  failed_timestamp: number | null;
  /** Where administrators find it; `null` unless it is there. */
  export_url: string | null;
  /** It is being made. */
  pending: boolean;
  /** 1 what everybody may read, 2 that and what belongs to those who consented. */
  export_type: number;
};

/** An archive of what an organisation has. */
export type RealmExportId = number;

/** Whether somebody agrees to the export of what is theirs, for administrators. */
export type RealmExportConsent = {
  /** Who. */
  user_id: UserId;
  /** Whether they do. */
  consented: boolean;
};

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
  /** By the user's id: all that clients with the capability `simplified_presence_events` get. */
  presences: Record<string, ActiveSince>;
};

/** When somebody was there, in UNIX seconds. */
export type ActiveSince = {
  /** Last at the keyboard; 0 never. */
  active_timestamp: number;
  /** Last connected; 0 never. */
  idle_timestamp: number;
};

/** See the API's `alert_words`. */
export type AlertWords = {
  /** All words. */
  alert_words: string[];
};

/** See the API's `attachment`. */
export type AttachmentEvent =
  /** A file was uploaded. */
  | ({ op: "add" } & AttachmentChange<Attachment>)
  /** Other messages link to a file. */
  | ({ op: "update" } & AttachmentChange<Attachment>)
  /** A file is gone. */
  | ({ op: "remove" } & AttachmentChange<RemovedAttachment>);

/** A file and what follows from its change. */
export type AttachmentChange<T> = {
  /** The file. */
  attachment: T;
  /** What all files of the realm take, in bytes. */
  upload_space_used: number;
};

/** A file as its owner sees it. */
export type Attachment = {
  /** Its id. */
  id: AttachmentId;
  /** As it was called where it came from. */
  name: string;
  /** The URL after `/user_uploads/`. */
  path_id: string;
  /** In bytes. */
  size: number;
  /** UNIX milliseconds, of whole seconds. */
  create_time: number;
  /** The messages that link to it. */
  messages: LinkingMessage[];
};

/** A file that somebody uploaded. */
export type AttachmentId = number;

/** A message that links to a file. */
export type LinkingMessage = {
  /** Its id. */
  id: MessageId;
  /** UNIX milliseconds, of whole seconds. */
  date_sent: number;
};

/** A file that is gone. */
export type RemovedAttachment = {
  /** Its id. */
  id: AttachmentId;
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

/** See the API's `drafts`. */
export type Drafts =
  /** New ones. */
  | ({ op: "add" } & {
      /** In the order in which they were made. */
      drafts: Draft[];
    })
  /** One was replaced. */
  | ({ op: "update" } & {
      /** As it is now. */
      draft: Draft;
    })
  /** One is gone. */
  | ({ op: "remove" } & {
      /** Which. */
      draft_id: DraftId;
    });

/** A draft as the API shows it. */
export type Draft = {
  /** Its id. */
  id: DraftId;
  /** "" (no address yet), "stream" or "private". */
  type: string;
  /** The stream's id, or those of the people. */
  to: number[];
  /** The topic so far. */
  topic: string;
  /** The text so far. */
  content: string;
  /** When it was last worked on, in UNIX seconds. */
  timestamp: number;
};

/** A message that a user has begun to write. */
export type DraftId = number;

/** See the API's `scheduled_messages`. */
export type ScheduledMessages =
  /** New ones. */
  | ({ op: "add" } & {
      /** The new ones. */
      scheduled_messages: ScheduledMessage[];
    })
  /** One was changed, or could not be sent. */
  | ({ op: "update" } & {
      /** As it is now. */
      scheduled_message: ScheduledMessage;
    })
  /** One was sent, or deleted. */
  | ({ op: "remove" } & {
      /** Which. */
      scheduled_message_id: ScheduledMessageId;
    });

/** A scheduled message as the API shows it. */
export type ScheduledMessage = {
  /** Its id. */
  scheduled_message_id: ScheduledMessageId;
  /** As typed. */
  content: string;
  /** As HTML. */
  rendered_content: string;
  /** When it is to be sent, in UNIX seconds. */
  scheduled_delivery_timestamp: number;
  /** It was tried and refused. */
  failed: boolean;
} & ScheduledTo;

/** A message to be sent later, or a reminder. */
export type ScheduledMessageId = number;

/** Where a scheduled message goes. */
export type ScheduledTo =
  /** A topic of a stream. */
  | ({ type: "stream" } & {
      /** The stream. */
      to: StreamId;
      /** The topic. */
      topic: string;
    })
  /** People. */
  | ({ type: "private" } & {
      /** Without the sender, unless alone. */
      to: UserId[];
    });

/** See the API's `reminders`. */
export type Reminders =
  /** New ones. */
  | ({ op: "add" } & {
      /** The new ones. */
      reminders: Reminder[];
    })
  /** One was sent, or deleted. */
  | ({ op: "remove" } & {
      /** Which. */
      reminder_id: ScheduledMessageId;
    });

/** A reminder as the API shows it: a direct message to oneself. */
export type Reminder = {
  /** Its id. */
  reminder_id: ScheduledMessageId;
  /** As text. */
  content: string;
  /** As HTML. */
  rendered_content: string;
  /** When it is to be sent, in UNIX seconds. */
  scheduled_delivery_timestamp: number;
  /** It was tried and refused. */
  failed: boolean;
  /** Of what it reminds. */
  reminder_target_message_id: MessageId;
} & ScheduledTo;

/** See the API's `saved_snippets`. */
export type SavedSnippets =
  /** A new one. */
  | ({ op: "add" } & {
      /** The new one. */
      saved_snippet: SavedSnippet;
    })
  /** One was changed. */
  | ({ op: "update" } & {
      /** As it is now. */
      saved_snippet: SavedSnippet;
    })
  /** One is gone. */
  | ({ op: "remove" } & {
      /** Which. */
      saved_snippet_id: SavedSnippetId;
    });

/** A saved snippet as the API shows it. */
export type SavedSnippet = {
  /** Its id. */
  id: SavedSnippetId;
  /** What it is called. */
  title: string;
  /** The text. */
  content: string;
  /** When it was made, in UNIX seconds. */
  date_created: number;
};

/** A text that a user keeps at hand. */
export type SavedSnippetId = number;

/** See the API's `navigation_view`. */
export type NavigationViews =
  /** A new one. */
  | ({ op: "add" } & {
      /** The new one. */
      navigation_view: NavigationView;
    })
  /** One was changed. */
  | ({ op: "update" } & {
      /** Which. */
      fragment: string;
      /** What of it. */
      data: NavigationViewData;
    })
  /** One is gone. */
  | ({ op: "remove" } & {
      /** Which. */
      fragment: string;
    });

/** A navigation view as the API shows it. */
export type NavigationView = {
  /** The part of the URL after `#`. */
  fragment: string;
  /** Always shown. */
  is_pinned: boolean;
  /** Of views of the user's own making. */
  name: string | null;
};

/** What changed of a navigation view. */
export type NavigationViewData = {
  /** If it changed. */
  is_pinned?: boolean;
  /** If it changed. */
  name?: string;
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

/** See the API's `update_display_settings`. */
export type LegacyDisplaySetting = {
  /** The user's address. */
  user: string;
  /** Which setting. */
  setting_name: string;
  /** The new value. */
  setting: unknown;
  /** With `default_language`: its name. */
  language_name?: string;
};

/** See the API's `update_global_notifications`. */
export type LegacyNotificationSetting = {
  /** The user's address. */
  user: string;
  /** Which setting. */
  notification_name: string;
  /** The new value. */
  setting: unknown;
};

/** See the API's `realm_user_settings_defaults`. */
export type RealmDefault = {
  /** Always `update`. */
  op: string;
  /** Which setting. */
  property: string;
  /** The new value. */
  value: unknown;
};

/** See the API's `user_status`: only what changed. */
export type UserStatus = {
  /** Whose. */
  user_id: UserId;
  /** Their presence is hidden, or no longer. */
  away?: boolean;
  /** "": none. */
  status_text?: string;
  /** "": none. */
  emoji_name?: string;
  /** "": none. */
  emoji_code?: string;
  /** "": none. */
  reaction_type?: string;
};

/** See the API's `onboarding_steps`. */
export type OnboardingSteps = {
  /** Those that are left. */
  onboarding_steps: OnboardingStep[];
};

/** A hint that is shown once. */
export type OnboardingStep = {
  /** Always `one_time_notice`. */
  type: string;
  /** Which. */
  name: string;
};

/** See the API's `realm`. */
export type RealmEvent =
  /** A setting changed. */
  | ({ op: "update" } & {
      /** Which. */
      property: string;
      /** The new value. */
      value: unknown;
    })
  /** It was closed: nobody gets in any more. */
  | ({ op: "deactivated" } & {
      /** It. */
      realm_id: RealmId;
    })
  /** Settings changed, some of which are told in this form for historical reasons. */
  | ({ op: "update_dict" } & {
      /** `default`, or the name of a picture. */
      property: string;
      /** The new values. */
      data: Record<string, unknown>;
    });

/** An organisation. */
export type RealmId = number;

/** See the API's `custom_profile_fields`. */
export type CustomProfileFields = {
  /** All of them, in their order. */
  fields: CustomProfileField[];
};

/** A field of people's profiles. */
export type CustomProfileField = {
  /** Its id. */
  id: number;
  /** The API's field type. */
  type: number;
  /** From 1. */
  order: number;
  /** What it is called. */
  name: string;
  /** Shown to who fills it in. */
  hint: string;
  /** JSON as text, or "". */
  field_data: string;
  /** Shown on small profiles. */
  display_in_profile_summary?: boolean;
  /** Everybody shall fill it in. */
  required: boolean;
  /** People fill it in themselves; else administrators do it for them. */
  editable_by_user: boolean;
};
