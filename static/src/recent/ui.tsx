// Recent conversations: a table of what was talked about last, with filters.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { hashFor } from "../app/route";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { Badge, Empty, Icon, Skeleton } from "../dom/ui";
import { t } from "../i18n";
import { moveFocus } from "../keyboard/focus";
import { loading, loadRecent } from "../messages/events";
import { peopleNames, topicName } from "../messages/row";
import { fullTime, relative } from "../messages/time";
import { isResolved, withoutResolved } from "../narrow/data";
import { narrowKey } from "../narrow/terms";
import { Avatar } from "../people/ui";
import { type Conversation, conversations, type Filter, NO_FILTER } from "./data";

const filter = signal<Filter>(NO_FILTER);
const SHOWN = 100;

function label(one: Conversation): string {
  return one.place.kind === "dm" ? peopleNames(one.place.ids) : topicName(withoutResolved(one.place.topic));
}

function passes(one: Conversation, { unreadOnly, participated, includeDms, includeMuted, query }: Filter): boolean {
  const { place } = one;
  if (unreadOnly && !state.counts.value.places.has(one.key)) return false;
  if (participated && !one.mine) return false;
  if (place.kind === "dm" && !includeDms) return false;
  if (place.kind === "stream" && !includeMuted && state.isTopicMuted(place.streamId, place.topic)) return false;
  if (query === "") return true;
  const stream = place.kind === "stream" ? (state.streams.value.get(place.streamId)?.name ?? "") : "";
  return matchRank(`${stream} ${label(one)}`, query) !== undefined;
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
          <span class="recent-where" style={stream ? { color: stream.color } : {}}>
            <Icon name={place.kind === "dm" ? "people" : stream?.isPrivate ? "lock" : "hash"} />
          </span>
          {stream && <span class="recent-stream">{stream.name}</span>}
          {stream && <Icon name="chevron" />}
          {place.kind === "stream" && isResolved(place.topic) && <Icon name="check" />}
          <span class={`recent-topic ${place.kind === "stream" && place.topic === "" ? "general" : ""}`}>
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

export function RecentView() {
  useEffect(() => void loadRecent(), [state.queueId.value]);
  const busy = loading.value.has(narrowKey([])) || !state.messages.value.views.has(narrowKey([]));
  const found = conversations(state.messages.value.byId.values(), state.me.value)
    .filter((one) => passes(one, filter.value))
    .slice(0, SHOWN);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside
    <div class="page recent" onKeyDown={moveFocus}>
      <div class="chips">
        <input
          type="search"
          id="recent-filter"
          aria-label={t("recent.filter")}
          placeholder={t("recent.filter")}
          value={filter.value.query}
          onInput={(event) => {
            filter.value = { ...filter.value, query: event.currentTarget.value };
          }}
        />
        <Toggle name="unreadOnly" label={t("recent.unread")} />
        <Toggle name="participated" label={t("recent.participated")} />
        <Toggle name="includeDms" label={t("recent.dms")} />
        <Toggle name="includeMuted" label={t("recent.muted")} />
      </div>
      {busy && found.length === 0 && <Skeleton />}
      {!busy && found.length === 0 && (
        <Empty icon="clock" title={t("empty.title")}>
          {t("recent.empty")}
        </Empty>
      )}
      {found.length > 0 && (
        <table class="recent-table">
          <thead>
            <tr>
              <th scope="col">{t("recent.conversation")}</th>
              <th scope="col">
                <span class="sr-only">{t("recent.unreadColumn")}</span>
              </th>
              <th scope="col">{t("recent.people")}</th>
              <th scope="col">{t("recent.time")}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <Row key={one.key} one={one} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
