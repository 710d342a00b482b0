// Renaming a topic, or moving it to another stream, as a whole.

import { useState } from "preact/hooks";
import { realm, streams } from "../app/state";
import { Dialog } from "../dom/ui";
import { t } from "../i18n";
import { byName } from "../streams/data";
import { moveTopic, type TopicPlace } from "./events";

export function RenameTopic({ place, close }: { place: TopicPlace; close(): void }) {
  const [topic, setTopic] = useState(place.topic);
  const [streamId, setStream] = useState(place.streamId);
  const [error, setError] = useState("");
  const own = [...streams.value.values()].filter((one) => one.isSubscribed && !one.isArchived).sort(byName);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (topic.trim() === place.topic && streamId === place.streamId) return close();
    try {
      await moveTopic(place, { ...place, streamId, topic: topic.trim() });
      close();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <Dialog label={t("topic.rename")} onClose={close}>
      <form class="form" onSubmit={submit}>
        <h2>{t("topic.rename")}</h2>
        {error && (
          <p class="form-error" role="alert">
            {error}
          </p>
        )}
        <label>
          {t("compose.topic")}
          <input
            value={topic}
            maxLength={realm.value.maxTopicLength}
            required={realm.value.topicsMandatory}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
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
        <div class="form-buttons">
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {t("edit.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
