// The page: header, sidebars, the view that the route names, compose.

import { type Signal, signal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { editMessage } from "../api/calls";
import { compose, followTo } from "../compose/events";
import { ComposeBox } from "../compose/ui";
import { Icon, IconButton, Skeleton } from "../dom/ui";
import { DraftsView } from "../drafts/ui";
import { retryAt, status } from "../events/connection";
import { t } from "../i18n";
import { InboxView } from "../inbox/ui";
import { markNarrowRead } from "../messages/events";
import { peopleNames, topicName } from "../messages/row";
import { MessagePane } from "../messages/ui";
import { isResolved, isSearch, narrowToStream, toggleResolved, withoutResolved } from "../narrow/data";
import type { Narrow } from "../narrow/terms";
import { RightSidebar } from "../people/ui";
import { RecentView } from "../recent/ui";
import { write } from "../search/data";
import { focusSearch, SearchBar } from "../search/ui";
import { LeftSidebar } from "../sidebar/left";
import { StreamsView } from "../streams/ui";
import { dismiss, signalError, toasts } from "./feedback";
import { leftFolded, leftOpen, type Overlay, openMenu, overlay, rightFolded, rightOpen } from "./overlays";
import { Popovers } from "./popovers";
import { conversation, go, hashFor, names, narrow, route } from "./route";
import { retry, start } from "./session";
import * as state from "./state";

// ---- what loads on demand ----

type OverlayView = ComponentType<{ open: Overlay; start: Extract<Overlay, { kind: "palette" }> }>;

const loaded: Record<string, Signal<OverlayView | undefined>> = {
  palette: signal(undefined),
  settings: signal(undefined),
  dialogs: signal(undefined),
};
const LOADERS: Record<string, () => Promise<{ default: unknown }>> = {
  palette: () => import("../palette/ui"),
  settings: () => import("../settings/ui"),
  dialogs: () => import("./dialogs"),
};

function moduleOf(open: Overlay): string {
  return open.kind === "palette" || open.kind === "settings" ? open.kind : "dialogs";
}

async function loadOverlay(name: string): Promise<void> {
  const slot = loaded[name];
  if (!slot || slot.value) return;
  const module = await LOADERS[name]?.();
  slot.value = module?.default as OverlayView;
}

function OverlayHost() {
  // Fetched in the first quiet moment, so that the first use does not wait for the network.
  useEffect(() => {
    const timer = setTimeout(() => Object.keys(LOADERS).forEach((name) => void loadOverlay(name)), 1500);
    return () => clearTimeout(timer);
  }, []);
  useSignalEffect(() => {
    if (overlay.value) void loadOverlay(moduleOf(overlay.value));
  });
  const open = overlay.value;
  const View = open && loaded[moduleOf(open)]?.value;
  if (!open || !View) return null;
  return <View key={open.kind} open={open} start={open as Extract<Overlay, { kind: "palette" }>} />;
}

// ---- header ----

/** The title of what is shown, in words. */
export function titleOf(current: Narrow | undefined): string {
  const { view } = route.value;
  if (view === "inbox") return t("view.inbox");
  if (view === "recent") return t("view.recent");
  if (view === "drafts") return t("view.drafts");
  if (view === "streams") return t("streams.browse");
  if (!current) return t("view.unknown");
  if (current.length === 0) return t("view.feed");
  const place = conversation.value;
  if (place?.kind === "dm") return peopleNames(place.ids);
  if (place) return topicName(withoutResolved(place.topic));
  const terms = current.filter((term) => term.operator !== "near");
  const [first] = terms;
  if (terms.length === 1 && first && "operand" in first && !first.negated) {
    if (first.operator === "channel")
      return state.streams.value.get(Number(first.operand))?.name ?? t("stream.unknown");
    if (first.operator === "is" && first.operand === "starred") return t("view.starred");
    if (first.operator === "is" && first.operand === "mentioned") return t("view.mentions");
    if (first.operator === "is" && first.operand === "dm") return t("nav.dms");
  }
  const written = write(terms, names);
  return isSearch(terms) ? t("view.search", { query: written }) : written;
}

function Heading() {
  const current = narrow.value;
  const place = conversation.value;
  const shown = current && isSearch(current) ? undefined : current;
  const streamTerm = shown?.find((term) => term.operator === "channel" && !term.negated);
  const stream =
    streamTerm && "operand" in streamTerm ? state.streams.value.get(Number(streamTerm.operand)) : undefined;
  if (place?.kind === "stream" && stream) {
    const resolved = isResolved(place.topic);
    return (
      <div class="heading">
        <a class="heading-stream" href={hashFor(narrowToStream(stream.id))}>
          <span style={{ color: stream.color }}>
            <Icon name={stream.isPrivate ? "lock" : "hash"} />
          </span>
          {stream.name}
        </a>
        <Icon name="chevron" />
        <h1 class={place.topic === "" ? "general" : ""}>
          {resolved && <Icon name="check" />}
          {topicName(withoutResolved(place.topic))}
        </h1>
        <IconButton
          icon="check"
          pressed={resolved}
          label={resolved ? t("topic.unresolve") : t("topic.resolve")}
          onClick={() => void resolveTopic()}
        />
      </div>
    );
  }
  return (
    <div class="heading">
      {stream && (
        <span style={{ color: stream.color }}>
          <Icon name={stream.isPrivate ? "lock" : "hash"} />
        </span>
      )}
      {place?.kind === "dm" && <Icon name="people" />}
      <h1>{titleOf(current)}</h1>
      {stream?.description && <p class="heading-about">{stream.description}</p>}
    </div>
  );
}

async function resolveTopic(): Promise<void> {
  const place = conversation.peek();
  if (place?.kind !== "stream") return;
  const known = [...state.messages.peek().byId.values()].filter(
    (one) =>
      one.place.kind === "stream" &&
      one.place.streamId === place.streamId &&
      one.place.topic === place.topic &&
      !one.echo,
  );
  const last = known.sort((a, b) => b.id - a.id)[0];
  if (!last) return;
  const topic = toggleResolved(place.topic);
  try {
    await editMessage(last.id, { topic, propagate_mode: "change_all" });
    go({ ...place, topic });
  } catch (error) {
    signalError(error);
  }
}

function accountMenu(anchor: HTMLElement): void {
  openMenu(anchor, t("account.menu"), [
    {
      label: t("settings.title"),
      icon: "gear",
      run: () => {
        overlay.value = { kind: "settings" };
      },
    },
    {
      label: t("key.title"),
      icon: "help",
      run: () => {
        overlay.value = { kind: "shortcuts" };
      },
    },
    { label: t("account.logOut"), icon: "close", run: () => logOut() },
  ]);
}

function logOut(): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/accounts/logout/";
  const token = document.createElement("input");
  token.name = "csrfmiddlewaretoken";
  token.value = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  form.append(token);
  document.body.append(form);
  form.submit();
}

