// The streams one may see, and one's own settings for those one is subscribed to.

import type { ServerEvent } from "../api/events";
import type {
  ApiChannelFolder,
  ApiStream,
  ApiSubscription,
  GroupSetting,
  Register,
  StreamId,
  UserId,
} from "../api/types";

export interface Stream {
  id: StreamId;
  name: string;
  description: string;
  isPrivate: boolean;
  isWebPublic: boolean;
  /** Who joins reads what was said before. */
  isHistoryShared: boolean;
  isArchived: boolean;
  isSubscribed: boolean;
  color: string;
  isMuted: boolean;
  isPinned: boolean;
  weeklyTraffic: number | null;
  subscriberCount: number;
  /** One's own wishes; null means as for all streams. */
  notify: Readonly<Partial<Record<NotifyProperty, boolean | null>>>;
  isRecentlyActive: boolean;
  folderId: number | undefined;
  topicsPolicy: TopicsPolicy;
  /** Who may change it, and who may take people out of it, besides administrators of the organisation. */
  administrators: GroupSetting | undefined;
  removers: GroupSetting | undefined;
}

export const NOTIFY_PROPERTIES = [
  "desktop_notifications",
  "audible_notifications",
  "push_notifications",
  "email_notifications",
  "wildcard_mentions_notify",
] as const;
export type NotifyProperty = (typeof NOTIFY_PROPERTIES)[number];

const isNotify = (name: string): name is NotifyProperty => (NOTIFY_PROPERTIES as readonly string[]).includes(name);

/** Who may read a channel. */
export const PRIVACIES = ["public", "private", "privateShared", "webPublic"] as const;
export type Privacy = (typeof PRIVACIES)[number];

export function privacyOf(stream: Pick<Stream, "isPrivate" | "isWebPublic" | "isHistoryShared">): Privacy {
  if (stream.isWebPublic) return "webPublic";
  if (!stream.isPrivate) return "public";
  return stream.isHistoryShared ? "privateShared" : "private";
}

/** As PATCH /streams takes it. */
export function privacyParams(privacy: Privacy) {
  return {
    is_private: privacy === "private" || privacy === "privateShared",
    is_web_public: privacy === "webPublic",
    history_public_to_subscribers: privacy !== "private",
  };
}

/** Whether messages need a topic: as the organisation says, none needed, always, never. */
export const TOPICS_POLICIES = ["inherit", "allow_empty_topic", "disable_empty_topic", "empty_topic_only"] as const;
export type TopicsPolicy = (typeof TOPICS_POLICIES)[number];

export type Streams = ReadonlyMap<StreamId, Stream>;

const UNSUBSCRIBED_COLOR = "#8a94a0";

function fromApi(raw: ApiStream | ApiSubscription, isSubscribed: boolean): Stream {
  const own = raw as Partial<ApiSubscription>;
  return {
    id: raw.stream_id,
    name: raw.name,
    description: raw.description,
    isPrivate: raw.invite_only,
    isWebPublic: raw.is_web_public ?? false,
    isHistoryShared: raw.history_public_to_subscribers ?? !raw.invite_only,
    isArchived: raw.is_archived ?? false,
    isSubscribed,
    color: own.color ?? UNSUBSCRIBED_COLOR,
    isMuted: own.is_muted ?? false,
    isPinned: own.pin_to_top ?? false,
    weeklyTraffic: raw.stream_weekly_traffic ?? null,
    subscriberCount: raw.subscriber_count ?? own.subscribers?.length ?? 0,
    notify: Object.fromEntries(NOTIFY_PROPERTIES.map((name) => [name, own[name] ?? null])),
    isRecentlyActive: raw.is_recently_active ?? true,
    folderId: raw.folder_id ?? undefined,
    topicsPolicy: (raw.topics_policy ?? "inherit") as TopicsPolicy,
    administrators: raw.can_administer_channel_group,
    removers: raw.can_remove_subscribers_group,
  };
}

export function fromRegister(state: Register): Streams {
  const streams = new Map<StreamId, Stream>();
  for (const raw of state.never_subscribed) streams.set(raw.stream_id, fromApi(raw, false));
  for (const raw of state.unsubscribed) streams.set(raw.stream_id, fromApi(raw, false));
  for (const raw of state.subscriptions) streams.set(raw.stream_id, fromApi(raw, true));
  return streams;
}

const FIELDS: Record<string, keyof Stream> = {
  name: "name",
  description: "description",
  invite_only: "isPrivate",
  is_web_public: "isWebPublic",
  history_public_to_subscribers: "isHistoryShared",
  is_archived: "isArchived",
  stream_weekly_traffic: "weeklyTraffic",
  subscriber_count: "subscriberCount",
  color: "color",
  is_muted: "isMuted",
  pin_to_top: "isPinned",
  is_recently_active: "isRecentlyActive",
  folder_id: "folderId",
  topics_policy: "topicsPolicy",
  can_administer_channel_group: "administrators",
  can_remove_subscribers_group: "removers",
};

function changed(streams: Streams, id: StreamId, fields: Partial<Stream>): Streams {
  const known = streams.get(id);
  return known ? new Map(streams).set(id, { ...known, ...fields }) : streams;
}

function property(streams: Streams, id: StreamId, name: string, value: unknown): Streams {
  // The old, inverted name of is_muted; both come, in either order.
  if (name === "in_home_view") return changed(streams, id, { isMuted: value === false });
  if (isNotify(name)) {
    return changed(streams, id, { notify: { ...streams.get(id)?.notify, [name]: value as boolean | null } });
  }
  const field = FIELDS[name];
  return field ? changed(streams, id, { [field]: value }) : streams;
}

