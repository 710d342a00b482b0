// The left sidebar: views, direct messages, streams with their topics.

import { computed, useComputed, useSignalEffect } from "@preact/signals";
import { useState } from "preact/hooks";
import { isFolded, toggleFolded } from "../app/folded";
import { leftOpen, overlay } from "../app/overlays";
import { conversation, currentStream, hashFor, narrow } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { openCompose } from "../compose/events";
import { Badge, FilterField, Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveInSidebar } from "../keyboard/focus";
import { placeKey } from "../messages/model";
import { peopleNames } from "../messages/row";
import { narrowToStream } from "../narrow/data";
import { availability } from "../presence/data";
import { isCounted, type Stream, sections } from "../streams/data";
import { enterStream } from "../streams/entry";
import { StreamIcon } from "../streams/icon";
import { openStreamMenu } from "../streams/menu";
import { needTopics, topicsOf } from "../topics/lists";
import { closeOnPhone, filter, Topics, zoomed } from "./topics";
import { Views } from "./views";

const FEW_DMS = 6;

function PresenceDot({ ids }: { ids: number[] }) {
  if (ids.length !== 1) return <Icon name="people" />;
  const how = availability(state.presence.value, ids[0] ?? 0, state.now.value / 1000);
  return <span class={`presence ${how}`} role="img" aria-label={t(`presence.${how}`)} />;
}

/** All conversations of few people, the latest first. */
const conversations = computed(() =>
  [...state.recentDms.value.values()]
    .sort((a, b) => b.maxId - a.maxId)
    .map((one) => ({ ...one, name: peopleNames(one.ids), key: placeKey({ kind: "dm", ids: one.ids }) })),
);
const currentDm = computed(() => (conversation.value?.kind === "dm" ? placeKey(conversation.value) : ""));

