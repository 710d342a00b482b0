// The settings there are: which sections they stand in, how each is chosen. The page is drawn from this table.

import type { Key } from "../i18n";
import { ANIMATE } from "../messages/animation";
import { USER_LIST } from "../people/data";
import { CHANNEL_VIEW, DEMOTE, STREAM_COUNTS } from "../streams/data";
import { ICON_COUNT } from "../unread/data";

/** Values of the API's color_scheme. */
export const SCHEME = { auto: 1, dark: 2, light: 3 } as const;

export type Theme = "auto" | "dark" | "light";

export function themeOf(colorScheme: number): Theme {
  if (colorScheme === SCHEME.dark) return "dark";
  return colorScheme === SCHEME.light ? "light" : "auto";
}

export const DENSITIES = ["compact", "normal", "roomy"] as const;
export type Density = (typeof DENSITIES)[number];

/** The density is kept by the API as a line height in percent. */
export function densityOf(lineHeight: number): Density {
  if (lineHeight < 130) return "compact";
  return lineHeight > 150 ? "roomy" : "normal";
}

export const LINE_HEIGHTS: Record<Density, number> = { compact: 122, normal: 140, roomy: 160 };
export const FONT_SIZES = [12, 14, 16, 18, 20] as const;

export const SECTIONS = [
  "profile",
  "looks",
  "habits",
  "notifications",
  "people",
  "groups",
  "bots",
  "emoji",
  "files",
  "invitations",
  "organization",
] as const;
export type Section = (typeof SECTIONS)[number];

export type Value = string | number;

/** One setting: a check box, one of several values, a span of time, a channel, or a word. */
export type Control =
  | { kind: "check" | "limit" | "stream" | "text" | "weekday" | "language" | "sound"; name: string; label: Key }
  | { kind: "choice"; name: string; label: Key; options: readonly (readonly [Value, Key])[] };

const check = (name: string, label: Key): Control => ({ kind: "check", name, label });
const limit = (name: string, label: Key): Control => ({ kind: "limit", name, label });
const stream = (name: string, label: Key): Control => ({ kind: "stream", name, label });
const choice = (name: string, label: Key, ...options: (readonly [Value, Key])[]): Control => ({
  kind: "choice",
  name,
  label,
  options,
});

const FOLLOW = [
  [1, "follow.participate"],
  [2, "follow.send"],
  [3, "follow.start"],
  [4, "follow.never"],
] as const;

