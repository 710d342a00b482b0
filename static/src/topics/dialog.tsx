// Where messages go: renaming a topic or moving it as a whole, or moving messages out of it.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Edit, editMessage } from "../api/calls";
import { reasonOf } from "../app/feedback";
import { realm, streams } from "../app/state";
import { Dialog } from "../dom/dialog";
import { FormError } from "../dom/forms";
import { t } from "../i18n";
import type { Message } from "../messages/model";
import { isResolved, toggleResolved } from "../narrow/data";
import { Check } from "../settings/controls";
import { destinations } from "../streams/data";
import { moveTopic, type Notices, type TopicPlace } from "./events";

interface Props {
  title: string;
  act: string;
  place: TopicPlace;
  close(): void;
  /** Resolves when done; what it throws is shown, and the dialog stays. */
  save(to: TopicPlace, notices: Notices): Promise<unknown>;
  children?: ComponentChildren;
  /** A button at the other end of the row: does its work, then the dialog closes. */
  other?: { label: string; run(): Promise<unknown> };
}

function PlaceDialog({ title, act, place, close, save, children, other }: Props) {
  const [topic, setTopic] = useState(place.topic);
  const [streamId, setStream] = useState(place.streamId);
  const [tellOld, setTellOld] = useState(false);
  const [tellNew, setTellNew] = useState(true);
  const [error, setError] = useState("");
  const own = destinations(streams.value, place.streamId);
  const run = async (work: () => Promise<unknown>) => {
    try {
      await work();
      close();
    } catch (problem) {
      setError(reasonOf(problem));
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void run(() =>
      save(
        { ...place, streamId, topic: topic.trim() },
        { send_notification_to_old_thread: tellOld, send_notification_to_new_thread: tellNew },
      ),
    );
  };
  return (
    <Dialog label={title} onClose={close}>
      <form class="form" onSubmit={submit}>
        <h2>{title}</h2>
        <FormError text={error} />
        <label>
          {t("compose.stream")}
          <select value={String(streamId)} onChange={(event) => setStream(Number(event.currentTarget.value))}>
            {own.map((one) => (
              <option key={one.id} value={String(one.id)}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("compose.topic")}
          <input
            value={topic}
            maxLength={realm.value.maxTopicLength}
            required={realm.value.topicsMandatory}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        {children}
        <Check checked={tellOld} change={setTellOld}>
          {t("move.tellOld")}
        </Check>
        <Check checked={tellNew} change={setTellNew}>
          {t("move.tellNew")}
        </Check>
        <div class="form-buttons">
          {other && (
            <>
              <button type="button" class="button" onClick={() => void run(other.run)}>
                {other.label}
              </button>
              <span class="spacer" />
            </>
          )}
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {act}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function RenameTopic({ place, close }: { place: TopicPlace; close(): void }) {
  const save = async (to: TopicPlace, notices: Notices) => {
    if (to.topic !== place.topic || to.streamId !== place.streamId) await moveTopic(place, to, notices);
  };
  return <PlaceDialog title={t("topic.rename")} act={t("edit.save")} place={place} close={close} save={save} />;
}

/** Moves a message, those after it, or all of its topic. */
export function MoveMessages({ message, close }: { message: Message; close(): void }) {
  const [mode, setMode] = useState<NonNullable<Edit["propagate_mode"]>>("change_later");
  const { place } = message;
  if (place.kind !== "stream") return null;
  const save = (to: TopicPlace, notices: Notices) =>
    editMessage(message.id, {
      propagate_mode: mode,
      ...notices,
      ...(to.topic !== place.topic && { topic: to.topic }),
      ...(to.streamId !== place.streamId && { stream_id: to.streamId }),
    });
  const resolve = () => editMessage(message.id, { topic: toggleResolved(place.topic), propagate_mode: "change_all" });
  return (
    <PlaceDialog
      title={t("menu.move")}
      act={t("move.do")}
      place={place}
      close={close}
      save={save}
      other={{ label: isResolved(place.topic) ? t("topic.unresolve") : t("topic.resolve"), run: resolve }}
    >
      <label>
        {t("move.which")}
        <select value={mode} onChange={(event) => setMode(event.currentTarget.value as typeof mode)}>
          <option value="change_one">{t("move.one")}</option>
          <option value="change_later">{t("move.later")}</option>
          <option value="change_all">{t("move.all")}</option>
        </select>
      </label>
    </PlaceDialog>
  );
}
