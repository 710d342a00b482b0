// The whole client state: one signal per feature, each changed only by its reducer (or by its feature's events.ts).

import { batch, computed, signal } from "@preact/signals";
import type { ServerEvent } from "../api/events";
import type { CustomProfileField, Playground } from "../api/generated";
import type { ApiRealmEmoji, ApiUserGroup, Register, StreamId, UserId, UserSettings } from "../api/types";
import * as botsData from "../bots/data";
import { applyGroups } from "../groups/data";
import * as messagesData from "../messages/data";
import type { Place } from "../messages/model";
import * as navigationData from "../navigation/data";
import * as peopleData from "../people/data";
import { ROLE } from "../people/data";
import * as presenceData from "../presence/data";
import type { Requirement } from "../settings/rights";
import * as streamsData from "../streams/data";
import * as topicsData from "../topics/data";
import * as typingData from "../typing/data";
import * as unreadData from "../unread/data";

export interface Realm {
  me: UserId;
  name: string;
  maxMessageLength: number;
  maxTopicLength: number;
  maxMessageId: number;
  maxUploadMegabytes: number;
  callServer: string | undefined;
  description: string;
  deleteLimitSeconds: number | null;
  topicsMandatory: boolean;
  emptyTopicName: string;
  editLimitSeconds: number | null;
  mayEdit: boolean;
  emojiDataUrl: string | undefined;
  typing: { expiry: number; startedWait: number; stoppedWait: number };
  presencePingSeconds: number;
  /** Those that are not used any more too. */
  groups: readonly ApiUserGroup[];
  /** What the organisation decided, under the names of `PATCH /realm`. */
  decided: Readonly<Record<string, unknown>>;
  /** Which groups the server takes for which right. */
  rights: Readonly<Record<string, Requirement>>;
  /** The same of rights in one channel. */
  streamRights: Readonly<Record<string, Requirement>>;
  /** The same of rights over one group. */
  groupRights: Readonly<Record<string, Requirement>>;
  /** For which reasons a message can be reported. */
  reportTypes: readonly string[];
}

export type Phase = "loading" | "ready" | "failed";

export const phase = signal<Phase>("loading");
export const loadError = signal("");
export const realm = signal<Realm>({
  me: 0,
  name: "",
  maxMessageLength: 10000,
  maxTopicLength: 60,
  maxMessageId: 0,
  maxUploadMegabytes: 25,
  callServer: undefined,
  description: "",
  deleteLimitSeconds: null,
  topicsMandatory: false,
  emptyTopicName: "general chat",
  editLimitSeconds: null,
  mayEdit: true,
  emojiDataUrl: undefined,
  typing: { expiry: 45000, startedWait: 30000, stoppedWait: 12000 },
  presencePingSeconds: 60,
  groups: [],
  decided: {},
  rights: {},
  streamRights: {},
  groupRights: {},
  reportTypes: [],
});
export const settings = signal<UserSettings>({
  color_scheme: 1,
  default_language: "en",
  web_home_view: "inbox",
  enter_sends: true,
  twenty_four_hour_time: false,
});
export const people = signal<peopleData.People>({ byId: new Map(), muted: new Set(), status: new Map() });
export const presence = signal<presenceData.Presence>({ seen: new Map(), skew: 0, offlineAfter: 200 });
export const streams = signal<streamsData.Streams>(new Map());
export const folders = signal<streamsData.Folders>(new Map());
export const topics = signal<topicsData.Topics>({ policies: new Map(), lists: new Map(), complete: new Set() });
export const unread = signal<unreadData.Unread>({ places: new Map(), mentions: new Set() });
export const messages = signal<messagesData.Messages>(messagesData.NO_MESSAGES);
export const typing = signal<typingData.Typing>(new Map());
/** The profile fields of the organisation. */
export const profileFields = signal<readonly CustomProfileField[]>([]);
/** The bots that one manages. */
export const bots = signal<botsData.Bots>(new Map());
/** Where code can be tried out. */
export const playgrounds = signal<readonly Playground[]>([]);
/** What people who are new begin with: values of `PATCH /realm/user_settings_defaults`. */
export const defaults = signal<Readonly<Record<string, unknown>>>({});
export const navigation = signal<navigationData.Views>(new Map());
export const realmEmoji = signal<readonly ApiRealmEmoji[]>([]);
/** Direct-message conversations by their last message, known from the start and kept up by messages. */
export const recentDms = signal<ReadonlyMap<string, { ids: UserId[]; maxId: number }>>(new Map());
export const queueId = signal("");
/** A clock for what fades by itself: presence and typing. Ticks every few seconds. */
export const now = signal(Date.now());
/** The server offers a newer client. */
export const reloadOffered = signal(false);

export const me = computed(() => realm.value.me);
/** Who has no account may do no more than a guest. */
export const myRole = computed(() => people.value.byId.get(me.value)?.role ?? ROLE.guest);
export const isAdmin = computed(() => myRole.value <= ROLE.admin);
export const isGuest = computed(() => myRole.value === ROLE.guest);

