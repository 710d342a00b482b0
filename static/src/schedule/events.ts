// Messages that the server sends later.

import { signal } from "@preact/signals";
import type { Destination } from "../api/calls";
import type { ServerEvent } from "../api/events";
import * as calls from "../api/later";
import type { Register } from "../api/types";
import { notify, signalError } from "../app/feedback";
import { go } from "../app/route";
import { settings } from "../app/state";
import { language, t } from "../i18n";
import { apply, inOrder, type Scheduled, timeLabel } from "./data";

export const scheduled = signal<Scheduled>([]);

export function loadScheduled(state: Register): void {
  scheduled.value = inOrder(state.scheduled_messages ?? []);
}

export function applyScheduled(event: ServerEvent): void {
  if (event.type === "scheduled_messages") scheduled.value = apply(scheduled.peek(), event);
}

export const labelOf = (seconds: number): string =>
  timeLabel(new Date(seconds * 1000), language.value, settings.value.twenty_four_hour_time);

/** Schedules a text. Returns whether the server took it. */
export async function schedule(to: Destination, content: string, at: number): Promise<boolean> {
  try {
    const { scheduled_message_id } = await calls.scheduleMessage(to, content, at);
    notify(t("schedule.done", { time: labelOf(at) }), "info", {
      label: t("schedule.show"),
      run: () => go("#scheduled"),
    });
    return scheduled_message_id > 0;
  } catch (error) {
    signalError(error);
    return false;
  }
}

export async function reschedule(id: number, at: number): Promise<void> {
  await calls.rescheduleMessage(id, at).catch(signalError);
}

/** Returns whether it is gone. */
export async function unschedule(id: number): Promise<boolean> {
  try {
    await calls.deleteScheduled(id);
    return true;
  } catch (error) {
    signalError(error);
    return false;
  }
}
