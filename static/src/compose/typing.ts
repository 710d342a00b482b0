// Telling others that one is writing to them.

import * as calls from "../api/calls";
import * as state from "../app/state";
import type { Target } from "./data";

let noticeKey = "";
let noticeAt = 0;
let stopTimer: ReturnType<typeof setTimeout> | undefined;
let noticeFor: calls.Destination | undefined;

/** A target as the API names it. */
export function destination(target: Target): calls.Destination {
  return target.kind === "dm"
    ? { type: "direct", to: target.ids }
    : { type: "stream", to: target.streamId ?? 0, topic: target.topic.trim() };
}

function mayNotify(target: Target): boolean {
  const { send_private_typing_notifications: direct, send_stream_typing_notifications: stream } = state.settings.peek();
  if (target.kind === "dm") return target.ids.length > 0 && target.ids[0] !== state.me.peek() && direct !== false;
  return target.streamId !== undefined && stream !== false;
}

/** To be called at every key; the server hears of it only as often as it asked for. */
export function startTyping(target: Target): void {
  if (!mayNotify(target)) return;
  const { startedWait, stoppedWait } = state.realm.peek().typing;
  const key = JSON.stringify(target);
  if (key !== noticeKey) stopTyping();
  if (key !== noticeKey || Date.now() - noticeAt > startedWait) {
    noticeKey = key;
    noticeAt = Date.now();
    noticeFor = destination(target);
    void calls.setTyping("start", noticeFor).catch(() => undefined);
  }
  clearTimeout(stopTimer);
  stopTimer = setTimeout(stopTyping, stoppedWait);
}

export function stopTyping(): void {
  clearTimeout(stopTimer);
  if (noticeFor) void calls.setTyping("stop", noticeFor).catch(() => undefined);
  noticeKey = "";
  noticeFor = undefined;
}