/** Where calls take place, if the organisation has chosen to have any. */
export const callServer = computed(() =>
  realm.value.decided.video_chat_provider === 0 ? undefined : realm.value.callServer,
);

export function isTopicMuted(streamId: StreamId, topic: string): boolean {
  return topicsData.isMuted(topics.value, streams.value.get(streamId)?.isMuted ?? false, streamId, topic);
}

export const counts = computed(() => unreadData.count(unread.value, isTopicMuted));
/** The number in the window's title; the icon has a dot for it. */
export const iconCount = computed(() =>
  unreadData.iconCount(
    unread.value,
    counts.value.total,
    settings.value.desktop_icon_count_display ?? unreadData.ICON_COUNT.all,
    (id, topic) => topicsData.policyOf(topics.value, id, topic) === topicsData.POLICY.followed,
  ),
);
export const starredIds = signal<ReadonlySet<number>>(new Set());

/** What deciding whether a message belongs in a narrow needs. */
export function matchContext(): messagesData.Context {
  return {
    me: realm.peek().me,
    isTopicMuted,
    isTopicFollowed: (id, topic) => topicsData.policyOf(topics.peek(), id, topic) === topicsData.POLICY.followed,
    isUnread: (id) => unread.peek().places.has(id),
    isWebPublic: (id) => streams.peek().get(id)?.isWebPublic ?? false,
    isPublic: (id) => streams.peek().get(id)?.isPrivate === false,
  };
}

/** Settings are single values, and rights the groups that hold them; what else there is has its own place. */
function decidedIn(state: Register): Record<string, unknown> {
  const isSetting = ([name, value]: [string, unknown]) =>
    name.startsWith("realm_") && (value === null || typeof value !== "object" || /_groups?$/.test(name));
  const settings = Object.entries(state).filter(isSetting);
  return Object.fromEntries(settings.map(([name, value]) => [name.slice("realm_".length), value]));
}

function realmFrom(state: Register): Realm {
  return {
    me: state.user_id,
    name: state.realm_name,
    maxMessageLength: state.max_message_length ?? 10000,
    maxTopicLength: state.max_topic_length ?? 60,
    maxMessageId: state.max_message_id ?? 0,
    maxUploadMegabytes: state.max_file_upload_size_mib ?? 25,
    description: state.realm_description ?? "",
    deleteLimitSeconds: state.realm_message_content_delete_limit_seconds ?? null,
    callServer: state.realm_jitsi_server_url ?? state.server_jitsi_server_url ?? state.jitsi_server_url ?? undefined,
    topicsMandatory: state.realm_mandatory_topics ?? false,
    emptyTopicName: state.realm_empty_topic_display_name ?? "general chat",
    editLimitSeconds: state.realm_message_content_edit_limit_seconds ?? null,
    mayEdit: state.realm_allow_message_editing ?? true,
    emojiDataUrl: state.server_emoji_data_url,
    typing: {
      expiry: state.server_typing_started_expiry_period_milliseconds ?? 45000,
      startedWait: state.server_typing_started_wait_period_milliseconds ?? 30000,
      stoppedWait: state.server_typing_stopped_wait_period_milliseconds ?? 12000,
    },
    presencePingSeconds: state.server_presence_ping_interval_seconds ?? 60,
    groups: state.realm_user_groups ?? [],
    decided: decidedIn(state),
    rights: state.server_supported_permission_settings?.realm ?? {},
    streamRights: state.server_supported_permission_settings?.stream ?? {},
    groupRights: state.server_supported_permission_settings?.group ?? {},
    reportTypes: (state.server_report_message_types ?? []).map((one) => one.key),
  };
}

/** Takes over a fresh register. Fetched messages are dropped: events were missed since. */
export function load(state: Register): void {
  batch(() => {
    realm.value = realmFrom(state);
    settings.value = { ...settings.value, ...state.user_settings };
    people.value = peopleData.fromRegister(state);
    presence.value = presenceData.fromRegister(state, Date.now() / 1000);
    streams.value = streamsData.fromRegister(state);
    folders.value = streamsData.foldersFrom(state.channel_folders ?? []);
    topics.value = topicsData.fromRegister(state.user_topics ?? []);
    unread.value = unreadData.fromRegister(state.unread_msgs, state.user_id);
    starredIds.value = new Set(state.starred_messages ?? []);
    messages.value = messagesData.NO_MESSAGES;
    typing.value = new Map();
    profileFields.value = state.custom_profile_fields ?? [];
    bots.value = botsData.botsFrom(state.realm_bots ?? []);
    playgrounds.value = state.realm_playgrounds ?? [];
    defaults.value = state.realm_user_settings_defaults ?? {};
    navigation.value = navigationData.fromRegister(state.navigation_views ?? []);
    realmEmoji.value = Object.values(state.realm_emoji ?? {}).filter((one) => !one.deactivated);
    recentDms.value = new Map(
      (state.recent_private_conversations ?? []).map(({ user_ids, max_message_id }) => {
        const ids = user_ids.length > 0 ? [...user_ids].sort((a, b) => a - b) : [state.user_id];
        return [`d:${ids.join(",")}`, { ids, maxId: max_message_id }];
      }),
    );
    queueId.value = state.queue_id ?? "";
    phase.value = "ready";
  });
}

