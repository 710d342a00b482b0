import type { ServerEvent } from "../../src/api/events";
import type { ApiMessage, Register } from "../../src/api/types";
import type { Context } from "../../src/messages/data";
import type { Names } from "../../src/narrow/terms";
import recorded from "../fixtures/events.json";

/** The member in whose queue the recorded events arrived. */
export const ME = 12;

export function events(action: keyof typeof recorded): ServerEvent[] {
  return recorded[action] as unknown as ServerEvent[];
}

export function apiMessage(id: number, rest: Partial<ApiMessage> = {}): ApiMessage {
  return {
    id,
    sender_id: 10,
    sender_full_name: "Ada",
    content: `<p>message ${id}</p>`,
    timestamp: 1_700_000_000 + id,
    type: "stream",
    stream_id: 3,
    subject: "lunch",
    display_recipient: "general",
    reactions: [],
    ...rest,
  };
}

export const CONTEXT: Context = {
  me: ME,
  isTopicMuted: () => false,
  isTopicFollowed: () => false,
  isUnread: () => false,
  isWebPublic: () => false,
  isPublic: () => true,
};

const STREAMS: Record<number, string> = { 3: "Verona", 12: "design team", 40: "a/b (c)" };
const PEOPLE: Record<number, string> = { 4: "Ada Marsh", 9: "Iago", 12: "Me" };

export const NAMES: Names = {
  me: ME,
  streamName: (id) => STREAMS[id],
  streamId: (name) => Number(Object.keys(STREAMS).find((id) => STREAMS[Number(id)] === name)) || undefined,
  userName: (id) => PEOPLE[id],
  userId: (wanted) =>
    Number(Object.keys(PEOPLE).find((id) => PEOPLE[Number(id)] === wanted || wanted === `user${id}@x.org`)) ||
    undefined,
};

export function register(rest: Partial<Register> = {}): Register {
  return {
    queue_id: "q",
    last_event_id: -1,
    zulip_feature_level: 421,
    user_id: ME,
    full_name: "Me",
    realm_name: "Test",
    realm_users: [],
    subscriptions: [],
    unsubscribed: [],
    never_subscribed: [],
    unread_msgs: { count: 0, pms: [], streams: [], huddles: [], mentions: [] },
    user_settings: {
      color_scheme: 1,
      default_language: "en",
      web_home_view: "inbox",
      enter_sends: true,
      twenty_four_hour_time: false,
    },
    ...rest,
  };
}
