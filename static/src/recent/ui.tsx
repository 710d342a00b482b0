// Recent conversations: a table of what was talked about last, with filters.

import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { hashFor } from "../app/route";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { Failure } from "../dom/fetched";
import { Badge, Empty, FilterField, Icon, Skeleton } from "../dom/ui";
import { comebacks } from "../events/connection";
import { t } from "../i18n";
import { moveAround } from "../keyboard/focus";
import { failed, loading, loadOlder, loadRecent } from "../messages/events";
import { peopleNames, topicName } from "../messages/row";
import { fullTime, relative } from "../messages/time";
import { isResolved, withoutResolved } from "../narrow/data";
import { narrowKey } from "../narrow/terms";
import { Avatar } from "../people/ui";
import { StreamIcon, streamIcon } from "../streams/icon";
import {
  type Column,
  type Conversation,
  conversations,
  type Filter,
  NEWEST_FIRST,
  NO_FILTER,
  type Order,
  ordered,
  reorder,
} from "./data";

const filter = signal<Filter>(NO_FILTER);
const order = signal<Order>(NEWEST_FIRST);
const SHOWN = 200;

const all = computed(() => conversations(state.messages.value.byId.values(), state.me.value));
const shown = computed(() =>
  ordered(
    all.value.filter((one) => passes(one, filter.value)),
    order.value,
    fullLabel,
    (one) => state.counts.value.places.get(one.key)?.count ?? 0,
  ).slice(0, SHOWN),
);

function label(one: Conversation): string {
  return one.place.kind === "dm" ? peopleNames(one.place.ids) : topicName(withoutResolved(one.place.topic));
}

function fullLabel(one: Conversation): string {
  const { place } = one;
  const stream = place.kind === "stream" ? (state.streams.value.get(place.streamId)?.name ?? "") : "";
  return `${stream} ${label(one)}`;
}

function passes(one: Conversation, { unreadOnly, participated, includeDms, includeMuted, query }: Filter): boolean {
  const { place } = one;
  if (unreadOnly && !state.counts.value.places.has(one.key)) return false;
  if (participated && !one.mine) return false;
  if (place.kind === "dm" && !includeDms) return false;
  if (place.kind === "stream" && !includeMuted && state.isTopicMuted(place.streamId, place.topic)) return false;
  return query === "" || matchRank(fullLabel(one), query) !== undefined;
}

function Row({ one }: { one: Conversation }) {
  const { place } = one;
  const stream = place.kind === "stream" ? state.streams.value.get(place.streamId) : undefined;
  const unread = state.counts.value.places.get(one.key);
  const writers = one.people.map((id) => state.people.value.byId.get(id)).filter((person) => person !== undefined);
  return (
    <tr class={unread ? "unread" : ""}>
      <td class="recent-what">
        <a href={hashFor(place)} data-focus-row>
          {stream ? (
            <StreamIcon stream={stream} />
          ) : (
            <span class="stream-icon">
              <Icon name={place.kind === "stream" ? streamIcon(undefined) : "people"} />
            </span>
          )}
          {stream && <span class="recent-stream clip">{stream.name}</span>}
          {stream && <Icon name="chevron" />}
          {place.kind === "stream" && isResolved(place.topic) && <Icon name="check" />}
          <span class={`recent-topic clip ${place.kind === "stream" && place.topic === "" ? "general" : ""}`}>
            {label(one)}
          </span>
        </a>
      </td>
      <td class="recent-unread">
        <Badge count={unread?.count ?? 0} mention={unread?.mentioned ?? false} />
      </td>
      <td class="recent-people">
        <span class="avatars">
          {writers.slice(0, 4).map((person) => (
            <span key={person.id} title={person.name}>
              <Avatar person={person} />
            </span>
          ))}
          {writers.length > 4 && <span class="avatar more">+{writers.length - 4}</span>}
        </span>
        <span class="sr-only">{writers.map((person) => person.name).join(", ")}</span>
      </td>
      <td class="recent-time">
        <time title={fullTime(one.at, state.settings.value.twenty_four_hour_time)}>
          {relative(one.at, state.now.value / 1000)}
        </time>
      </td>
    </tr>
  );
}

function Toggle({
  name,
  label: text,
}: {
  name: "unreadOnly" | "participated" | "includeDms" | "includeMuted";
  label: string;
}) {
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={filter.value[name]}
      onClick={() => {
        filter.value = { ...filter.value, [name]: !filter.value[name] };
      }}
    >
      {text}
    </button>
  );
}

function Heading({ column, label: text }: { column: Column; label: string }) {
  const here = order.value.column === column;
  const ascending = (column === "conversation") !== order.value.reversed;
  return (
    <th scope="col" aria-sort={here ? (ascending ? "ascending" : "descending") : undefined}>
      <button
        type="button"
        class={`sort ${here ? (ascending ? "up" : "down") : ""}`}
        onClick={() => {
          order.value = reorder(order.value, column);
        }}
      >
        {text}
      </button>
    </th>
  );
}

export function RecentView() {
  useEffect(() => void loadRecent(), [state.queueId.value, comebacks.value]);
  const key = narrowKey([]);
  const feed = state.messages.value.views.get(key);
  const error = failed.value.get(key);
  const busy = loading.value.has(key) || (!feed && error === undefined);
  const found = shown.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside
    <div class="page recent" onKeyDown={moveAround}>
      <div class="chips">
        <FilterField
          id="recent-filter"
          label={t("recent.filter")}
          value={filter.value.query}
          onChange={(value) => {
            filter.value = { ...filter.value, query: value };
          }}
        />
        <Toggle name="unreadOnly" label={t("recent.unread")} />
        <Toggle name="participated" label={t("recent.participated")} />
        <Toggle name="includeDms" label={t("recent.dms")} />
        <Toggle name="includeMuted" label={t("recent.muted")} />
      </div>
      {busy && found.length === 0 && <Skeleton />}
      {!busy && error !== undefined && (
        <Failure reason={error.reason} again={feed ? () => loadOlder([]) : () => void loadRecent()} />
      )}
      {!busy && error === undefined && found.length === 0 && (
        <Empty icon="clock" title={t("empty.title")}>
          {t("recent.empty")}
        </Empty>
      )}
      {found.length > 0 && (
        <table class="recent-table">
          <thead>
            <tr>
              <Heading column="conversation" label={t("recent.conversation")} />
              <Heading column="unread" label={t("recent.unreadShort")} />
              <Heading column="people" label={t("recent.people")} />
              <Heading column="time" label={t("recent.time")} />
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <Row key={one.key} one={one} />
            ))}
          </tbody>
        </table>
      )}
      {feed && !feed.foundOldest && error === undefined && found.length < SHOWN && (
        <button type="button" class="side-more" disabled={busy} onClick={() => loadOlder([])}>
          {t("recent.more")}
        </button>
      )}
    </div>
  );
}
