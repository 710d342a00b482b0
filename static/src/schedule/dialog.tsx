// Choosing the time at which a message goes out.

import { useState } from "preact/hooks";
import { Dialog } from "../dom/dialog";
import { FormError } from "../dom/forms";
import { language, t } from "../i18n";
import { fieldValue, parseTime, usualTimes } from "./data";
import { labelOf } from "./events";

const MINUTE = 60_000;

interface Props {
  title?: string;
  at?: number;
  choose(at: number): void;
  close(): void;
}

export function ScheduleDialog({ title = t("schedule.title"), at, choose, close }: Props) {
  const first = at === undefined ? usualTimes(new Date())[0] : new Date(at * 1000);
  const [field, setField] = useState(first ? fieldValue(first) : "");
  const [words, setWords] = useState("");
  const [error, setError] = useState("");
  const date = new Date(field);
  const onWords = (text: string) => {
    setWords(text);
    const parsed = parseTime(text, new Date(), language.value);
    if (parsed) setField(fieldValue(parsed));
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (!(date.getTime() > Date.now() + MINUTE)) return setError(t("schedule.past"));
    close();
    choose(Math.floor(date.getTime() / 1000));
  };
  return (
    <Dialog label={title} onClose={close}>
      <form class="form" onSubmit={submit}>
        <h2>{title}</h2>
        <FormError text={error} />
        <label>
          {t("schedule.words")}
          <input
            value={words}
            placeholder={t("schedule.wordsHint")}
            onInput={(event) => onWords(event.currentTarget.value)}
          />
        </label>
        <label>
          {t("schedule.exactly")}
          <input
            type="datetime-local"
            required
            value={field}
            onInput={(event) => setField(event.currentTarget.value)}
          />
        </label>
        <p aria-live="polite">{Number.isNaN(date.getTime()) ? "" : labelOf(date.getTime() / 1000)}</p>
        <div class="form-buttons">
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {t("schedule.choose")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
