// The list of drafts.

import { go } from "../app/route";
import { now, streams } from "../app/state";
import type { Target } from "../compose/data";
import { openCompose } from "../compose/events";
import { Empty, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveFocus } from "../keyboard/focus";
import { peopleNames, topicName } from "../messages/row";
import { relative } from "../messages/time";
import { newestFirst } from "./data";
import { drafts, saveDraft } from "./events";

function label(target: Target): string {
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

export function DraftsView() {
  const list = newestFirst(drafts.value);
  if (list.length === 0)
    return (
      <Empty icon="draft" title={t("drafts.emptyTitle")}>
        {t("drafts.empty")}
      </Empty>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside
    <div class="page drafts" onKeyDown={moveFocus}>
      <ul>
        {list.map((draft) => (
          <li class="draft" key={label(draft.target)}>
            <button type="button" class="draft-open" data-focus-row onClick={() => open(draft.target)}>
              <span class="draft-where">{label(draft.target)}</span>
              <span class="draft-text">{draft.text}</span>
              <time>{relative(draft.updated / 1000, now.value / 1000)}</time>
            </button>
            <IconButton icon="close" label={t("drafts.delete")} onClick={() => saveDraft(draft.target, "")} />
          </li>
        ))}
      </ul>
    </div>
  );
}
