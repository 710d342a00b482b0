// The inbox view. Arrows move over its rows, Enter opens, Shift+… is not needed: every row is a link.

import { signal } from "@preact/signals";
import { isFolded, toggleFolded } from "../app/folded";
import { hashFor } from "../app/route";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { Badge, Empty, FilterField, Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveAround } from "../keyboard/focus";
import { samePlace } from "../messages/model";
import { peopleNames, topicName } from "../messages/row";
import { isResolved, narrowToStream, withoutResolved } from "../narrow/data";
import { StreamIcon } from "../streams/icon";
import { POLICY, policyOf } from "../topics/data";
import { markPlacesRead } from "../topics/events";
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
        onClick={() => void markPlacesRead((other) => samePlace(other, place))}
      />
    </li>
  );
}

const query = signal("");
const followedOnly = signal(false);

/** Folds a group of the inbox away, or out again. */
function Fold({ section, name }: { section: string; name: string }) {
  const open = !isFolded(section);
  return (
    <button
      type="button"
      class={`fold-arrow ${open ? "open" : ""}`}
      aria-expanded={open}
      aria-label={t("section.toggle", { name })}
      onClick={() => toggleFolded(section)}
    >
      <Icon name="chevron" />
    </button>
  );
}

function passes({ place }: PlaceCount): boolean {
  if (followedOnly.value) {
    if (place.kind === "dm") return false;
    if (policyOf(state.topics.value, place.streamId, place.topic) !== POLICY.followed) return false;
  }
  const stream = place.kind === "stream" ? (state.streams.value.get(place.streamId)?.name ?? "") : "";
  const name = place.kind === "dm" ? peopleNames(place.ids) : `${stream} ${topicName(place.topic)}`;
  return query.value === "" || matchRank(name, query.value) !== undefined;
}

function Tools() {
  return (
    <div class="chips">
      <FilterField
        id="inbox-filter"
        label={t("inbox.filter")}
        value={query.value}
        onChange={(value) => {
          query.value = value;
        }}
      />
      <button
        type="button"
        class="chip"
        aria-pressed={followedOnly.value}
        onClick={() => {
          followedOnly.value = !followedOnly.value;
        }}
      >
        {t("inbox.followed")}
      </button>
    </div>
  );
}

function StreamGroup({ group }: { group: InboxStream }) {
  return (
    <section class="inbox-group" aria-label={group.stream.name}>
      <h2 class="inbox-head">
        <Fold section={`inbox:${group.stream.id}`} name={group.stream.name} />
        <a href={hashFor(narrowToStream(group.stream.id))}>
          <StreamIcon stream={group.stream} />
          <span class="clip">{group.stream.name}</span>
        </a>
        <Badge count={group.count} quiet />
        <IconButton
          icon="check"
          class="inbox-read"
          label={t("menu.markRead")}
          onClick={() => void markPlacesRead((place) => group.topics.some((one) => samePlace(one.place, place)))}
        />
      </h2>
      <ul hidden={isFolded(`inbox:${group.stream.id}`)}>
        {group.topics.map((one) => (
          <Row key={one.latest} one={one} />
        ))}
      </ul>
    </section>
  );
}

export function InboxView() {
  const all = inbox(state.counts.value, state.streams.value, state.isTopicMuted);
  const dms = all.dms.filter(passes);
  const streams = all.streams.flatMap((group) => {
    const topics = group.topics.filter(passes);
    return topics.length > 0 ? [{ ...group, topics }] : [];
  });
  if (all.dms.length === 0 && all.streams.length === 0) {
    return (
      <Empty icon="inbox" title={t("inbox.emptyTitle")}>
        {t("inbox.empty")}
      </Empty>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside
    <div class="page inbox" onKeyDown={moveAround}>
      <Tools />
      {dms.length === 0 && streams.length === 0 && <p class="hint">{t("inbox.nothing")}</p>}
      {dms.length > 0 && (
        <section class="inbox-group" aria-label={`${t("view.inbox")}: ${t("nav.dms")}`}>
          <h2 class="inbox-head">
            <Fold section="inbox:dm" name={t("nav.dms")} />
            <a href="#narrow/is/dm">{t("nav.dms")}</a>
            <Badge count={state.counts.value.dms} quiet />
          </h2>
          <ul hidden={isFolded("inbox:dm")}>
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
