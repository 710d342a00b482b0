// The bots that one manages: one's own, and an administrator's all.

import type { ServerEvent } from "../api/events";
import type { UserId } from "../api/types";

export interface Bot {
  user_id: UserId;
  full_name: string;
  email: string;
  bot_type: number | null;
  is_active: boolean;
  /** "" when there is none any more. */
  api_key: string;
  owner_id: UserId | null;
}

export type Bots = ReadonlyMap<UserId, Bot>;

/** What a bot is for: to call the API, or to post what another service tells. */
export const BOT_TYPES = { generic: 1, webhook: 2 } as const;
export type BotType = keyof typeof BOT_TYPES;

export function botType(value: number | null): BotType | undefined {
  return (Object.keys(BOT_TYPES) as BotType[]).find((one) => BOT_TYPES[one] === value);
}

export function botsFrom(all: readonly Bot[]): Bots {
  return new Map(all.map((one) => [one.user_id, one]));
}

export function apply(bots: Bots, event: ServerEvent): Bots {
  if (event.type !== "realm_bot") return bots;
  const next = new Map(bots);
  if (event.op === "add") next.set(event.bot.user_id, event.bot);
  else if (event.op === "delete") next.delete(event.bot.user_id);
  else {
    const known = next.get(event.bot.user_id);
    if (!known) return bots;
    next.set(known.user_id, { ...known, ...event.bot });
  }
  return next;
}

/** Those that work come first, each by name. */
export function inOrder(bots: Bots): Bot[] {
  return [...bots.values()].sort(
    (a, b) => Number(b.is_active) - Number(a.is_active) || a.full_name.localeCompare(b.full_name),
  );
}

/** Which kinds one may make: `policy` is the organisation's bot_creation_policy. */
export function mayMake(policy: unknown, isAdmin: boolean, isGuest: boolean): readonly BotType[] {
  if (isGuest) return [];
  if (isAdmin || policy === 1) return ["generic", "webhook"];
  return policy === 2 ? ["webhook"] : [];
}

/** What programs read to log in as the bot. */
export function configFile(bot: Bot, site: string): string {
  return `[api]\nemail=${bot.email}\nkey=${bot.api_key}\nsite=${site}\n`;
}
