// The message pane: the list of the narrow on the screen, its states, and the acts on a message.

import { computed, effect, signal, untracked, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { MessageId, UserId } from "../api/types";
import { overlay } from "../app/overlays";
import { narrow } from "../app/route";
import * as state from "../app/state";
import { editing } from "../compose/events";
import { Failure } from "../dom/fetched";
import { Empty, Icon, IconButton, Skeleton } from "../dom/ui";
import { comebacks } from "../events/connection";
import { t } from "../i18n";
import { picturesIn } from "../lightbox/data";
import { conversationOf, isSearch, marksAsRead, nearId } from "../narrow/data";
import { type Narrow, narrowKey } from "../narrow/terms";
import { justSent } from "../outbox/events";
import { writers } from "../typing/data";
import { openMessageMenu, rowAction } from "./actions";
import { lowerBound, type View } from "./data";
import { editorFor } from "./editor";
import { emptiness } from "./empty";
import * as events from "./events";
import { unfolded } from "./fold";
import { MessageList, type Start } from "./list";
import { buildRow, furniture } from "./row";
import { showToolbar } from "./toolbar";

/** The list on the screen, for the keyboard. */
export const list = signal<MessageList | undefined>(undefined);
export const selectedId = signal<MessageId | undefined>(undefined);
const atEnd = signal(true);

/** Where the reader was in each narrow. */
const positions = new Map<string, Start>();
/** The first unread message when the narrow was opened: the marker stays there. */
let markerId: MessageId | undefined;

export function selectedMessage() {
  const id = selectedId.peek();
  return id === undefined ? undefined : state.messages.peek().byId.get(id);
}

/** Where the reader was when all fetched messages were dropped (the queue was new): to go on there, and nowhere else. */
let resume: { key: string; start: Start } | undefined;

function startOf(key: string, view: View, current: Narrow): Start {
  const again = resume?.key === key ? resume.start : undefined;
  resume = undefined;
  if (again) return again;
  const near = nearId(current);
  if (near !== undefined) return { at: "row", id: near, share: 0.3 };
  const unreadPlaces = state.unread.peek().places;
  const firstUnread = view.ids.find((id) => unreadPlaces.has(id));
  markerId = isSearch(current) ? undefined : firstUnread;
  if (firstUnread !== undefined && !isSearch(current)) {
    return firstUnread === view.ids[0]
      ? { at: "row", id: firstUnread, share: 0.1 }
      : { at: "row", id: firstUnread, share: 0.3 };
  }
  return positions.get(key) ?? { at: "bottom" };
}

function resumeAt(key: string): MessageId | "newest" | undefined {
  if (resume?.key !== key) return undefined;
  return resume.start.at === "row" ? resume.start.id : "newest";
}

function visibleIds(view: View): readonly MessageId[] {
  const muted = state.people.value.muted;
  if (muted.size === 0) return view.ids;
  const { byId } = state.messages.value;
  return view.ids.filter((id) => !muted.has(byId.get(id)?.senderId ?? 0));
}

let shown: { inputs: readonly unknown[]; ids: readonly MessageId[] } = { inputs: [], ids: [] };

/** Drops what is not shown in the combined feed: muted streams and topics. Done again only when it may differ. */
function shownIds(view: View, current: Narrow): readonly MessageId[] {
  const inputs = [view.ids, current, state.people.value.muted, state.topics.value, state.streams.value];
  if (inputs.every((one, i) => one === shown.inputs[i])) return shown.ids;
  let ids = visibleIds(view);
  if (current.length === 0) {
    const { byId } = state.messages.value;
    ids = ids.filter((id) => {
      const place = byId.get(id)?.place;
      return place?.kind !== "stream" || !state.isTopicMuted(place.streamId, place.topic);
    });
  }
  shown = { inputs, ids };
  return ids;
}

/** What failed is not tried again with every scroll: the reader says when. */
const mayFetch = (current: Narrow) => !events.failed.peek().has(narrowKey(current));

/** Binds a list to the state: follows the narrow, its view and every message in it. */
function follow(scroller: HTMLElement, inner: HTMLElement): () => void {
  let shownKey = "";
  let current: Narrow = [];
  const context = () => ({
    inConversation: conversationOf(current, state.me.peek()) !== undefined,
    byId: state.messages.value.byId,
  });
  const made = new MessageList(scroller, inner, {
    signature(id, previous) {
      const { byId } = context();
      const before = previous === undefined ? undefined : byId.get(previous);
      const editor = editing.value?.id === id ? editing.value : undefined;
      return [
        byId.get(id),
        before?.place,
        before?.senderId,
        before?.timestamp,
        id === markerId,
        editor,
        unfolded.value.has(id),
        rowInputs(),
      ];
    },
    build(id, previous) {
      const { byId, inConversation } = context();
      const message = byId.get(id);
      if (!message) return document.createElement("article");
      const before = previous === undefined ? undefined : byId.get(previous);
      const above = { ...furniture(message, before, inConversation), unreadMarker: id === markerId };
      const editor = editing.value?.id === id ? editorFor(editing.value, message) : undefined;
      return buildRow(message, above, state.unread.peek().places.has(id), editor);
    },
    onTop: () => mayFetch(current) && events.loadOlder(current),
    onBottom: () => mayFetch(current) && events.loadNewer(current),
    onVisible(ids, end) {
      atEnd.value = end;
      if (shouldMark(current)) events.markRead(ids);
    },
    onSelect(id) {
      selectedId.value = id;
    },
    onReplace(old, row, id) {
      const message = context().byId.get(id);
      if (message && old.querySelector(".message-tools")) showToolbar(row, message);
    },
  });
  list.value = made;
  const stop = effect(() => {
    const next = narrow.value;
    const view = next && state.messages.value.views.get(narrowKey(next));
    rowInputs();
    editing.value;
    unfolded.value;
    if (!next) return;
    untracked(() => {
      const key = narrowKey(next) + (nearId(next) ?? "");
      if (shownKey !== "" && shownKey !== key) positions.set(narrowKey(current), made.position);
      if (!view || (view.ids.length === 0 && !view.foundNewest)) {
        if (shownKey === key) {
          positions.clear();
          resume = { key: narrowKey(current), start: made.position };
        }
        made.show([], { at: "bottom" });
        current = next;
        shownKey = "";
        return;
      }
      current = next;
      const ids = shownIds(view, next);
      if (shownKey === key) return made.update(ids);
      shownKey = key;
      made.show(ids, startOf(narrowKey(next), view, next));
      const near = nearId(next);
      if (near !== undefined && ids[lowerBound(ids, near)] === near) made.select(near, false);
    });
  });
  const stopSent = effect(() => {
    if (justSent.value > 0) untracked(() => made.toBottom());
  });
  // Being read changes nothing about a row but its look: one that was built anew would lose the click on it.
  const stopRead = effect(() => {
    const { places } = state.unread.value;
    for (const [id, row] of made.standing()) {
      row.querySelector(".message")?.classList.toggle("unread", places.has(id));
    }
  });
  const again = () => made.schedule();
  addEventListener("focus", again);
  return () => {
    removeEventListener("focus", again);
    positions.set(narrowKey(current), made.position);
    stop();
    stopSent();
    stopRead();
    made.destroy();
    list.value = undefined;
    selectedId.value = undefined;
  };
}

const persons = computed(() => state.people.value.byId);
/** What rows show of streams; the rest of a stream (its subscribers, say) changes without building rows anew. */
const streamLooks = computed(() =>
  [...state.streams.value.values()].map((one) => `${one.id} ${one.color} ${one.isPrivate} ${one.name}`).join("\n"),
);

/** What every row depends on besides its message: one value, compared by identity. */
const muted = computed(() => state.people.value.muted);

const inputs = computed(() => ({
  muted: muted.value,
  settings: state.settings.value,
  emoji: state.realmEmoji.value,
  playgrounds: state.playgrounds.value,
  streams: streamLooks.value,
  persons: persons.value,
}));
const rowInputs = () => inputs.value;

function shouldMark(current: Narrow): boolean {
  if (document.visibilityState !== "visible" || !document.hasFocus()) return false;
  const policy = state.settings.peek().web_mark_read_on_scroll_policy ?? 1;
  if (policy === 3) return false;
  if (policy === 2 && !conversationOf(current, state.me.peek())) return false;
  return marksAsRead(current, state.me.peek());
}

function TypingNotice() {
  const place = narrow.value && conversationOf(narrow.value, state.me.value);
  const ids: UserId[] = place ? writers(state.typing.value, place, state.now.value) : [];
  const names = ids.map((id) => state.people.value.byId.get(id)?.name ?? "");
  return (
    <p class="typing-notice" aria-live="polite">
      {names.length > 0 && t("typing.notice", { count: names.length, names: names.slice(0, 3).join(", ") })}
    </p>
  );
}

function Overlays({ current }: { current: Narrow }) {
  const key = narrowKey(current);
  const view = state.messages.value.views.get(key);
  const error = events.failed.value.get(key);
  if (error && !view) return <Failure reason={error.reason} again={() => void events.open(current)} />;
  if (!view) return <Skeleton rows={8} />;
  if (error) {
    return (
      <p class="notice-bar warn pane-notice" role="alert">
        <Icon name="alert" />
        {t("load.moreFailed", { reason: error.reason })}
        <button type="button" class="link-button" onClick={() => events.loadAgain(current)}>
          {t("load.again")}
        </button>
      </p>
    );
  }
  if (view.ids.length === 0) {
    const [icon, text] = emptiness(current, state.me.value);
    return (
      <Empty icon={icon} title={t("empty.title")}>
        {t(text)}
      </Empty>
    );
  }
  return null;
}

/** Shows the picture that was clicked (or the first of the row) over the page. Whether there was one. */
export function openPicture(within: HTMLElement): boolean {
  const link = within.closest<HTMLElement>(".message_inline_image a, .message_inline_video a");
  const row = within.closest<HTMLElement>(".row");
  const all = picturesIn(within.closest(".rows") ?? document);
  const at = all.findIndex((one) => (link ? one.link === link : row?.contains(one.link)));
  if (at < 0) return false;
  overlay.value = { kind: "lightbox", pictures: all.map((one) => one.picture), at };
  return true;
}

/** To the end of the narrow, also where that must be fetched first. */
export async function goToNewest(): Promise<void> {
  const current = narrow.peek();
  const view = current && state.messages.peek().views.get(narrowKey(current));
  if (current && view && !view.foundNewest) await events.openAtNewest(current);
  list.peek()?.toBottom();
}

export function MessagePane({ current }: { current: Narrow }) {
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  // Before the first picture of the pane and before the next key: both are to find the rows.
  useLayoutEffect(() => {
    if (!scroller.current || !inner.current) return;
    return follow(scroller.current, inner.current);
  }, []);
  // Whenever the line is back: what could not be fetched is worth another try.
  useSignalEffect(() => {
    comebacks.value;
    untracked(() => events.forgive());
  });
  useSignalEffect(() => {
    state.queueId.value;
    comebacks.value;
    const wanted = narrow.value;
    // Once the list has said where the reader is.
    if (wanted) queueMicrotask(() => void events.open(wanted, resumeAt(narrowKey(wanted))));
  });
  const view = state.messages.value.views.get(narrowKey(current));
  const busy = events.loading.value.get(narrowKey(current));
  const idOf = (event: Event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>(".row");
    return row ? Number(row.dataset.id) : undefined;
  };
  const onClick = (event: MouseEvent) => {
    const id = idOf(event);
    const message = id === undefined ? undefined : state.messages.peek().byId.get(id);
    if (!message) return;
    const target = event.target as HTMLElement;
    const mention = target.closest<HTMLElement>(".user-mention[data-user-id]");
    const act = target.closest<HTMLElement>("[data-act]");
    if (act) rowAction(message, act);
    else if (target.closest(".message_inline_image a") && openPicture(target)) event.preventDefault();
    else if (mention && mention.dataset.userId !== "*")
      overlay.value = { kind: "profile", id: Number(mention.dataset.userId) };
    else if (!target.closest("a,button,textarea,input") && String(getSelection()) === "")
      list.peek()?.select(message.id, false);
  };
  const onHover = (event: Event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>(".row");
    const message = row && state.messages.peek().byId.get(Number(row.dataset.id));
    if (row && message) showToolbar(row, message);
  };
  return (
    <div class="pane">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a feed, or a region while it is empty */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both may be named */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has commands of its own for all of this */}
      {/* biome-ignore lint/a11y/useKeyWithMouseEvents: focus does the same as the pointer */}
      <div
        ref={scroller}
        class="scroller"
        role={view && view.ids.length > 0 ? "feed" : "region"}
        aria-busy={busy !== undefined}
        aria-label={t("message.list")}
        tabIndex={0}
        onClick={onClick}
        onMouseOver={onHover}
        onFocusIn={onHover}
        onContextMenu={(event) => {
          const message = state.messages.peek().byId.get(idOf(event) ?? -1);
          if (!message || !event.shiftKey) return;
          event.preventDefault();
          openMessageMenu(message, event.target as HTMLElement);
        }}
      >
        {/* Always there, so that nothing moves when the beginning is reached. */}
        <p class="list-edge">{view?.foundOldest && view.ids.length > 0 ? t("message.beginning") : "\u00a0"}</p>
        <div ref={inner} class="rows" />
      </div>
      {view && busy && <p class={`loading-line ${busy}`} role="status" aria-label={t("load.loading")} />}
      <Overlays current={current} />
      {view && view.ids.length > 0 && !(atEnd.value && view.foundNewest) && (
        <IconButton icon="down" class="to-bottom" label={t("message.toBottom")} onClick={() => void goToNewest()} />
      )}
      <TypingNotice />
    </div>
  );
}