export const CONTROLS: Record<"looks" | "habits" | "privacy" | "notifications", readonly Control[]> = {
  looks: [
    choice(
      "user_list_style",
      "settings.userList",
      [USER_LIST.compact, "userList.compact"],
      [USER_LIST.status, "userList.status"],
      [USER_LIST.picture, "userList.picture"],
    ),
    choice(
      "demote_inactive_streams",
      "settings.demote",
      [DEMOTE.automatic, "demote.automatic"],
      [DEMOTE.always, "demote.always"],
      [DEMOTE.never, "demote.never"],
    ),
    choice(
      "web_stream_unreads_count_display_policy",
      "settings.streamCounts",
      [STREAM_COUNTS.all, "streamCounts.all"],
      [STREAM_COUNTS.unmuted, "streamCounts.unmuted"],
      [STREAM_COUNTS.none, "streamCounts.none"],
    ),
    choice(
      "web_animate_image_previews",
      "settings.animate",
      [ANIMATE.always, "animate.always"],
      [ANIMATE.onHover, "animate.onHover"],
      [ANIMATE.never, "animate.never"],
    ),
    check("display_emoji_reaction_users", "settings.reactionNames"),
  ],
  habits: [
    choice(
      "web_home_view",
      "settings.home",
      ["inbox", "view.inbox"],
      ["recent", "view.recent"],
      ["all_messages", "view.feed"],
    ),
    choice(
      "web_channel_default_view",
      "settings.channelView",
      [CHANNEL_VIEW.topTopic, "channelView.topTopic"],
      [CHANNEL_VIEW.topUnread, "channelView.topUnread"],
      [CHANNEL_VIEW.topics, "channelView.topics"],
      [CHANNEL_VIEW.feed, "channelView.feed"],
    ),
    choice(
      "web_mark_read_on_scroll_policy",
      "settings.markRead",
      [1, "settings.markAlways"],
      [2, "settings.markConversation"],
      [3, "settings.markNever"],
    ),
    choice("automatically_follow_topics_policy", "settings.follow", ...FOLLOW),
    check("automatically_follow_topics_where_mentioned", "settings.followMentioned"),
    choice("automatically_unmute_topics_in_muted_streams_policy", "settings.unmuteTopics", ...FOLLOW),
    choice(
      "resolved_topic_notice_auto_read_policy",
      "settings.resolved",
      ["always", "resolved.always"],
      ["except_followed", "resolved.exceptFollowed"],
      ["never", "resolved.never"],
    ),
    check("enter_sends", "settings.enterSends"),
    check("fluid_layout_width", "settings.fluid"),
    check("twenty_four_hour_time", "settings.twentyFour"),
    check("translate_emoticons", "settings.emoticons"),
    check("starred_message_counts", "settings.starredCounts"),
    check("web_escape_navigates_to_home_view", "settings.escapeHome"),
    check("enable_drafts_synchronization", "settings.drafts"),
  ],
  privacy: [
    choice(
      "email_address_visibility",
      "settings.address",
      [1, "address.everyone"],
      [2, "address.members"],
      [5, "address.moderators"],
      [3, "address.admins"],
      [4, "address.nobody"],
    ),
    check("presence_enabled", "settings.presence"),
    check("send_read_receipts", "settings.receipts"),
    check("send_private_typing_notifications", "settings.typingDirect"),
    check("send_stream_typing_notifications", "settings.typingStream"),
    check("receives_typing_notifications", "settings.typingSeen"),
  ],
  notifications: [
    { kind: "sound", name: "notification_sound", label: "settings.sound" },
    check("wildcard_mentions_notify", "settings.wildcards"),
    check("pm_content_in_desktop_notifications", "settings.directContent"),
    choice(
      "desktop_icon_count_display",
      "settings.iconCount",
      [ICON_COUNT.all, "settings.iconAll"],
      [ICON_COUNT.followed, "settings.iconFollowed"],
      [ICON_COUNT.direct, "settings.iconDirect"],
      [ICON_COUNT.nothing, "settings.iconNone"],
    ),
    choice(
      "email_notifications_batching_period_seconds",
      "settings.batching",
      [120, "minutes.2"],
      [600, "minutes.10"],
      [3600, "minutes.60"],
    ),
    check("message_content_in_email_notifications", "settings.mailContent"),
    choice(
      "realm_name_in_email_notifications_policy",
      "settings.mailRealm",
      [1, "mailRealm.automatic"],
      [2, "mailRealm.always"],
      [3, "mailRealm.never"],
    ),
    check("enable_digest_emails", "settings.digest"),
    check("enable_login_emails", "settings.loginEmails"),
  ],
};

/** What the server takes for no limit. */
export const UNLIMITED = "unlimited";
/** Spans of time that are offered, in seconds. */
const LIMITS = [600, 3600, 86_400, 604_800, 2_592_000] as const;

/** What can be chosen of a limit: the usual ones, and what holds now if it is none of them. */
export function limitsWith(current: unknown): readonly number[] {
  const known: readonly number[] = LIMITS;
  if (typeof current !== "number" || known.includes(current)) return known;
  return [...known, current].sort((a, b) => a - b);
}

/** The largest unit in which a span of time is a whole number. */
export function spanOf(seconds: number): { count: number; unit: "day" | "hour" | "minute" | "second" } {
  const units = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ] as const;
  const found = units.find(([size]) => seconds % size === 0);
  return found ? { count: seconds / found[0], unit: found[1] } : { count: seconds, unit: "second" };
}

