// The right sidebar: people and whether they are here.

import { computed, signal, useComputed } from "@preact/signals";
import { overlay, rightOpen } from "../app/overlays";
import { conversation, hashFor } from "../app/route";
import * as state from "../app/state";
import { matchRank } from "../compose/data";
import { Badge, FilterField } from "../dom/ui";
import { t } from "../i18n";
import { moveInSidebar } from "../keyboard/focus";
import { availability } from "../presence/data";
import { initials, type Person, USER_LIST } from "./data";
import { peopleByName } from "./names";
import { pictureFailed, shownPicture } from "./pictures";

const filter = signal("");
const SHOWN = 200;

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

const ORDER = { active: 1, idle: 2, offline: 3 };

/** Who fits the filter, by name: sorted anew when someone joins or is renamed, not whenever someone comes or goes. */
const found = computed((): Person[] => {
  const wanted = filter.value;
  return peopleByName.value.filter((one) => !one.isBot && (wanted === "" || matchRank(one.name, wanted) !== undefined));
});

let last: readonly Person[] = [];

/** The same with those who are here first, oneself on top; the same list as long as nothing in it changes place. */
const listed = computed((): readonly Person[] => {
  const nowSeconds = state.now.value / 1000;
  const ranks: Person[][] = [[], [], [], []];
  for (const one of found.value) {
    const rank = one.id === state.me.value ? 0 : ORDER[availability(state.presence.value, one.id, nowSeconds)];
    ranks[rank]?.push(one);
  }
  const list = ranks.flat().slice(0, SHOWN);
  if (list.length !== last.length || list.some((one, i) => one !== last[i])) last = list;
  return last;
});
const inDm = computed(() => (conversation.value?.kind === "dm" ? conversation.value.ids.join(",") : ""));

const keys = moveInSidebar(() => {
  filter.value = "";
});

export function RightSidebar() {
  const all = listed.value;
  const more = found.value.length - all.length;
  const together = new Set(inDm.value.split(",").map(Number));
  const here = all.filter((one) => together.has(one.id));
  const others = all.filter((one) => !together.has(one.id));
  return (
    <aside
      class={`sidebar right ${rightOpen.value ? "open" : ""}`}
      aria-label={t("people.label")}
      id="right-sidebar"
      onKeyDown={keys}
    >
      <FilterField
        class="side-filter"
        id="people-filter"
        label={t("people.filter")}
        value={filter.value}
        onChange={(value) => {
          filter.value = value;
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
      {all.length === 0 && (
        <p class="side-hint" role="status">
          {t("filter.none")}
        </p>
      )}
      {more > 0 && <p class="side-hint">{t("people.more", { count: more })}</p>}
    </aside>
  );
}
