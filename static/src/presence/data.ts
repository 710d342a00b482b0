// Who is here. Timestamps are the server's, in seconds.

import type { ServerEvent } from "../api/events";
import type { ApiPresence, Register, UserId } from "../api/types";

export interface Presence {
  seen: ReadonlyMap<UserId, { active: number; idle: number }>;
  /** The server's clock minus this machine's, in seconds. */
  skew: number;
  offlineAfter: number;
}

export type Availability = "active" | "idle" | "offline";

function times(raw: ApiPresence): { active: number; idle: number } {
  return { active: raw.active_timestamp ?? 0, idle: raw.idle_timestamp ?? 0 };
}

export function fromRegister(state: Register, now: number): Presence {
  const entries = Object.entries(state.presences ?? {}).map(([id, raw]) => [Number(id), times(raw)] as const);
  return {
    seen: new Map(entries),
    skew: state.server_timestamp ? state.server_timestamp - now : 0,
    offlineAfter: state.server_presence_offline_threshold_seconds ?? 200,
  };
}

/** Takes over a whole list of presences, as the answer to one's own ping has it. */
export function merge(state: Presence, raw: Record<string, ApiPresence>): Presence {
  const seen = new Map(state.seen);
  for (const [id, one] of Object.entries(raw)) seen.set(Number(id), times(one));
  return { ...state, seen };
}

export function apply(state: Presence, event: ServerEvent): Presence {
  if (event.type !== "presence") return state;
  if (event.presences) return merge(state, event.presences);
  if (event.user_id === undefined || !event.presence) return state;
  const known = state.seen.get(event.user_id) ?? { active: 0, idle: 0 };
  let { active, idle } = known;
  for (const one of Object.values(event.presence)) {
    if (one.status === "active") active = Math.max(active, one.timestamp);
    idle = Math.max(idle, one.timestamp);
  }
  return { ...state, seen: new Map(state.seen).set(event.user_id, { active, idle }) };
}

/** How reachable someone is, `now` in seconds of this machine's clock. */
export function availability(state: Presence, id: UserId, now: number): Availability {
  const seen = state.seen.get(id);
  if (!seen) return "offline";
  const since = now + state.skew - state.offlineAfter;
  if (seen.active >= since) return "active";
  return seen.idle >= since ? "idle" : "offline";
}