const WIDE = "(min-width: 1100px)";

function Header() {
  const current = narrow.value;
  const unreadHere = current !== undefined && route.value.view === "messages";
  return (
    <header class="header">
      <IconButton
        icon="menu"
        label={t("nav.toggle")}
        expanded={leftOpen.value || !leftFolded.value}
        onClick={() => {
          if (matchMedia("(max-width: 767px)").matches) leftOpen.value = !leftOpen.value;
          else leftFolded.value = !leftFolded.value;
        }}
      />
      <a class="brand" href="#inbox" title={t("view.inbox")}>
        {state.realm.value.name}
      </a>
      <Heading />
      <span class="spacer" />
      <IconButton icon="search" class="phone-only" label={t("search.label")} onClick={focusSearch} />
      <SearchBar />
      {unreadHere && (
        <IconButton
          icon="check"
          class="wide-only"
          label={t("menu.markRead")}
          onClick={() => void markNarrowRead(current)}
        />
      )}
      <IconButton
        icon="people"
        label={t("people.toggle")}
        expanded={rightOpen.value || !rightFolded.value}
        onClick={() => {
          if (matchMedia(WIDE).matches) rightFolded.value = !rightFolded.value;
          else rightOpen.value = !rightOpen.value;
        }}
      />
      <IconButton
        icon="gear"
        label={t("account.menu")}
        onClick={(event) => accountMenu(event.currentTarget as HTMLElement)}
      />
    </header>
  );
}

// ---- notices ----

function ConnectionBar() {
  if (state.reloadOffered.value) {
    return (
      <div class="notice-bar" role="status">
        {t("connection.newVersion")}
        <button type="button" class="link-button" onClick={() => location.reload()}>
          {t("connection.reload")}
        </button>
      </div>
    );
  }
  if (status.value !== "offline") return null;
  return (
    <div class="notice-bar warn" role="status">
      <Icon name="alert" />
      {retryAt.value > 0 ? t("connection.offline") : t("connection.trying")}
      <button type="button" class="link-button" onClick={retry}>
        {t("connection.retry")}
      </button>
    </div>
  );
}

function Toasts() {
  return (
    <div class="toasts" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.kind}`} role={toast.kind === "error" ? "alert" : "status"}>
          <span>{toast.text}</span>
          {toast.action && (
            <button type="button" class="link-button" onClick={toast.action.run}>
              {toast.action.label}
            </button>
          )}
          <IconButton icon="close" label={t("close")} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}

// ---- the page ----

function View() {
  const current = route.value;
  switch (current.view) {
    case "inbox":
      return <InboxView />;
    case "recent":
      return <RecentView />;
    case "drafts":
      return <DraftsView />;
    case "streams":
      return <StreamsView />;
    case "messages":
      return <MessagePane current={current.narrow} />;
    case "invalid":
      return (
        <div class="empty" role="alert">
          <h2>{t("view.unknown")}</h2>
          <p>{t("view.unknownText")}</p>
          <a class="button" href="#inbox">
            {t("view.inbox")}
          </a>
        </div>
      );
  }
}

function Failed() {
  return (
    <main class="empty whole">
      <h1>{t("load.failed")}</h1>
      <p role="alert">{state.loadError.value}</p>
      <button type="button" class="button primary" onClick={() => void start()}>
        {t("load.again")}
      </button>
    </main>
  );
}

export function Shell() {
  useSignalEffect(() => {
    const unread = state.counts.value.total;
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${titleOf(narrow.value)} · ${state.realm.value.name}`;
  });
  useSignalEffect(() => {
    const place = conversation.value;
    if (place && compose.peek().open) followTo(place);
  });
  if (state.phase.value === "failed") return <Failed />;
  if (state.phase.value === "loading") {
    return (
      <main class="whole">
        <Skeleton rows={8} />
      </main>
    );
  }
  const folded = `${leftFolded.value ? "left-folded" : ""} ${rightFolded.value ? "right-folded" : ""}`;
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>("#main")?.focus();
        }}
      >
        {t("nav.skip")}
      </a>
      <div class={`shell ${folded}`}>
        <Header />
        <LeftSidebar />
        <main class="main" id="main" tabIndex={-1}>
          <ConnectionBar />
          <View />
          <ComposeBox />
        </main>
        <RightSidebar />
        {(leftOpen.value || rightOpen.value) && (
          <button
            type="button"
            class="scrim"
            aria-label={t("close")}
            onClick={() => {
              leftOpen.value = false;
              rightOpen.value = false;
            }}
          />
        )}
      </div>
      <OverlayHost />
      <Popovers />
      <Toasts />
    </>
  );
}
