import { expect, test } from "vitest";
import type { UserSettings } from "../../src/api/types";
import { type Circumstances, KINDS, type News, settingOf, tellOf, WAYS } from "../../src/notifications/data";
import type { Stream } from "../../src/streams/data";
import { POLICY } from "../../src/topics/data";

const settings: UserSettings = {
  color_scheme: 1,
  default_language: "en",
  web_home_view: "inbox",
  enter_sends: true,
  twenty_four_hour_time: false,
};
const stream: Stream = {
  id: 3,
  name: "s",
  description: "",
  isPrivate: false,
  isWebPublic: false,
  isHistoryShared: true,
  isArchived: false,
  isSubscribed: true,
  color: "#000000",
  isMuted: false,
  isPinned: false,
  weeklyTraffic: null,
  subscriberCount: 2,
  notify: {},
  isRecentlyActive: true,
  folderId: undefined,
  topicsPolicy: "inherit",
  administrators: undefined,
  removers: undefined,
};
const usual: Circumstances = {
  me: 1,
  settings,
  stream,
  topicPolicy: POLICY.none,
  isTopicMuted: false,
  mutedUsers: new Set(),
};
const inStream = (...flags: string[]): News => ({
  place: { kind: "stream", streamId: 3, topic: "t" },
  senderId: 2,
  flags,
});
const direct: News = { place: { kind: "dm", ids: [2] }, senderId: 2, flags: [] };
const both = { desktop: true, sound: true };
const nothing = { desktop: false, sound: false };

test("what is meant for me is told; what is not is not", () => {
  expect(tellOf(direct, usual)).toEqual(both);
  expect(tellOf(inStream("mentioned"), usual)).toEqual(both);
  expect(tellOf(inStream("has_alert_word"), usual)).toEqual(both);
  expect(tellOf(inStream(), usual)).toEqual(nothing);
});

test("one's own, read and muted people's messages are never told", () => {
  expect(tellOf({ ...direct, senderId: 1 }, usual)).toEqual(nothing);
  expect(tellOf({ ...direct, flags: ["read"] }, usual)).toEqual(nothing);
  expect(tellOf(direct, { ...usual, mutedUsers: new Set([2]) })).toEqual(nothing);
});

test("a muted topic tells only of real mentions", () => {
  const muted = { ...usual, isTopicMuted: true };
  expect(tellOf(inStream("mentioned"), muted)).toEqual(both);
  expect(tellOf(inStream("stream_wildcard_mentioned"), muted)).toEqual(nothing);
  expect(tellOf(inStream("has_alert_word"), muted)).toEqual(nothing);
});

test("settings turn the desktop and the sound off one by one", () => {
  expect(tellOf(direct, { ...usual, settings: { ...settings, enable_sounds: false } })).toEqual({
    ...both,
    sound: false,
  });
  const quiet = { ...usual, settings: { ...settings, enable_desktop_notifications: false } };
  expect(tellOf(direct, quiet)).toEqual({ ...both, desktop: false });
});

test("a stream's own wishes go before those for all streams", () => {
  const all = { ...settings, enable_stream_desktop_notifications: true };
  expect(tellOf(inStream(), { ...usual, settings: all }).desktop).toBe(true);
  const own = { ...stream, notify: { desktop_notifications: false } };
  expect(tellOf(inStream(), { ...usual, settings: all, stream: own }).desktop).toBe(false);
  const loud = { ...stream, notify: { audible_notifications: true } };
  expect(tellOf(inStream(), { ...usual, stream: loud })).toEqual({ desktop: false, sound: true });
});

test("followed topics are told unless that is off", () => {
  const followed = { ...usual, topicPolicy: POLICY.followed };
  expect(tellOf(inStream(), followed)).toEqual(both);
  const off = {
    ...settings,
    enable_followed_topic_desktop_notifications: false,
    enable_followed_topic_audible_notifications: false,
  };
  expect(tellOf(inStream(), { ...followed, settings: off })).toEqual(nothing);
});

test("mentions of everyone: by setting, by stream, by following", () => {
  const everyone = inStream("stream_wildcard_mentioned");
  expect(tellOf(everyone, usual)).toEqual(both);
  const off = { ...usual, stream: { ...stream, notify: { wildcard_mentions_notify: false } } };
  expect(tellOf(everyone, off)).toEqual(nothing);
  expect(tellOf(everyone, { ...off, topicPolicy: POLICY.followed })).toEqual(both);
});

test("every kind and way has a setting of its own", () => {
  const names = KINDS.flatMap((kind) => WAYS.map((way) => settingOf(kind, way)));
  expect(new Set(names).size).toBe(KINDS.length * WAYS.length);
  expect(settingOf("followed", "email")).toBe("enable_followed_topic_email_notifications");
});
