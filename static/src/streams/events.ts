// What can be done with a stream.

import * as calls from "../api/calls";
import * as organization from "../api/organization";
import { notify, signalError, withUndo } from "../app/feedback";
import { t } from "../i18n";
import type { Stream } from "./data";

/** One's own settings of a stream, as the API names them. */
export type OwnProperty =
  | "color"
  | "is_muted"
  | "pin_to_top"
  | "desktop_notifications"
  | "audible_notifications"
  | "push_notifications"
  | "email_notifications"
  | "wildcard_mentions_notify";

export async function setOwn(stream: Stream, property: OwnProperty, value: unknown): Promise<void> {
  await calls.setSubscriptionProperty(stream.id, property, value).catch(signalError);
}

export async function toggleMuted(stream: Stream): Promise<void> {
  const set = (muted: boolean) => calls.setSubscriptionProperty(stream.id, "is_muted", muted);
  await withUndo(
    () => set(!stream.isMuted),
    t(stream.isMuted ? "stream.unmutedNow" : "stream.mutedNow", { name: stream.name }),
    () => set(stream.isMuted),
  );
}

export async function join(stream: Stream): Promise<void> {
  await calls.subscribe([{ name: stream.name }]).catch(signalError);
}

/** Leaves a stream. Coming back is one click away, unless it is private. */
export async function leave(stream: Stream): Promise<void> {
  try {
    await calls.unsubscribe([stream.name]);
    const undo = { label: t("undo"), run: () => void join(stream) };
    notify(t("stream.left", { name: stream.name }), "info", stream.isPrivate ? undefined : undo);
  } catch (error) {
    signalError(error);
  }
}

/** Archives a stream, or brings it back. */
export async function setArchived(stream: Stream, archived: boolean): Promise<void> {
  const revive = () => organization.updateStream(stream.id, { is_archived: false });
  if (archived)
    await withUndo(() => organization.archiveStream(stream.id), t("stream.archived", { name: stream.name }), revive);
  else await revive().catch(signalError);
}
