// The files one has uploaded: how large, in which messages, and away with them.

import { signal } from "@preact/signals";
import { getAttachments, removeAttachment } from "../api/account";
import type { Attachment } from "../api/generated";
import { signalError } from "../app/feedback";
import { confirm, overlay } from "../app/overlays";
import { onEvent } from "../app/state";
import { useFetched, Waiting } from "../dom/fetched";
import { Empty, IconButton } from "../dom/ui";
import { language, t } from "../i18n";
import { dayName } from "../messages/time";
import { applyFiles, sizeText } from "../uploads/data";

const files = signal<readonly Attachment[] | undefined>(undefined);
onEvent((event) => {
  if (event.type === "attachment" && files.peek()) files.value = applyFiles(files.peek() ?? [], event);
});

function remove({ id, name }: Attachment): void {
  confirm(t("files.removeTitle", { name }), t("files.removeText"), t("files.removeAct"), () => {
    void removeAttachment(id).catch(signalError);
  });
}

function File({ file }: { file: Attachment }) {
  const day = (milliseconds: number) => dayName(milliseconds / 1000, Date.now() / 1000);
  return (
    <li>
      <span class="spacer-name">
        <a href={`/user_uploads/${file.path_id}`} target="_blank" rel="noopener noreferrer">
          {file.name}
        </a>{" "}
        <small>
          {sizeText(file.size, language.value)} · {day(file.create_time)}
          {file.messages.length === 0 && ` · ${t("files.unused")}`}
        </small>
        {file.messages.map((one) => (
          <small key={one.id}>
            {" · "}
            <a
              href={`#narrow/id/${one.id}`}
              onClick={() => {
                overlay.value = undefined;
              }}
            >
              {t("files.message", { day: day(one.date_sent) })}
            </a>
          </small>
        ))}
      </span>
      <IconButton icon="trash" label={t("files.remove", { name: file.name })} onClick={() => remove(file)} />
    </li>
  );
}

export function FileSettings() {
  const fetched = useFetched(async () => {
    files.value = (await getAttachments()).attachments;
  });
  const all = files.value;
  if (!all) return <Waiting of={fetched} rows={4} />;
  if (all.length === 0) return <Empty icon="clip" title={t("files.none")} />;
  const size = sizeText(
    all.reduce((sum, one) => sum + one.size, 0),
    language.value,
  );
  return (
    <div class="form">
      <p>{t("files.total", { count: all.length, size })}</p>
      <ul class="people-list">
        {[...all]
          .sort((a, b) => b.create_time - a.create_time)
          .map((one) => (
            <File key={one.id} file={one} />
          ))}
      </ul>
    </div>
  );
}
