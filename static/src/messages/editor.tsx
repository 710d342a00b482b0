// Editing a message where it stands.

import { render } from "preact";
import { useRef, useState } from "preact/hooks";
import { type Editing, editing, saveEdit } from "../compose/events";
import { Textarea, type TextareaHandle } from "../compose/textarea";
import { t } from "../i18n";
import { isWaitingForFiles, upload } from "../uploads/events";
import type { Message } from "./model";

function Editor({ start, message }: { start: Editing; message: Message }) {
  const [text, setText] = useState(start.raw);
  const cancel = () => {
    editing.value = undefined;
  };
  const handle = useRef<TextareaHandle | undefined>(undefined);
  const latest = useRef(text);
  latest.current = text;
  const attach = (files: Iterable<File>) => {
    const at = handle.current?.element.selectionEnd ?? text.length;
    upload(files, { caret: () => at, read: () => latest.current, write });
  };
  const write = (next: string) => {
    latest.current = next;
    setText(next);
  };
  const save = () => {
    // What was typed last may not have been drawn yet.
    if (!isWaitingForFiles(latest.current)) void saveEdit(latest.current);
  };
  return (
    <div class="editor">
      <Textarea
        value={text}
        label={t("edit.label")}
        place={message.place}
        onChange={write}
        onSubmit={save}
        onEscape={cancel}
        onFiles={attach}
        handle={(one) => {
          handle.current = one;
          const { element } = one;
          element.focus();
          element.setSelectionRange(element.value.length, element.value.length);
        }}
      />
      <div class="editor-buttons">
        <button type="button" class="button primary" onClick={save}>
          {t("edit.save")}
        </button>
        <button type="button" class="button" onClick={cancel}>
          {t("cancel")}
        </button>
      </div>
    </div>
  );
}

let open: { start: Editing; host: HTMLElement } | undefined;

/** The editor's element, to stand in a row in place of the content. It outlives the row, which is built anew whenever
 * something about the message changes (somebody reacts, say): what was typed stays. */
export function editorFor(start: Editing, message: Message): HTMLElement {
  if (open?.start === start) return open.host;
  if (open) render(null, open.host);
  const host = document.createElement("div");
  open = { start, host };
  render(<Editor start={start} message={message} />, host);
  return host;
}