/** What an organisation decides for all its people. */
export const REALM_CONTROLS: Record<"messages" | "people" | "announcements", readonly Control[]> = {
  messages: [
    check("mandatory_topics", "realm.mandatoryTopics"),
    check("allow_message_editing", "realm.editing"),
    limit("message_content_edit_limit_seconds", "realm.editLimit"),
    limit("message_content_delete_limit_seconds", "realm.deleteLimit"),
    limit("move_messages_within_stream_limit_seconds", "realm.moveLimit"),
    limit("move_messages_between_streams_limit_seconds", "realm.moveOutLimit"),
    check("allow_edit_history", "realm.editHistory"),
    check("enable_read_receipts", "realm.receipts"),
    check("inline_image_preview", "realm.imagePreview"),
    check("inline_url_embed_preview", "realm.linkPreview"),
    check("message_content_allowed_in_email_notifications", "realm.mailContent"),
    check("digest_emails_enabled", "realm.digest"),
    { kind: "weekday", name: "digest_weekday", label: "realm.digestDay" },
    { kind: "text", name: "default_code_block_language", label: "realm.codeLanguage" },
    choice(
      "giphy_rating",
      "realm.gifs",
      [0, "realm.gifsNone"],
      [1, "realm.gifsY"],
      [2, "realm.gifsG"],
      [3, "realm.gifsPG"],
      [4, "realm.gifsPG13"],
    ),
    choice("video_chat_provider", "realm.calls", [0, "realm.callsNone"], [1, "realm.callsJitsi"]),
  ],
  people: [
    check("invite_required", "realm.inviteRequired"),
    check("emails_restricted_to_domains", "realm.domainsOnly"),
    check("disallow_disposable_email_addresses", "realm.noDisposable"),
    check("enable_spectator_access", "realm.spectators"),
    check("enable_guest_user_indicator", "realm.guestIndicator"),
    check("name_changes_disabled", "realm.namesFixed"),
    check("require_unique_names", "realm.uniqueNames"),
    check("avatar_changes_disabled", "realm.avatarsFixed"),
    check("email_changes_disabled", "realm.addressesFixed"),
    choice(
      "bot_creation_policy",
      "realm.bots",
      [1, "realm.botsAll"],
      [2, "realm.botsWebhooks"],
      [3, "realm.botsAdmins"],
    ),
    { kind: "language", name: "default_language", label: "realm.language" },
    check("send_welcome_emails", "realm.welcome"),
    choice(
      "waiting_period_threshold",
      "realm.waiting",
      [0, "realm.waitingNone"],
      [3, "days.3"],
      [7, "days.7"],
      [30, "days.30"],
    ),
  ],
  announcements: [
    stream("new_stream_announcements_stream_id", "realm.newStreams"),
    stream("signup_announcements_stream_id", "realm.newPeople"),
    stream("zulip_update_announcements_stream_id", "realm.serverNews"),
    stream("moderation_request_channel_id", "realm.reports"),
  ],
};

/** The kinds of organisations that the API knows by number. */
export const ORG_TYPES = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 1000] as const;

/** How a setting's value stands in its control: the API tells no limit as `null` and takes it as a word. */
export function shownAs(value: unknown): Value | boolean {
  if (value === null) return UNLIMITED;
  return typeof value === "boolean" || typeof value === "number" ? value : String(value ?? "");
}

/** Alert words as people type them: parted by commas or lines, without doubles. */
export function wordsOf(text: string, known: readonly string[]): string[] {
  const taken = new Set(known.map((word) => word.toLowerCase()));
  const words = text.split(/[,\n]/).map((word) => word.trim());
  return words.filter((word) => {
    const fresh = word !== "" && !taken.has(word.toLowerCase());
    taken.add(word.toLowerCase());
    return fresh;
  });
}
