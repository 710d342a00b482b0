// All topics of a channel, as a page.

import { useSignal } from "@preact/signals";
import { hashFor } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { useFetched, Waiting } from "../dom/fetched";
import { Badge, Empty, FilterField, Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveAround } from "../keyboard/focus";
import { placeKey } from "../messages/model";
import { topicName } from "../messages/row";
import { isResolved, narrowToStream, withoutResolved } from "../narrow/data";
import type { Stream } from "../streams/data";
import { isMuted, type Topic } from "./data";
import { fetchTopics, topicsOf } from "./lists";
import { openTopicMenu } from "./menu";

function Row({ stream, topic }: { stream: Stream; topic: Topic }) {
  const place = { kind: "stream" as const, streamId: stream.id, topic: topic.name };
  const unread = state.counts.value.places.get(placeKey(place));
  const muted = isMuted(state.topics.value, stream.isMuted, stream.id, topic.name);
  return (
    <li class="inbox-row">
      <a href={hashFor(place)} data-focus-row>
        {isResolved(topic.name) && <Icon name="check" />}
        <span class={`inbox-label ${topic.name === "" ? "general" : ""}`}>
          {topicName(withoutResolved(topic.name))}
        </span>
        {muted && <Icon name="mute" />}
        <Badge count={unread?.count ?? 0} quiet={muted} mention={unread?.mentioned ?? false} />
      </a>
      {!isSpectator && (
        <IconButton
          icon="more"
          label={t("topic.menu")}
          onClick={(event) => openTopicMenu(event.currentTarget as HTMLElement, place)}
        />
      )}
    </li>
  );
}

export function TopicsView({ stream }: { stream: Stream }) {
  const query = useSignal("");
  const fetched = useFetched(() => fetchTopics(stream.id), [stream.id, state.queueId.value]);
  const all = topicsOf(stream);
  const found = all.filter((one) => query.value === "" || matchRank(topicName(one.name), query.value) !== undefined);
  const complete = isSpectator || state.topics.value.complete.has(stream.id);
  if (complete && all.length === 0) {
    return (
      <Empty icon="hash" title={t("topics.none")}>
        {t("topics.what")}
      </Empty>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside
    <div class="page inbox" onKeyDown={moveAround}>
      <div class="chips">
        <FilterField
          label={t("topics.filter")}
          value={query.value}
          onChange={(value) => {
            query.value = value;
          }}
        />
        <a class="chip" href={hashFor(narrowToStream(stream.id))}>
          {t("stream.feed")}
        </a>
      </div>
      {!complete && <Waiting of={fetched} rows={4} />}
      {complete && found.length === 0 && <p class="hint">{t("filter.none")}</p>}
      <section class="inbox-group" aria-label={t("nav.topicsOf", { stream: stream.name })}>
        <ul>
          {found.map((one) => (
            <Row key={one.name} stream={stream} topic={one} />
          ))}
        </ul>
      </section>
    </div>
  );
}
