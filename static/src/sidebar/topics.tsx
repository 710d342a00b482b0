// The topics of a stream in the left sidebar.

import { signal } from "@preact/signals";
import { leftOpen } from "../app/overlays";
import { conversation, hashFor } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { Badge, Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { placeKey } from "../messages/model";
import { topicName } from "../messages/row";
import { isResolved, withoutResolved } from "../narrow/data";
import { isCounted, type Stream } from "../streams/data";
import { isMuted, type Topic } from "../topics/data";
import { topicsOf } from "../topics/lists";
import { openTopicMenu } from "../topics/menu";

const FEW_TOPICS = 6;

/** The stream of which all topics are shown, alone. */
export const zoomed = signal<number | undefined>(undefined);
/** What the sidebar's filter says. */
export const filter = signal("");

/** On a phone the sidebar goes away when a link in it was followed. */
export function closeOnPhone(): void {
  leftOpen.value = false;
}

function TopicLink({ stream, topic }: { stream: Stream; topic: Topic }) {
  const place = { kind: "stream" as const, streamId: stream.id, topic: topic.name };
  const key = placeKey(place);
  const here = conversation.value ? placeKey(conversation.value) === key : false;
  const unread = state.counts.value.places.get(key);
  const muted = isMuted(state.topics.value, stream.isMuted, stream.id, topic.name);
  return (
    <li class="side-item">
      <a
        class={`side-link topic ${unread ? "unread" : ""} ${muted ? "muted" : ""} ${topic.name === "" ? "general" : ""}`}
        href={hashFor(place)}
        aria-current={here ? "page" : undefined}
        onClick={closeOnPhone}
      >
        {isResolved(topic.name) && <Icon name="check" />}
        <span class="side-label">{topicName(withoutResolved(topic.name))}</span>
        <Badge
          count={unread?.count ?? 0}
          quiet={muted}
          mention={unread?.mentioned ?? false}
          dot={!isCounted(state.settings.value.web_stream_unreads_count_display_policy, muted)}
        />
      </a>
      {!isSpectator && (
        <IconButton
          icon="more"
          class="side-menu"
          label={t("topic.menu")}
          onClick={(event) => openTopicMenu(event.currentTarget as HTMLElement, place)}
        />
      )}
    </li>
  );
}

export function Topics({ stream }: { stream: Stream }) {
  const all = topicsOf(stream);
  const isZoomed = zoomed.value === stream.id;
  const unreadIn = (one: Topic) => state.counts.value.places.has(`s:${stream.id}:${one.name.toLowerCase()}`);
  const current = conversation.value;
  const here = (one: Topic) => current?.kind === "stream" && current.topic.toLowerCase() === one.name.toLowerCase();
  const visible = all.filter(
    (one) => here(one) || !isMuted(state.topics.value, stream.isMuted, stream.id, one.name) || isZoomed,
  );
  const shown = isZoomed
    ? all.filter((one) => filter.value === "" || matchRank(one.name, filter.value) !== undefined)
    : visible.filter((one, i) => i < FEW_TOPICS || here(one) || (unreadIn(one) && i < FEW_TOPICS * 2));
  return (
    <ul class="side-list topics" aria-label={t("nav.topicsOf", { stream: stream.name })}>
      {shown.map((one) => (
        <TopicLink key={one.name} stream={stream} topic={one} />
      ))}
      {!isZoomed && shown.length < all.length && (
        <li>
          <button
            type="button"
            class="side-more"
            onClick={() => {
              zoomed.value = stream.id;
            }}
          >
            {t("nav.moreTopics")}
          </button>
        </li>
      )}
    </ul>
  );
}
