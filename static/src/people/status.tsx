// One's own status: a few words and an emoji.

import { useState } from "preact/hooks";
import { setStatus } from "../api/organization";
import type { ApiUserStatus } from "../api/types";
import { signalError } from "../app/feedback";
import { openEmojiPicker } from "../app/overlays";
import { me, people } from "../app/state";
import { Dialog } from "../dom/dialog";
import { characters } from "../emoji/data";
import { emojiByName } from "../emoji/events";
import { type Key, t } from "../i18n";

/** What people mostly say. */
const SUGGESTIONS: readonly (readonly [Key, string])[] = [
  ["status.busy", "working_on_it"],
  ["status.meeting", "calendar"],
  ["status.break", "coffee"],
  ["status.sick", "face_with_thermometer"],
  ["status.away", "palm_tree"],
];

const MOST = 60;

export function StatusDialog({ close }: { close(): void }) {
  const [status, change] = useState<ApiUserStatus>(people.value.status.get(me.value) ?? {});
  const save = async (next: ApiUserStatus) => {
    close();
    const { status_text = "", emoji_name = "", emoji_code = "", reaction_type = "" } = next;
    await setStatus({ status_text, emoji_name, emoji_code, reaction_type }).catch(signalError);
  };
  const withEmoji = (name: string, text: string): ApiUserStatus => {
    const emoji = emojiByName(name);
    if (!emoji) return { status_text: text };
    return { status_text: text, emoji_name: emoji.name, emoji_code: emoji.code, reaction_type: emoji.type };
  };
  const glyph = status.emoji_code && status.reaction_type === "unicode_emoji" ? characters(status.emoji_code) : "";
  return (
    <Dialog label={t("status.set")} onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save(status);
        }}
      >
        <h2>{t("status.set")}</h2>
        <div class="status-line">
          <button
            type="button"
            class="button"
            aria-label={t("status.emoji")}
            onClick={(event) =>
              openEmojiPicker(event.currentTarget, (one) =>
                change({ ...status, emoji_name: one.name, emoji_code: one.code, reaction_type: one.type }),
              )
            }
          >
            {glyph || "☺"}
          </button>
          <input
            aria-label={t("status.text")}
            placeholder={t("status.text")}
            maxLength={MOST}
            value={status.status_text ?? ""}
            onInput={(event) => change({ ...status, status_text: event.currentTarget.value })}
          />
        </div>
        <div class="chips">
          {SUGGESTIONS.map(([key, emoji]) => (
            <button key={key} type="button" class="button" onClick={() => change(withEmoji(emoji, t(key)))}>
              {t(key)}
            </button>
          ))}
        </div>
        <div class="form-buttons">
          <button type="button" class="button" onClick={() => void save({})}>
            {t("status.clear")}
          </button>
          <span class="spacer" />
          <button type="submit" class="button primary">
            {t("edit.save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