function applyRealm(event: Extract<ServerEvent, { type: "realm" }>): void {
  const changes = event.op === "update" ? { [event.property]: event.value } : event.data;
  realm.value = { ...realm.value, decided: { ...realm.value.decided, ...changes } };
  if (typeof changes.name === "string") realm.value = { ...realm.value, name: changes.name };
  if (typeof changes.description === "string") realm.value = { ...realm.value, description: changes.description };
  if ("message_content_edit_limit_seconds" in changes) {
    realm.value = { ...realm.value, editLimitSeconds: changes.message_content_edit_limit_seconds as number | null };
  }
  if ("message_content_delete_limit_seconds" in changes) {
    realm.value = { ...realm.value, deleteLimitSeconds: changes.message_content_delete_limit_seconds as number | null };
  }
  if (typeof changes.allow_message_editing === "boolean") {
    realm.value = { ...realm.value, mayEdit: changes.allow_message_editing };
  }
  if (typeof changes.mandatory_topics === "boolean") {
    realm.value = { ...realm.value, topicsMandatory: changes.mandatory_topics };
  }
}

/** Moves a direct-message conversation to the front. */
export function seenDm(place: Place, id: number): void {
  if (place.kind !== "dm") return;
  const key = `d:${place.ids.join(",")}`;
  const known = recentDms.peek().get(key);
  if (!known || known.maxId < id) recentDms.value = new Map(recentDms.peek()).set(key, { ids: place.ids, maxId: id });
}

function applyMessageSideEffects(event: Extract<ServerEvent, { type: "message" }>): void {
  const message = messages.peek().byId.get(event.message.id);
  if (!message) return;
  seenDm(message.place, message.id);
  typing.value = typingData.stopped(typing.peek(), message.place, event.message.sender_id);
}

function applyOne(event: ServerEvent, myId: UserId): void {
  people.value = peopleData.apply(people.peek(), event);
  presence.value = presenceData.apply(presence.peek(), event);
  streams.value = streamsData.apply(streams.peek(), event, myId);
  folders.value = streamsData.applyFolders(folders.peek(), event);
  bots.value = botsData.apply(bots.peek(), event);
  topics.value = topicsData.apply(topics.peek(), event);
  unread.value = unreadData.apply(unread.peek(), event, myId);
  messages.value = messagesData.apply(messages.peek(), event, matchContext());
  switch (event.type) {
    case "message":
      applyMessageSideEffects(event);
      break;
    case "typing":
      if (settings.peek().receives_typing_notifications === false) break;
      typing.value = typingData.apply(typing.peek(), event, myId, Date.now(), realm.peek().typing.expiry);
      break;
    case "user_settings":
      settings.value = { ...settings.peek(), [event.property]: event.value };
      break;
    case "realm_emoji":
      realmEmoji.value = Object.values(event.realm_emoji).filter((one) => !one.deactivated);
      break;
    case "user_group":
      realm.value = { ...realm.peek(), groups: applyGroups(realm.peek().groups, event) };
      break;
    case "realm_playgrounds":
      playgrounds.value = event.realm_playgrounds;
      break;
    case "realm_user_settings_defaults":
      defaults.value = { ...defaults.peek(), [event.property]: event.value };
      break;
    case "navigation_view":
      navigation.value = navigationData.apply(navigation.peek(), event);
      break;
    case "custom_profile_fields":
      profileFields.value = event.fields;
      break;
    case "realm":
      applyRealm(event);
      break;
    case "update_message_flags":
      if (event.flag === "starred") applyStarred(event);
      break;
    case "web_reload_client":
      reloadOffered.value = true;
      break;
  }
}

function applyStarred(event: Extract<ServerEvent, { type: "update_message_flags" }>): void {
  const ids = new Set(starredIds.peek());
  for (const id of event.messages) event.op === "add" ? ids.add(id) : ids.delete(id);
  starredIds.value = ids;
}

const listeners = new Set<(event: ServerEvent) => void>();

/** Calls back after each event has been applied, for effects outside the state (notifications, sounds). */
export function onEvent(listener: (event: ServerEvent) => void): void {
  listeners.add(listener);
}

/** Applies a batch of events in order; everything that shows the state follows once. */
export function applyEvents(events: readonly ServerEvent[]): void {
  batch(() => {
    for (const event of events) applyOne(event, realm.peek().me);
  });
  for (const event of events) for (const listener of listeners) listener(event);
}