function applySubscription(
  streams: Streams,
  event: Extract<ServerEvent, { type: "subscription" }>,
  me: UserId,
): Streams {
  const next = new Map(streams);
  switch (event.op) {
    case "add":
      for (const raw of event.subscriptions) next.set(raw.stream_id, fromApi(raw, true));
      return next;
    case "remove":
      for (const raw of event.subscriptions) {
        const known = next.get(raw.stream_id);
        if (known) next.set(known.id, { ...known, isSubscribed: false });
      }
      return next;
    case "update":
      return property(streams, event.stream_id, event.property, event.value);
    default: {
      const step = event.op === "peer_add" ? 1 : -1;
      const others = event.user_ids.filter((id) => id !== me).length;
      for (const id of event.stream_ids) {
        const known = next.get(id);
        if (known) next.set(id, { ...known, subscriberCount: Math.max(0, known.subscriberCount + step * others) });
      }
      return next;
    }
  }
}

export function apply(streams: Streams, event: ServerEvent, me: UserId): Streams {
  if (event.type === "subscription") return applySubscription(streams, event, me);
  if (event.type !== "stream") return streams;
  if (event.op === "update") return property(streams, event.stream_id, event.property, event.value);
  const next = new Map(streams);
  if (event.op === "create") {
    for (const raw of event.streams) {
      const known = next.get(raw.stream_id);
      next.set(raw.stream_id, known?.isSubscribed ? { ...fromApi(raw, true), ...known } : fromApi(raw, false));
    }
  } else {
    for (const id of event.stream_ids ?? event.streams?.map((one) => one.stream_id) ?? []) next.delete(id);
  }
  return next;
}

const collator = new Intl.Collator(undefined, { sensitivity: "base" });

export function byName(a: Stream, b: Stream): number {
  return collator.compare(a.name, b.name);
}

/** Where a message can be sent or moved to: one's own channels, and the one that it is in. */
export function destinations(streams: Streams, current: StreamId | undefined): Stream[] {
  const all = [...streams.values()];
  return all.filter((one) => one.id === current || (one.isSubscribed && !one.isArchived)).sort(byName);
}

/** A named group of channels that the organisation keeps. */
export interface Folder {
  id: number;
  name: string;
  description: string;
  order: number;
}

export type Folders = ReadonlyMap<number, Folder>;

export function foldersFrom(raw: readonly ApiChannelFolder[]): Folders {
  return new Map(
    raw
      .filter((one) => !one.is_archived)
      .map((one) => [
        one.id,
        { id: one.id, name: one.name, description: one.description ?? "", order: one.order ?? one.id },
      ]),
  );
}

export function applyFolders(folders: Folders, event: ServerEvent): Folders {
  if (event.type !== "channel_folder") return folders;
  const next = new Map(folders);
  if (event.op === "add") for (const [id, one] of foldersFrom([event.channel_folder])) next.set(id, one);
  else if (event.op === "reorder") {
    event.order.forEach((id, order) => {
      const known = next.get(id);
      if (known) next.set(id, { ...known, order });
    });
  } else if (event.data.is_archived) next.delete(event.channel_folder_id);
  else {
    const known = next.get(event.channel_folder_id);
    if (known)
      next.set(known.id, {
        ...known,
        name: event.data.name ?? known.name,
        description: event.data.description ?? known.description,
      });
  }
  return next;
}

export interface Sections {
  pinned: Stream[];
  folders: (Folder & { streams: Stream[] })[];
  active: Stream[];
  inactive: Stream[];
  muted: Stream[];
}

/** Values of demote_inactive_streams. */
export const DEMOTE = { automatic: 1, always: 2, never: 3 } as const;
/** Values of web_stream_unreads_count_display_policy: where unread messages are counted instead of only marked. */
export const STREAM_COUNTS = { all: 1, unmuted: 2, none: 3 } as const;
/** Values of web_channel_default_view: what a channel opens with. */
export const CHANNEL_VIEW = { topTopic: 1, feed: 2, topics: 3, topUnread: 4 } as const;

/** Whether unread messages are counted in the sidebar, or only marked. */
export const isCounted = (policy: unknown, isMuted: boolean) =>
  policy !== STREAM_COUNTS.none && !(policy === STREAM_COUNTS.unmuted && isMuted);

/** With this many channels, quiet ones stand apart unless the reader decides. */
const MANY = 30;

/** The sidebar's sections, each in alphabetical order; a stream stands in the first that fits it. `demote` says
 * whether quiet ones stand apart, as demote_inactive_streams does. */
export function sections(streams: Streams, folders: Folders = new Map(), demote: number = DEMOTE.automatic): Sections {
  const own = [...streams.values()].filter((one) => one.isSubscribed && !one.isArchived).sort(byName);
  const filed = (one: Stream) => one.folderId !== undefined && folders.has(one.folderId);
  const apart = demote === DEMOTE.automatic ? own.length >= MANY : demote === DEMOTE.always;
  const isQuiet = (one: Stream) => apart && !one.isRecentlyActive;
  const plain = own.filter((one) => !one.isPinned && !filed(one));
  return {
    pinned: own.filter((one) => one.isPinned),
    folders: [...folders.values()]
      .sort((a, b) => a.order - b.order)
      .map((folder) => ({ ...folder, streams: own.filter((one) => !one.isPinned && one.folderId === folder.id) })),
    active: plain.filter((one) => !one.isMuted && !isQuiet(one)),
    inactive: plain.filter((one) => !one.isMuted && isQuiet(one)),
    muted: plain.filter((one) => one.isMuted),
  };
}

export function streamByName(streams: Streams, name: string): Stream | undefined {
  const wanted = name.toLowerCase();
  for (const stream of streams.values()) if (stream.name.toLowerCase() === wanted) return stream;
  return undefined;
}
