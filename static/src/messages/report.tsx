// Telling those who look after the organisation what is wrong with a message.

import { useState } from "preact/hooks";
import { reportMessage } from "../api/calls";
import type { MessageId } from "../api/types";
import { notify, signalError } from "../app/feedback";
import { realm } from "../app/state";
import { Dialog } from "../dom/dialog";
import { type Key, t } from "../i18n";

const MAX_TEXT = 1000;
/** Says nothing by itself: it has to be explained. */
const OTHER = "other";

export function ReportMessage({ id, close }: { id: MessageId; close(): void }) {
  const kinds = realm.value.reportTypes;
  const [kind, setKind] = useState(kinds[0] ?? OTHER);
  const [text, setText] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await reportMessage(id, kind, text.trim());
      close();
      notify(t("report.sent"));
    } catch (error) {
      signalError(error);
    }
  };
  return (
    <Dialog label={t("report.title")} onClose={close}>
      <form class="form" onSubmit={submit}>
        <h2>{t("report.title")}</h2>
        <label>
          {t("report.why")}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {t(`report.${one}` as Key)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("report.more")}
          <textarea
            rows={3}
            maxLength={MAX_TEXT}
            required={kind === OTHER}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div class="form-buttons">
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {t("report.send")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
