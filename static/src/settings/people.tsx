// Whom and what one wants to hear: muted people, words to watch for.

import { useState } from "preact/hooks";
import { addAlertWords, removeAlertWords } from "../api/organization";
import { signalError, withUndo } from "../app/feedback";
import { people } from "../app/state";
import { Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { setMuted } from "../people/card";
import { Avatar } from "../people/ui";
import { wordsOf } from "./data";
import { alertWords } from "./events";

function AlertWords() {
  const [text, setText] = useState("");
  const add = (event: Event) => {
    event.preventDefault();
    const words = wordsOf(text, alertWords.value);
    setText("");
    if (words.length > 0) addAlertWords(words).catch(signalError);
  };
  const remove = (word: string) =>
    withUndo(
      () => removeAlertWords([word]),
      t("entries.removed", { name: word }),
      () => addAlertWords([word]),
    );
  return (
    <form class="form" onSubmit={add}>
      <h3>{t("settings.alertWords")}</h3>
      <p>{t("settings.alertWordsAbout")}</p>
      <span class="pills">
        {alertWords.value.map((word) => (
          <span class="pill" key={word}>
            {word}
            <button
              type="button"
              aria-label={t("compose.removePerson", { name: word })}
              onClick={() => void remove(word)}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
      </span>
      <span class="status-line">
        <input
          aria-label={t("settings.alertWordsAdd")}
          placeholder={t("settings.alertWordsAdd")}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          {t("stream.add")}
        </button>
      </span>
    </form>
  );
}

function Muted() {
  const muted = [...people.value.muted].flatMap((id) => people.value.byId.get(id) ?? []);
  return (
    <section class="form">
      <h3>{t("settings.muted")}</h3>
      {muted.length === 0 && <p>{t("settings.mutedNobody")}</p>}
      <ul class="people-list">
        {muted.map((one) => (
          <li key={one.id}>
            <Avatar person={one} /> <span class="spacer-name">{one.name}</span>
            <IconButton
              icon="close"
              label={t("settings.unmute", { name: one.name })}
              onClick={() => void setMuted(one, false)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function PeopleSettings() {
  return (
    <>
      <AlertWords />
      <Muted />
    </>
  );
}
