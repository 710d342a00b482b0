// Which messages are worth telling about, and how.

import type { UserSettings } from "../api/types";
import type { Place } from "../messages/model";
import type { Stream } from "../streams/data";
import { POLICY } from "../topics/data";

export interface News {
  place: Place;
  senderId: number;
  flags: readonly string[];
}

export interface Circumstances {
  me: number;
  settings: UserSettings;
  /** The stream of the message, if it is in one. */
  stream: Stream | undefined;
  topicPolicy: number;
  isTopicMuted: boolean;
  mutedUsers: ReadonlySet<number>;
}

export interface Telling {
  desktop: boolean;
  sound: boolean;
}

const NOTHING: Telling = { desktop: false, sound: false };
const WILDCARDS = /wildcard_mentioned$/;

/** The strongest of several reasons decides, for the desktop and for the sound alone. */
function either(...tellings: Telling[]): Telling {
  return { desktop: tellings.some((one) => one.desktop), sound: tellings.some((one) => one.sound) };
}

export function tellOf(
  news: News,
  { me, settings, stream, topicPolicy, isTopicMuted, mutedUsers }: Circumstances,
): Telling {
  if (news.senderId === me || news.flags.includes("read") || mutedUsers.has(news.senderId)) return NOTHING;
  const on = (name: string) => settings[name] !== false;
  const personal: Telling = { desktop: on("enable_desktop_notifications"), sound: on("enable_sounds") };
  if (news.place.kind === "dm" || news.flags.includes("mentioned")) return personal;
  if (isTopicMuted) return NOTHING;
  const reasons: Telling[] = [];
  if (news.flags.includes("has_alert_word")) reasons.push(personal);
  const followed = topicPolicy === POLICY.followed;
  const wildcard = news.flags.some((flag) => WILDCARDS.test(flag));
  const wildcards = stream?.notify.wildcard_mentions_notify ?? on("wildcard_mentions_notify");
  if (wildcard && (wildcards || (followed && on("enable_followed_topic_wildcard_mentions_notify")))) {
    reasons.push(personal);
  }
  if (followed) {
    reasons.push({
      desktop: on("enable_followed_topic_desktop_notifications"),
      sound: on("enable_followed_topic_audible_notifications"),
    });
  }
  reasons.push({
    desktop: stream?.notify.desktop_notifications ?? settings.enable_stream_desktop_notifications === true,
    sound: stream?.notify.audible_notifications ?? settings.enable_stream_audible_notifications === true,
  });
  return either(...reasons);
}

/** The settings of notifications: what happens, for which messages. */
export const KINDS = ["personal", "followed", "stream"] as const;
export const WAYS = ["desktop", "audible", "push", "email"] as const;
export type Kind = (typeof KINDS)[number];
export type Way = (typeof WAYS)[number];

const PERSONAL: Record<Way, string> = {
  desktop: "enable_desktop_notifications",
  audible: "enable_sounds",
  push: "enable_offline_push_notifications",
  email: "enable_offline_email_notifications",
};

/** The name of the setting for a kind of message and a way of telling. */
export function settingOf(kind: Kind, way: Way): string {
  if (kind === "personal") return PERSONAL[way];
  return `enable_${kind === "followed" ? "followed_topic" : "stream"}_${way}_notifications`;
}
