// What is written and not sent: scheduled messages, then drafts.

import { go } from "../app/route";
import { me, now, streams } from "../app/state";
import type { Target } from "../compose/data";
import { openCompose } from "../compose/events";
import { Empty, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveAround } from "../keyboard/focus";
import { peopleNames, topicName } from "../messages/row";
import { relative } from "../messages/time";
import { scheduled } from "../schedule/events";
import { ScheduledList } from "../schedule/ui";
import { newestFirst } from "./data";
import { deleteDraft, drafts } from "./events";

/** Where a text would go, in words. */
export function targetLabel(target: Target): string {
  if (target.kind === "dm") return target.ids.length > 0 ? peopleNames(target.ids) : t("nav.dms");
  const stream = target.streamId === undefined ? undefined : streams.value.get(target.streamId);
  return `${stream ? `#${stream.name}` : t("compose.chooseStream")} › ${topicName(target.topic)}`;
}

function open(target: Target): void {
  if (target.kind === "dm" && target.ids.length > 0) go({ kind: "dm", ids: target.ids });
  if (target.kind === "stream" && target.streamId !== undefined) {
    go({ kind: "stream", streamId: target.streamId, topic: target.topic });
  }
  openCompose(target);
}

function DraftList() {
  if (drafts.value.length === 0) return null;
  return (
    <section>
      <h2>{t("drafts.mine")}</h2>
      <ul>
        {newestFirst(drafts.value).map((draft) => (
          <li class="draft" key={draft.key}>
            <button type="button" class="draft-open" data-focus-row onClick={() => open(draft.target)}>
              <span class="draft-where">{targetLabel(draft.target)}</span>
              <span class="draft-text">{draft.text}</span>
              <time>{relative(draft.updated / 1000, now.value / 1000)}</time>
            </button>
            <IconButton icon="trash" act="delete" label={t("drafts.delete")} onClick={() => deleteDraft(draft)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function DraftsView() {
  if (drafts.value.length === 0 && scheduled.value.length === 0)
    return (
      <Empty icon="draft" title={t("drafts.emptyTitle")}>
        {t("drafts.empty")}
      </Empty>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside
    <div class="page drafts" onKeyDown={moveAround}>
      <ScheduledList me={me.value} label={targetLabel} open={open} />
      <DraftList />
    </div>
  );
}
