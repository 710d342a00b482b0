// Making a stream, with the people who read it from the start.

import { useState } from "preact/hooks";
import { subscribe } from "../api/calls";
import type { UserId } from "../api/types";
import { go } from "../app/route";
import { me, realm, streams } from "../app/state";
import { Dialog } from "../dom/ui";
import { t } from "../i18n";
import { narrowToStream } from "../narrow/data";
import { PeoplePicker } from "../people/picker";
import { Check } from "../settings/controls";
import { type Privacy, privacyParams, streamByName } from "./data";
import { PrivacyChoice } from "./privacy";

export function NewStreamDialog({ close }: { close(): void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [privacy, setPrivacy] = useState<Privacy>("public");
  const [people, setPeople] = useState<readonly UserId[]>([]);
  const [announce, setAnnounce] = useState(true);
  const [error, setError] = useState("");
  const mayAnnounce =
    !privacy.startsWith("private") && Number(realm.value.decided.new_stream_announcements_stream_id) > 0;
  const create = async (event: Event) => {
    event.preventDefault();
    if (streamByName(streams.peek(), name.trim())) return setError(t("stream.taken"));
    const { is_private, is_web_public, history_public_to_subscribers } = privacyParams(privacy);
    try {
      await subscribe([{ name: name.trim(), description }], {
        invite_only: is_private,
        is_web_public,
        history_public_to_subscribers,
        announce: announce && mayAnnounce,
        principals: [me.peek(), ...people],
      });
      close();
      const made = streamByName(streams.peek(), name.trim());
      if (made) go(narrowToStream(made.id));
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <Dialog label={t("stream.create")} onClose={close}>
      <form class="form" onSubmit={create}>
        <h2>{t("stream.create")}</h2>
        {error && (
          <p class="form-error" role="alert">
            {error}
          </p>
        )}
        <label>
          {t("stream.name")}
          <input required maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          {t("stream.description")}
          <input maxLength={1024} value={description} onInput={(event) => setDescription(event.currentTarget.value)} />
        </label>
        <PrivacyChoice value={privacy} choose={setPrivacy} />
        {mayAnnounce && (
          <Check checked={announce} change={setAnnounce}>
            {t("stream.announce")}
          </Check>
        )}
        <div class="field">
          <span>{t("stream.people")}</span>
          <PeoplePicker label={t("stream.addPeople")} chosen={people} without={[me.value]} change={setPeople} />
        </div>
        <div class="form-buttons">
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {t("stream.create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
