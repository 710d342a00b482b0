// The right sidebar: people and whether they are here.

import { computed, signal, useComputed } from "@preact/signals";
import type { UserId } from "../api/types";
import { overlay, rightOpen } from "../app/overlays";
import { conversation, hashFor } from "../app/route";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { Badge } from "../dom/ui";
import { t } from "../i18n";
import { availability } from "../presence/data";
import { initials, type Person, USER_LIST } from "./data";
import { pictureFailed, shownPicture } from "./pictures";

const filter = signal("");
const SHOWN = 200;
const collator = new Intl.Collator();

export function Avatar({ person }: { person: Person }) {
  const source = shownPicture(person.avatarUrl);
  if (source) {
    return <img class="avatar" src={source} alt="" loading="lazy" onError={() => pictureFailed(source)} />;
  }
  return (
    <span class={`avatar tone-${person.id % 8}`} aria-hidden="true">
      {initials(person.name)}
    </span>
  );
}

function PersonItem({ person }: { person: Person }) {
  // Presence comes for somebody every few seconds: only the row that it changes is drawn anew.
  const { id } = person;
  const how = useComputed(() => availability(state.presence.value, id, state.now.value / 1000)).value;
  const status = useComputed(() => state.people.value.status.get(id)?.status_text).value;
  const unread = useComputed(() => state.counts.value.places.get(`d:${id}`)?.count ?? 0).value;
  const style = useComputed(() => state.settings.value.user_list_style).value;
  return (
    <li>
      <a
        class="side-link person"
        href={hashFor({ kind: "dm", ids: [person.id] })}
        onClick={() => {
          rightOpen.value = false;
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          overlay.value = { kind: "profile", id: person.id };
        }}
      >
        <span class="person-avatar">
          {style !== USER_LIST.compact && style !== USER_LIST.status && <Avatar person={person} />}
          <span class={`presence ${how}`} role="img" aria-label={t(`presence.${how}`)} />
        </span>
        <span class="side-label">
          {person.name}
          {person.id === state.me.value && <small> {t("person.you")}</small>}
          {status && style !== USER_LIST.compact && <small class="status-text">{status}</small>}
        </span>
        <Badge count={unread} />
      </a>
    </li>
  );
}

const ORDER = { active: 0, idle: 1, offline: 2 };

/** Sorted anew when someone comes or goes, not whenever the reader goes elsewhere. */
const listed = computed((): Person[] => {
  const nowSeconds = state.now.value / 1000;
  const wanted = filter.value;
  const rankOf = (id: UserId) => ORDER[availability(state.presence.value, id, nowSeconds)];
  return [...state.people.value.byId.values()]
    .filter((one) => one.isActive && !one.isBot && (wanted === "" || matchRank(one.name, wanted) !== undefined))
    .map((person) => ({ person, rank: person.id === state.me.value ? -1 : rankOf(person.id) }))
    .sort((a, b) => a.rank - b.rank || collator.compare(a.person.name, b.person.name))
    .slice(0, SHOWN)
    .map(({ person }) => person);
});
const inDm = computed(() => (conversation.value?.kind === "dm" ? conversation.value.ids.join(",") : ""));

export function RightSidebar() {
  const all = listed.value;
  const together = new Set(inDm.value.split(",").map(Number));
  const here = all.filter((one) => together.has(one.id));
  const others = all.filter((one) => !together.has(one.id));
  return (
    <aside class={`sidebar right ${rightOpen.value ? "open" : ""}`} aria-label={t("people.label")} id="right-sidebar">
      <input
        class="side-filter"
        type="search"
        id="people-filter"
        aria-label={t("people.filter")}
        placeholder={t("people.filter")}
        value={filter.value}
        onInput={(event) => {
          filter.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          filter.value = "";
          event.currentTarget.blur();
        }}
      />
      {here.length > 0 && (
        <>
          <h2 class="side-subhead">{t("people.conversation")}</h2>
          <ul class="side-list">
            {here.map((one) => (
              <PersonItem key={one.id} person={one} />
            ))}
          </ul>
          <h2 class="side-subhead">{t("people.others")}</h2>
        </>
      )}
      <ul class="side-list">
        {others.map((one) => (
          <PersonItem key={one.id} person={one} />
        ))}
      </ul>
    </aside>
  );
}
