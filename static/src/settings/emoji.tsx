// The organisation's own emoji.

import { useRef, useState } from "preact/hooks";
import * as organization from "../api/organization";
import { notify, signalError } from "../app/feedback";
import { confirm } from "../app/overlays";
import { isAdmin, isGuest, realmEmoji } from "../app/state";
import { Empty, IconButton } from "../dom/ui";
import { emojiName } from "../emoji/data";
import { t } from "../i18n";

function Add() {
  const [name, setName] = useState("");
  const [file, setFile] = useState<File>();
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!file) return;
    setBusy(true);
    try {
      await organization.addEmoji(emojiName(name), file);
      setName("");
      setFile(undefined);
      if (input.current) input.current.value = "";
    } catch (error) {
      signalError(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={submit}>
      <h3>{t("customEmoji.add")}</h3>
      <label>
        {t("customEmoji.picture")}
        <input
          ref={input}
          required
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            setFile(chosen);
            if (chosen && name === "") setName(emojiName(chosen.name.replace(/\.[^.]*$/, "")));
          }}
        />
      </label>
      <label>
        {t("customEmoji.name")}
        <input required maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <div class="form-buttons">
        <button type="submit" class="button primary" disabled={busy || !file || emojiName(name) === ""}>
          {t("customEmoji.upload")}
        </button>
      </div>
    </form>
  );
}

async function remove(name: string): Promise<void> {
  try {
    await organization.removeEmoji(name);
    notify(t("customEmoji.removed", { name: `:${name}:` }));
  } catch (error) {
    signalError(error);
  }
}

/** Its picture would have to be uploaded again. */
function askToRemove(name: string): void {
  const title = t("customEmoji.removeTitle", { name: `:${name}:` });
  confirm(title, t("customEmoji.removeText"), t("customEmoji.removeAct"), () => void remove(name));
}

export function EmojiSettings() {
  const all = [...realmEmoji.value].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="form">
      {all.length === 0 && (
        <Empty icon="smile" title={t("customEmoji.none")}>
          {t("customEmoji.what")}
        </Empty>
      )}
      <ul class="people-list">
        {all.map((one) => (
          <li key={one.id}>
            <img class="emoji" src={one.source_url} alt="" />
            <span class="spacer-name">:{one.name}:</span>
            {isAdmin.value && (
              <IconButton
                icon="trash"
                label={t("customEmoji.remove", { name: one.name })}
                onClick={() => askToRemove(one.name)}
              />
            )}
          </li>
        ))}
      </ul>
      {!isGuest.value && <Add />}
    </div>
  );
}
