// Who may do what in one channel, and whether new people read it.

import * as organization from "../api/organization";
import type { StreamId } from "../api/types";
import { signalError } from "../app/feedback";
import { isAdmin, realm } from "../app/state";
import { useFetched, Waiting } from "../dom/fetched";
import { t } from "../i18n";
import { Check } from "../settings/controls";
import { Holder } from "../settings/permissions";

const RIGHTS = [
  "can_send_message_group",
  "can_create_topic_group",
  "can_subscribe_group",
  "can_add_subscribers_group",
  "can_remove_subscribers_group",
  "can_move_messages_within_channel_group",
  "can_move_messages_out_of_channel_group",
  "can_resolve_topics_group",
  "can_delete_own_message_group",
  "can_delete_any_message_group",
  "can_administer_channel_group",
] as const;

export function StreamRights({ id }: { id: StreamId }) {
  const fetched = useFetched(() => organization.getStream(id), [id]);
  const held = fetched.value?.stream;
  if (!held) return <Waiting of={fetched} rows={4} />;
  // Refused or done, what is shown is what holds.
  const change = (what: organization.StreamChanges) => {
    organization.updateStream(id, what).catch(signalError).finally(fetched.again);
  };
  const { streamRights } = realm.value;
  return (
    <div class="form rights">
      {isAdmin.value && (
        <Check checked={held.is_default === true} change={(is_default_stream) => change({ is_default_stream })}>
          {t("stream.default")}
        </Check>
      )}
      {RIGHTS.map((right) => {
        const requirement = streamRights[right];
        return (
          requirement && (
            <Holder
              key={right}
              label={t(`streamRight.${right}`)}
              requirement={requirement}
              current={held[right]}
              change={(to) => change({ [right]: to })}
            />
          )
        );
      })}
    </div>
  );
}