function DirectMessages() {
  const [all, setAll] = useState(false);
  const named = conversations.value;
  const wanted = filter.value;
  const found = wanted ? named.filter((one) => matchRank(one.name, wanted) !== undefined) : named;
  const current = currentDm.value;
  const unreadOf = (key: string) => state.counts.value.places.get(key)?.count ?? 0;
  const shown =
    all || wanted ? found : found.filter((one, i) => i < FEW_DMS || unreadOf(one.key) > 0 || one.key === current);
  return (
    <section class="side-section" aria-label={t("nav.dms")}>
      <div class="side-head">
        <a href="#narrow/is/dm" onClick={closeOnPhone}>
          {t("nav.dms")}
        </a>
        <Badge count={state.counts.value.dms} />
        <IconButton icon="plus" label={t("compose.newDm")} onClick={() => openCompose({ kind: "dm", ids: [] })} />
      </div>
      <ul class="side-list">
        {shown.map((one) => (
          <li key={one.key}>
            <a
              class={`side-link ${unreadOf(one.key) > 0 ? "unread" : ""}`}
              href={hashFor({ kind: "dm", ids: one.ids })}
              aria-current={one.key === current ? "page" : undefined}
              onClick={closeOnPhone}
            >
              <PresenceDot ids={one.ids} />
              <span class="side-label">{one.name}</span>
              <Badge count={unreadOf(one.key)} />
            </a>
          </li>
        ))}
        {shown.length < found.length && (
          <li>
            <button type="button" class="side-more" onClick={() => setAll(true)}>
              {t("nav.moreDms", { count: found.length - shown.length })}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

function StreamItem({ stream }: { stream: Stream }) {
  const { id } = stream;
  // Of hundreds of channels one is left and one is entered, and few have news: only those are drawn anew.
  const open = useComputed(() => currentStream.value === id || zoomed.value === id).value;
  const here = useComputed(
    () => currentStream.value === id && conversation.value === undefined && narrow.value?.length === 1,
  ).value;
  const count = useComputed(() => {
    const unread = state.counts.value.streams.get(id);
    const isMuted = state.streams.value.get(id)?.isMuted;
    return isMuted && unread?.count === 0 ? unread.mutedCount : (unread?.count ?? 0);
  }).value;
  const counted = useComputed(() =>
    isCounted(state.settings.value.web_stream_unreads_count_display_policy, stream.isMuted),
  ).value;
  const mentioned = useComputed(() => state.counts.value.streams.get(id)?.mentioned ?? false).value;
  return (
    <li>
      <div class="side-item">
        <a
          class={`side-link stream ${count > 0 && !stream.isMuted ? "unread" : ""} ${stream.isMuted ? "muted" : ""}`}
          href={hashFor(narrowToStream(stream.id))}
          aria-current={here ? "page" : undefined}
          aria-expanded={open}
          onClick={(event) => {
            closeOnPhone();
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            void enterStream(stream);
          }}
        >
          <StreamIcon stream={stream} />
          <span class="side-label">{stream.name}</span>
          <Badge count={count} quiet={stream.isMuted} mention={mentioned} dot={!counted} />
        </a>
        {!isSpectator && (
          <IconButton
            icon="more"
            class="side-menu"
            label={t("stream.menu")}
            onClick={(event) => openStreamMenu(event.currentTarget as HTMLElement, stream)}
          />
        )}
      </div>
      {open && <Topics stream={stream} />}
    </li>
  );
}

/** Whether a channel, or one of its topics, fits what the filter says. */
function fits(stream: Stream): boolean {
  const wanted = filter.value;
  if (wanted === "" || matchRank(stream.name, wanted) !== undefined) return true;
  return topicsOf(stream).some((topic) => (matchRank(topic.name, wanted) ?? 9) < 3);
}

/** A section of streams under a heading that folds it away. Folded, it shows how much is unread in it. */
function StreamSection({ id, label, list: shown }: { id: string; label: string; list: Stream[] }) {
  const section = `streams:${id}`;
  const folded = isFolded(section) && filter.value === "";
  if (shown.length === 0) return null;
  return (
    <>
      <h2 class="side-subhead">
        <button type="button" aria-expanded={!folded} onClick={() => toggleFolded(section)}>
          <Icon name="chevron" />
          {label}
        </button>
        {folded && <Badge count={unreadIn(shown)} quiet />}
      </h2>
      <ul class="side-list" aria-label={label} hidden={folded}>
        {shown.map((one) => (
          <StreamItem key={one.id} stream={one} />
        ))}
      </ul>
    </>
  );
}

function unreadIn(list: readonly Stream[]): number {
  return list.reduce((sum, one) => sum + (state.counts.value.streams.get(one.id)?.count ?? 0), 0);
}

function Streams() {
  const all = sections(state.streams.value, state.folders.value, state.settings.value.demote_inactive_streams);
  const lists = [
    { id: "pinned", label: t("streams.pinned"), list: all.pinned },
    ...all.folders.map((one) => ({ id: String(one.id), label: one.name, list: one.streams })),
    { id: "active", label: t("streams.active"), list: all.active },
    { id: "inactive", label: t("streams.inactive"), list: all.inactive },
    { id: "muted", label: t("streams.muted"), list: all.muted },
  ].map((one) => ({ ...one, list: one.list.filter(fits) }));
  const none = lists.every((one) => one.list.length === 0);
  return (
    <section class="side-section" aria-label={t("nav.streams")}>
      <div class="side-head">
        <a href="#streams" onClick={closeOnPhone}>
          {t("nav.streams")}
        </a>
        {!state.isGuest.value && (
          <IconButton
            icon="plus"
            label={t("stream.create")}
            onClick={() => {
              overlay.value = { kind: "new-stream" };
            }}
          />
        )}
      </div>
      {lists.map((one) => (
        <StreamSection key={one.id} {...one} />
      ))}
      {none && (
        <p class="side-hint" role="status">
          {filter.value === "" ? t("streams.none.mine") : t("filter.none")}
        </p>
      )}
      <a class="side-more" href="#streams" onClick={closeOnPhone}>
        {t("streams.browse")}
      </a>
    </section>
  );
}

function ZoomedTopics({ stream }: { stream: Stream }) {
  return (
    <section class="side-section" aria-label={t("nav.topicsOf", { stream: stream.name })}>
      <button
        type="button"
        class="side-back"
        onClick={() => {
          zoomed.value = undefined;
        }}
      >
        <span class="flip">
          <Icon name="chevron" />
        </span>
        {t("nav.back")}
      </button>
      <ul class="side-list">
        <StreamItem stream={stream} />
      </ul>
    </section>
  );
}

const keys = moveInSidebar(() => {
  filter.value = "";
});

export function LeftSidebar() {
  useSignalEffect(() => {
    const id = currentStream.value;
    state.topics.value.complete;
    if (id !== undefined) void needTopics(id);
    if (zoomed.value !== undefined && id !== zoomed.value) zoomed.value = undefined;
  });
  const zoomedStream = zoomed.value === undefined ? undefined : state.streams.value.get(zoomed.value);
  return (
    <nav
      class={`sidebar left ${leftOpen.value ? "open" : ""}`}
      aria-label={t("nav.label")}
      id="left-sidebar"
      onKeyDown={keys}
    >
      {!zoomedStream && <Views />}
      <FilterField
        id="side-filter"
        class="side-filter"
        label={t("nav.filter")}
        value={filter.value}
        onChange={(value) => {
          filter.value = value;
        }}
      />
      {zoomedStream ? (
        <ZoomedTopics stream={zoomedStream} />
      ) : (
        <>
          {!isSpectator && <DirectMessages />}
          <Streams />
        </>
      )}
    </nav>
  );
}
