// The calls about bots.

import type { Bot } from "../bots/data";
import { request } from "./client";
import type { UserId } from "./types";

export const createBot = (full_name: string, short_name: string, bot_type: number) =>
  request<Bot>("POST", "/bots", { full_name, short_name, bot_type });
export const updateBot = (id: UserId, changes: { full_name?: string; bot_owner_id?: UserId }) =>
  request("PATCH", `/bots/${id}`, { ...changes });
export const deactivateBot = (id: UserId) => request("DELETE", `/bots/${id}`);
export const newBotKey = (id: UserId) => request<{ api_key: string }>("POST", `/bots/${id}/api_key/regenerate`);
