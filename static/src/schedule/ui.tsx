// The messages that the server will send.

import type { UserId } from "../api/types";
import { overlay } from "../app/overlays";
import type { Target } from "../compose/data";
import { IconButton } from "../dom/ui";
import { saveDraft } from "../drafts/events";
import { t } from "../i18n";
import { type ScheduledMessage, targetOf } from "./data";
import { labelOf, reschedule, scheduled, unschedule } from "./events";

interface Props {
  me: UserId;
  label(target: Target): string;
  open(target: Target): void;
}

function Row({ message, me, label, open }: Props & { message: ScheduledMessage }) {
  const { scheduled_message_id: id, scheduled_delivery_timestamp: at, content } = message;
  const target = targetOf(message, me);
  const change = () => {
    overlay.value = { kind: "schedule", at, choose: (time) => void reschedule(id, time) };
  };
  const takeBack = async () => {
    if (!(await unschedule(id))) return;
    saveDraft(target, content);
    open(target);
  };
  return (
    <li class="draft">
      <button type="button" class="draft-open" data-focus-row onClick={change}>
        <span class="draft-where">{label(target)}</span>
        <span class="draft-text">{content}</span>
        <time>{message.failed ? t("schedule.failed") : labelOf(at)}</time>
      </button>
      <IconButton icon="clock" label={t("schedule.edit")} onClick={change} />
      <IconButton icon="edit" label={t("schedule.delete")} onClick={() => void takeBack()} />
    </li>
  );
}

export function ScheduledList(props: Props) {
  if (scheduled.value.length === 0) return null;
  return (
    <section>
      <h2>{t("schedule.list")}</h2>
      <ul>
        {scheduled.value.map((one) => (
          <Row key={one.scheduled_message_id} message={one} {...props} />
        ))}
      </ul>
    </section>
  );
}
