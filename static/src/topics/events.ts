// What can be done with a whole topic.

import * as calls from "../api/calls";
import { ApiError } from "../api/client";
import * as organization from "../api/organization";
import type { MessageId } from "../api/types";
import { signalError, withUndo } from "../app/feedback";
import { conversation, go } from "../app/route";
import * as state from "../app/state";
import { t } from "../i18n";
import { type Place, samePlace } from "../messages/model";
import { narrowTo, toggleResolved } from "../narrow/data";
import { toApi } from "../narrow/terms";
import { POLICY, policyOf } from "./data";

export type TopicPlace = Extract<Place, { kind: "stream" }>;

/** Any message of the topic: moving a topic is moving from one of its messages. */
export async function someMessage(place: TopicPlace): Promise<MessageId | undefined> {
  for (const one of state.messages.peek().byId.values()) {
    if (!one.echo && samePlace(one.place, place)) return one.id;
  }
  const { messages } = await calls.getRawMessages(toApi(narrowTo(place)), 1);
  return messages.at(-1)?.id;
}

/** Whether the topics that messages leave and reach are told of it. */
export type Notices = Pick<calls.Edit, "send_notification_to_old_thread" | "send_notification_to_new_thread">;

/** Renames or moves a whole topic. Who reads it goes along. */
export async function moveTopic(place: TopicPlace, to: TopicPlace, notices: Notices = {}): Promise<void> {
  const id = await someMessage(place);
  if (id === undefined) throw new ApiError(t("topic.empty"), "EMPTY", 400);
  const here = conversation.peek();
  await calls.editMessage(id, {
    propagate_mode: "change_all",
    ...notices,
    ...(to.topic !== place.topic && { topic: to.topic }),
    ...(to.streamId !== place.streamId && { stream_id: to.streamId }),
  });
  if (here && samePlace(here, place)) go(to);
}

/** Marks as resolved, or as not resolved again. */
export async function toggleTopicResolved(place: TopicPlace): Promise<void> {
  const to = { ...place, topic: toggleResolved(place.topic) };
  try {
    await moveTopic(place, to);
  } catch (error) {
    signalError(error);
  }
}

function policyText(policy: number): string {
  if (policy === POLICY.muted) return t("topic.mutedNow");
  if (policy === POLICY.followed) return t("topic.followedNow");
  return policy === POLICY.unmuted ? t("topic.unmutedNow") : t("topic.defaultNow");
}

/** Sets what one wants to hear of a topic; for a moment it can be undone. */
export async function setPolicy({ streamId, topic }: TopicPlace, policy: number): Promise<void> {
  const before = policyOf(state.topics.peek(), streamId, topic);
  if (before === policy) return;
  const set = (to: number) => calls.setTopicPolicy(streamId, topic, to);
  await withUndo(
    () => set(policy),
    policyText(policy),
    () => set(before),
  );
}

/** Deletes a topic with all its messages, in as many requests as the server wants. */
export async function deleteTopic({ streamId, topic }: TopicPlace): Promise<void> {
  try {
    while (!(await organization.deleteTopic(streamId, topic)).complete);
  } catch (error) {
    signalError(error);
  }
}

/** Marks the unread messages of some conversations as read; for a moment it can be undone. */
export async function markPlacesRead(belongs: (place: Place) => boolean): Promise<void> {
  const ids = [...state.unread.peek().places].filter(([, place]) => belongs(place)).map(([id]) => id);
  if (ids.length === 0) return;
  await withUndo(
    () => organization.markRead(ids, "add"),
    t("read.done", { count: ids.length }),
    () => organization.markRead(ids, "remove"),
  );
}
