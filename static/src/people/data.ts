// The people (and bots) of the realm.

import type { ProfileAnswer, ServerEvent } from "../api/events";
import type { ApiUser, ApiUserStatus, Register, UserId } from "../api/types";
import type { Answers } from "../profile/data";

/** The API's roles: the lower, the more one may do. */
export const ROLE = { owner: 100, admin: 200, moderator: 300, member: 400, guest: 600 } as const;

/** Values of user_list_style. */
export const USER_LIST = { compact: 1, status: 2, picture: 3 } as const;

export interface Person {
  id: UserId;
  name: string;
  email: string;
  avatarUrl: string | null;
  isBot: boolean;
  isActive: boolean;
  role: number;
  timezone: string;
  /** What they filled in of the organisation's profile fields. */
  answers: Answers;
}

export interface People {
  byId: ReadonlyMap<UserId, Person>;
  muted: ReadonlySet<UserId>;
  status: ReadonlyMap<UserId, ApiUserStatus>;
}

function fromApi(raw: ApiUser, isActive: boolean): Person {
  return {
    id: raw.user_id,
    name: raw.full_name,
    email: raw.delivery_email ?? raw.email,
    avatarUrl: raw.avatar_url ?? null,
    isBot: raw.is_bot,
    isActive: raw.is_active ?? isActive,
    role: raw.role ?? ROLE.member,
    timezone: raw.timezone ?? "",
    answers: raw.profile_data ?? {},
  };
}

export function fromRegister(state: Register): People {
  const byId = new Map<UserId, Person>();
  for (const raw of state.cross_realm_bots ?? []) byId.set(raw.user_id, fromApi(raw, true));
  for (const raw of state.realm_non_active_users ?? []) byId.set(raw.user_id, fromApi(raw, false));
  for (const raw of state.realm_users) byId.set(raw.user_id, fromApi(raw, true));
  const status = new Map(Object.entries(state.user_status ?? {}).map(([id, one]) => [Number(id), one]));
  return { byId, muted: new Set((state.muted_users ?? []).map((user) => user.id)), status };
}

function answered(answers: Answers, changed: ProfileAnswer | undefined): Answers {
  if (!changed) return answers;
  const { [changed.id]: _, ...others } = answers;
  if (changed.value === null || changed.value === "") return others;
  const { value, rendered_value } = changed;
  return { ...others, [changed.id]: { value, ...(rendered_value !== undefined && { rendered_value }) } };
}

function applyUser(people: People, event: Extract<ServerEvent, { type: "realm_user" }>): People {
  const { person } = event;
  const byId = new Map(people.byId);
  const known = byId.get(person.user_id);
  if (event.op === "add") byId.set(person.user_id, fromApi(person as ApiUser, true));
  else if (!known) return people;
  else if (event.op === "remove") byId.set(known.id, { ...known, isActive: false });
  else {
    byId.set(known.id, {
      ...known,
      name: person.full_name ?? known.name,
      email: person.delivery_email ?? person.new_email ?? known.email,
      avatarUrl: person.avatar_url === undefined ? known.avatarUrl : person.avatar_url,
      isActive: person.is_active ?? known.isActive,
      role: person.role ?? known.role,
      timezone: person.timezone ?? known.timezone,
      answers: answered(known.answers, person.custom_profile_field),
    });
  }
  return { ...people, byId };
}

export function apply(people: People, event: ServerEvent): People {
  switch (event.type) {
    case "realm_user":
      return applyUser(people, event);
    case "muted_users":
      return { ...people, muted: new Set(event.muted_users.map((user) => user.id)) };
    case "user_status": {
      const status = new Map(people.status);
      const { status_text, emoji_name, emoji_code } = event;
      const next = { ...status.get(event.user_id), ...(status_text !== undefined && { status_text }) };
      if (emoji_name !== undefined) Object.assign(next, { emoji_name, emoji_code });
      if (next.status_text || next.emoji_name) status.set(event.user_id, next);
      else status.delete(event.user_id);
      return { ...people, status };
    }
    default:
      return people;
  }
}

/** Up to two letters that stand for a person without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}
