// The inbox view. Arrows move over its rows, Enter opens, Shift+… is not needed: every row is a link.

import { hashFor } from "../app/route";
import * as state from "../app/state";
import { Badge, Empty, Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveFocus } from "../keyboard/focus";
import { markNarrowRead, markPlaceRead } from "../messages/events";
import { peopleNames, topicName } from "../messages/row";
import { isResolved, narrowToStream, withoutResolved } from "../narrow/data";
import type { PlaceCount } from "../unread/data";
import { type InboxStream, inbox } from "./data";

function Row({ one }: { one: PlaceCount }) {
  const { place } = one;
  const label = place.kind === "dm" ? peopleNames(place.ids) : topicName(withoutResolved(place.topic));
  return (
    <li class="inbox-row">
      <a href={hashFor(place)} data-focus-row>
        {place.kind === "dm" && <Icon name="people" />}
        {place.kind === "stream" && isResolved(place.topic) && <Icon name="check" />}
        <span class={`inbox-label ${place.kind === "stream" && place.topic === "" ? "general" : ""}`}>{label}</span>
        <Badge count={one.count} mention={one.mentioned} />
      </a>
      <IconButton
        icon="check"
        class="inbox-read"
        label={t("menu.markRead")}
        onClick={() => void markPlaceRead(place)}
      />
    </li>
  );
}

function StreamGroup({ group }: { group: InboxStream }) {
  return (
    <section class="inbox-group" aria-label={group.stream.name}>
      <h2 class="inbox-head">
        <a href={hashFor(narrowToStream(group.stream.id))}>
          <span style={{ color: group.stream.color }}>
            <Icon name={group.stream.isPrivate ? "lock" : "hash"} />
          </span>
          {group.stream.name}
        </a>
        <Badge count={group.count} quiet />
        <IconButton
          icon="check"
          class="inbox-read"
          label={t("menu.markRead")}
          onClick={() => void markNarrowRead(narrowToStream(group.stream.id))}
        />
      </h2>
      <ul>
        {group.topics.map((one) => (
          <Row key={one.latest} one={one} />
        ))}
      </ul>
    </section>
  );
}

export function InboxView() {
  const { dms, streams } = inbox(state.counts.value, state.streams.value, state.isTopicMuted);
  if (dms.length === 0 && streams.length === 0) {
    return (
      <Empty icon="inbox" title={t("inbox.emptyTitle")}>
        {t("inbox.empty")}
      </Empty>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside
    <div class="page inbox" onKeyDown={moveFocus}>
      {dms.length > 0 && (
        <section class="inbox-group" aria-label={`${t("view.inbox")}: ${t("nav.dms")}`}>
          <h2 class="inbox-head">
            <a href="#narrow/is/dm">{t("nav.dms")}</a>
            <Badge count={state.counts.value.dms} quiet />
          </h2>
          <ul>
            {dms.map((one) => (
              <Row key={one.latest} one={one} />
            ))}
          </ul>
        </section>
      )}
      {streams.map((group) => (
        <StreamGroup key={group.stream.id} group={group} />
      ))}
    </div>
  );
}
