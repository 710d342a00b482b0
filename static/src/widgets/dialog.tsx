// Making a poll or a to-do list. They are messages that begin with a command.

import { useState } from "preact/hooks";
import { compose, setText } from "../compose/events";
import { Dialog } from "../dom/dialog";
import { t } from "../i18n";
import { pollText, todoText } from "./data";

export function NewWidget({ widget, close }: { widget: "poll" | "todo"; close(): void }) {
  const [title, setTitle] = useState("");
  const [lines, setLines] = useState("");
  const poll = widget === "poll";
  const submit = (event: Event) => {
    event.preventDefault();
    close();
    setText(poll ? pollText(title, lines) : todoText(title, lines));
    compose.value = { ...compose.peek(), focus: compose.peek().focus + 1 };
  };
  return (
    <Dialog label={t(`compose.${widget}`)} onClose={close}>
      <form class="form" onSubmit={submit}>
        <h2>{t(`compose.${widget}`)}</h2>
        {compose.value.text.trim() !== "" && <p class="form-error">{t("widget.replaces")}</p>}
        <label>
          {poll ? t("poll.question") : t("todo.title")}
          <input required={poll} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </label>
        <label>
          {poll ? t("poll.options") : t("todo.tasks")}
          <textarea rows={6} value={lines} onInput={(event) => setLines(event.currentTarget.value)} />
        </label>
        <div class="form-buttons">
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {t("widget.make")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
