// The shapes of the API that this client reads. Names are the API's own. Only fields that are used are listed;
// everything that arrived with a feature level later than the oldest supported server is optional.

import type { Bot } from "../bots/data";
import type { ApiDraft } from "../drafts/data";
import type { Answers } from "../profile/data";
import type { ScheduledMessage } from "../schedule/data";
import type { Requirement } from "../settings/rights";
import type { Submessage } from "../widgets/data";
import type { CustomProfileField, NavigationView, Playground } from "./generated";

export type UserId = number;
export type StreamId = number;
export type MessageId = number;

export interface ApiUser {
  user_id: UserId;
  full_name: string;
  email: string;
  delivery_email?: string | null;
  avatar_url?: string | null;
  is_bot: boolean;
  is_active?: boolean;
  role?: number;
  timezone?: string;
  profile_data?: Answers;
}

export interface ApiStream {
  stream_id: StreamId;
  name: string;
  description: string;
  rendered_description?: string;
  invite_only: boolean;
  is_web_public?: boolean;
  history_public_to_subscribers?: boolean;
  stream_weekly_traffic?: number | null;
  subscriber_count?: number;
  is_archived?: boolean;
  is_recently_active?: boolean;
  folder_id?: number | null;
  topics_policy?: string;
  can_administer_channel_group?: GroupSetting;
  can_remove_subscribers_group?: GroupSetting;
}

/** Who holds a right: a group by its id, or people and groups one by one. */
export type GroupSetting = number | { direct_members: UserId[]; direct_subgroups: number[] };

export interface ApiSubscription extends ApiStream {
  color: string;
  is_muted: boolean;
  pin_to_top: boolean;
  desktop_notifications?: boolean | null;
  audible_notifications?: boolean | null;
  push_notifications?: boolean | null;
  email_notifications?: boolean | null;
  wildcard_mentions_notify?: boolean | null;
  subscribers?: UserId[];
}

export interface ApiChannelFolder {
  id: number;
  name: string;
  description: string;
  is_archived: boolean;
  order?: number;
}

export interface ApiReaction {
  emoji_name: string;
  emoji_code: string;
  reaction_type: "unicode_emoji" | "realm_emoji" | "zulip_extra_emoji";
  user_id: UserId;
}

export interface ApiMessage {
  id: MessageId;
  sender_id: UserId;
  sender_full_name: string;
  avatar_url?: string | null;
  content: string;
  timestamp: number;
  type: "stream" | "private" | "channel" | "direct";
  stream_id?: StreamId;
  subject: string;
  display_recipient: string | { id: UserId }[];
  reactions: ApiReaction[];
  flags?: string[];
  is_me_message?: boolean;
  submessages?: Submessage[];
  last_edit_timestamp?: number;
  last_moved_timestamp?: number;
  match_content?: string;
  match_subject?: string;
}

export interface ApiUnread {
  count: number;
  pms: { other_user_id: UserId; unread_message_ids: MessageId[] }[];
  streams: { stream_id: StreamId; topic: string; unread_message_ids: MessageId[] }[];
  huddles: { user_ids_string: string; unread_message_ids: MessageId[] }[];
  mentions: MessageId[];
}

export interface ApiUserTopic {
  stream_id: StreamId;
  topic_name: string;
  visibility_policy: number;
  last_updated?: number;
}

export interface ApiPresence {
  active_timestamp?: number;
  idle_timestamp?: number;
}

export interface ApiRealmEmoji {
  id: string;
  name: string;
  source_url: string;
  still_url?: string | null;
  deactivated: boolean;
}

export interface ApiUserGroup {
  id: number;
  name: string;
  description: string;
  members: UserId[];
  direct_subgroup_ids?: number[];
  is_system_group: boolean;
  deactivated?: boolean;
  /** Rights over it: the groups that hold them. */
  [right: `can_${string}`]: GroupSetting | undefined;
}

