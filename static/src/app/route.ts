// Where one is: the hash of the URL, and the only way to change it.

import { computed, signal } from "@preact/signals";
import type { Place } from "../messages/model";
import { conversationOf, narrowTo, streamOf } from "../narrow/data";
import { hashToNarrow, type Names, type Narrow, narrowToHash } from "../narrow/terms";
import { streamByName } from "../streams/data";
import { isSpectator } from "./spectator";
import { me, people, phase, settings, streams } from "./state";

export type Route =
  | { view: "inbox" | "recent" | "drafts" | "streams" }
  | { view: "topics"; streamId: number }
  | { view: "messages"; narrow: Narrow }
  | { view: "invalid" };

export const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

export const names: Names = {
  get me() {
    return me.value;
  },
  streamName: (id) => streams.value.get(id)?.name,
  streamId: (name) => streamByName(streams.value, name)?.id,
  userName: (id) => people.value.byId.get(id)?.name,
  userId: (wanted) => {
    const lower = wanted.toLowerCase();
    for (const one of people.value.byId.values()) {
      if (one.email.toLowerCase() === lower || one.name.toLowerCase() === lower) return one.id;
    }
    return undefined;
  },
};

function homeHash(): string {
  if (isSpectator) return "#feed";
  const home = settings.value.web_home_view;
  if (home === "recent_topics" || home === "recent") return "#recent";
  return home === "all_messages" ? "#feed" : "#inbox";
}

function parse(text: string): Route {
  if (text === "#inbox" || text === "#recent" || text === "#drafts") {
    return { view: text.slice(1) as "inbox" | "recent" | "drafts" };
  }
  if (text === "#scheduled") return { view: "drafts" };
  if (/^#(streams|channels)\b/.test(text)) return { view: "streams" };
  if (text === "#feed" || text === "#all_messages") return { view: "messages", narrow: [] };
  if (text === "#recent_topics") return { view: "recent" };
  const listed = /^#topics\/channel\/(\d+)/.exec(text);
  if (listed) return { view: "topics", streamId: Number(listed[1]) };
  const narrow = text.startsWith("#narrow") ? hashToNarrow(text, names) : undefined;
  return narrow ? { view: "messages", narrow } : { view: "invalid" };
}

// Names come from the state, but the place one is at must not be rebuilt when a name changes.
let last: { hash: string; ready: boolean; route: Route } | undefined;

export const route = computed<Route>(() => {
  const text = hash.value === "" || hash.value === "#" ? homeHash() : hash.value;
  const ready = phase.value === "ready";
  if (last && last.hash === text && last.ready === ready) return last.route;
  last = { hash: text, ready, route: parse(text) };
  return last.route;
});

/** The narrow on the screen, if it is one. */
export const narrow = computed(() => (route.value.view === "messages" ? route.value.narrow : undefined));
export const conversation = computed<Place | undefined>(() =>
  narrow.value ? conversationOf(narrow.value, me.value) : undefined,
);
export const currentStream = computed(() => {
  if (route.value.view === "topics") return route.value.streamId;
  return narrow.value ? streamOf(narrow.value) : undefined;
});

export function hashFor(target: Narrow | Place): string {
  return narrowToHash("kind" in target ? narrowTo(target) : target, names);
}

/** Whether what is on the screen is somebody's own: nothing of it is there without an account. */
export const isPersonal = computed<boolean>(() => {
  const { view } = route.value;
  if (view === "inbox" || view === "drafts") return true;
  return (narrow.value ?? []).some(
    (term) => /^(dm|dm-including|mentions|is)$/.test(term.operator) || ("ids" in term && term.ids.includes(me.value)),
  );
});

export function go(target: string | Narrow | Place): void {
  const next = typeof target === "string" ? target : hashFor(target);
  if (next === location.hash) hash.value = next;
  else location.hash = next;
}

export function goHome(): void {
  go(homeHash());
}
