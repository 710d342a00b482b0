// Making a stream, with the people who read it from the start.

import { effect } from "@preact/signals";
import { useState } from "preact/hooks";
import { subscribe } from "../api/calls";
import type { UserId } from "../api/types";
import { go } from "../app/route";
import { me, realm, streams } from "../app/state";
import { Dialog } from "../dom/dialog";
import { SavedForm } from "../dom/forms";
import { t } from "../i18n";
import { narrowToStream } from "../narrow/data";
import { PeoplePicker } from "../people/picker";
import { Check } from "../settings/controls";
import { type Privacy, privacyParams, streamByName } from "./data";
import { PrivacyChoice, StreamFields } from "./fields";

/** How long the news of what was just made may take. */
const SOON_MS = 10_000;

/** Goes to a channel as soon as the client has heard of it: that may come after the answer. */
function goWhenKnown(name: string): void {
  const stop = effect(() => {
    const made = streamByName(streams.value, name);
    if (!made) return;
    go(narrowToStream(made.id));
    queueMicrotask(() => stop());
  });
  setTimeout(stop, SOON_MS);
}

export function NewStreamDialog({ close }: { close(): void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [privacy, setPrivacy] = useState<Privacy>("public");
  const [people, setPeople] = useState<readonly UserId[]>([]);
  const [announce, setAnnounce] = useState(true);
  const mayAnnounce =
    !privacy.startsWith("private") && Number(realm.value.decided.new_stream_announcements_stream_id) > 0;
  const create = async () => {
    if (streamByName(streams.peek(), name.trim())) throw new Error(t("stream.taken"));
    const { is_private, is_web_public, history_public_to_subscribers } = privacyParams(privacy);
    await subscribe([{ name: name.trim(), description }], {
      invite_only: is_private,
      is_web_public,
      history_public_to_subscribers,
      announce: announce && mayAnnounce,
      principals: [me.peek(), ...people],
    });
    close();
    goWhenKnown(name.trim());
  };
  const cancel = (
    <button type="button" class="button" onClick={close}>
      {t("cancel")}
    </button>
  );
  return (
    <Dialog label={t("stream.create")} onClose={close}>
      <h2>{t("stream.create")}</h2>
      <SavedForm save={create} act={t("stream.create")} beside={cancel}>
        <StreamFields name={name} setName={setName} description={description} setDescription={setDescription} />
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
      </SavedForm>
    </Dialog>
  );
}