export interface UserSettings {
  color_scheme: number;
  default_language: string;
  web_home_view: string;
  enter_sends: boolean;
  twenty_four_hour_time: boolean;
  web_font_size_px?: number;
  web_line_height_percent?: number;
  web_mark_read_on_scroll_policy?: number;
  web_escape_navigates_to_home_view?: boolean;
  send_private_typing_notifications?: boolean;
  send_stream_typing_notifications?: boolean;
  enable_desktop_notifications?: boolean;
  enable_drafts_synchronization?: boolean;
  starred_message_counts?: boolean;
  desktop_icon_count_display?: number;
  demote_inactive_streams?: number;
  user_list_style?: number;
  web_channel_default_view?: number;
  [name: string]: unknown;
}

export interface ApiUserStatus {
  status_text?: string;
  emoji_name?: string;
  emoji_code?: string;
  reaction_type?: string;
}

/** The answer of POST /register, as far as it is used. */
export interface Register {
  queue_id: string | null;
  last_event_id: number;
  zulip_feature_level: number;
  user_id: UserId;
  full_name: string;
  max_message_id?: number;
  max_message_length?: number;
  max_topic_length?: number;
  realm_name: string;
  realm_url?: string;
  realm_icon_url?: string;
  realm_mandatory_topics?: boolean;
  realm_empty_topic_display_name?: string;
  realm_allow_message_editing?: boolean;
  realm_message_content_edit_limit_seconds?: number | null;
  realm_users: ApiUser[];
  realm_non_active_users?: ApiUser[];
  cross_realm_bots?: ApiUser[];
  realm_emoji?: Record<string, ApiRealmEmoji>;
  custom_profile_fields?: CustomProfileField[];
  realm_user_groups?: ApiUserGroup[];
  channel_folders?: ApiChannelFolder[];
  subscriptions: ApiSubscription[];
  unsubscribed: ApiSubscription[];
  never_subscribed: ApiStream[];
  unread_msgs: ApiUnread;
  starred_messages?: MessageId[];
  recent_private_conversations?: { max_message_id: MessageId; user_ids: UserId[] }[];
  user_topics?: ApiUserTopic[];
  muted_users?: { id: UserId }[];
  presences?: Record<string, ApiPresence>;
  server_timestamp?: number;
  server_presence_ping_interval_seconds?: number;
  server_presence_offline_threshold_seconds?: number;
  server_typing_started_expiry_period_milliseconds?: number;
  server_typing_stopped_wait_period_milliseconds?: number;
  server_typing_started_wait_period_milliseconds?: number;
  server_emoji_data_url?: string;
  event_queue_longpoll_timeout_seconds?: number;
  user_settings: UserSettings;
  user_status?: Record<string, ApiUserStatus>;
  drafts?: ApiDraft[];
  scheduled_messages?: ScheduledMessage[];
  max_file_upload_size_mib?: number;
  jitsi_server_url?: string | null;
  realm_video_chat_provider?: number;
  realm_message_content_delete_limit_seconds?: number | null;
  realm_can_delete_own_message_group?: unknown;
  realm_allow_edit_history?: boolean;
  realm_enable_read_receipts?: boolean;
  realm_description?: string;
  realm_jitsi_server_url?: string | null;
  server_jitsi_server_url?: string | null;
  alert_words?: string[];
  realm_user_settings_defaults?: Record<string, unknown>;
  realm_bots?: Bot[];
  realm_playgrounds?: Playground[];
  server_report_message_types?: { key: string; name: string }[];
  navigation_views?: NavigationView[];
  is_moderator?: boolean;
  server_supported_permission_settings?: Record<"realm" | "stream" | "group", Record<string, Requirement>>;
  is_owner?: boolean;
}

/** A narrow as the API takes it. */
export interface ApiNarrowTerm {
  operator: string;
  operand: string | number | number[];
  negated?: boolean;
}

export interface MessagesAnswer {
  messages: ApiMessage[];
  anchor: number;
  found_anchor: boolean;
  found_oldest: boolean;
  found_newest: boolean;
  history_limited: boolean;
}
