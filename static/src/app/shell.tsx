// The page: header, sidebars, the view that the route names, compose.

import { type Signal, signal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { heldBack } from "../api/client";
import { compose, followTo } from "../compose/events";
import { ComposeBox } from "../compose/ui";
import { Icon, Skeleton } from "../dom/ui";
import { DraftsView } from "../drafts/ui";
import { retryAt, status } from "../events/connection";
import { t } from "../i18n";
import { InboxView } from "../inbox/ui";
import { MessagePane } from "../messages/ui";
import { RightSidebar } from "../people/ui";
import { RecentView } from "../recent/ui";
import { LeftSidebar } from "../sidebar/left";
import { ChannelNotice } from "../streams/notice";
import { StreamsView } from "../streams/ui";
import { TopicsView } from "../topics/view";
import { partMissing } from "./feedback";
import { Header, titleOf } from "./header";
import { leftFolded, leftOpen, type Overlay, overlay, rightFolded, rightOpen } from "./overlays";
import { Popovers } from "./popovers";
import { conversation, isPersonal, narrow, route } from "./route";
import { retry, start } from "./session";
import { isSpectator, toLogin } from "./spectator";
import * as state from "./state";
import { Toasts } from "./toasts";

// ---- what loads on demand ----

type OverlayView = ComponentType<{ open: Overlay; start: Extract<Overlay, { kind: "palette" }> }>;

const loaded: Record<string, Signal<OverlayView | undefined>> = {
  palette: signal(undefined),
  lightbox: signal(undefined),
  settings: signal(undefined),
  dialogs: signal(undefined),
};
const LOADERS: Record<string, () => Promise<{ default: unknown }>> = {
  palette: () => import("../palette/ui"),
  lightbox: () => import("../lightbox/ui"),
  settings: () => import("../settings/ui"),
  dialogs: () => import("./dialogs"),
};

function moduleOf(open: Overlay): string {
  return open.kind in LOADERS ? open.kind : "dialogs";
}

async function loadOverlay(name: string): Promise<void> {
  const slot = loaded[name];
  if (!slot || slot.value) return;
  const module = await LOADERS[name]?.();
  slot.value = module?.default as OverlayView;
}

/** Without it the page would wait for what does not come, and keep the keys for it. */
function giveUp(): void {
  overlay.value = undefined;
  partMissing();
}

function OverlayHost() {
  // Fetched in the first quiet moment, so that the first use does not wait for the network.
  useEffect(() => {
    const ahead = (name: string) => void loadOverlay(name).catch(() => undefined);
    const timer = setTimeout(() => Object.keys(LOADERS).forEach(ahead), 1500);
    return () => clearTimeout(timer);
  }, []);
  useSignalEffect(() => {
    if (overlay.value) void loadOverlay(moduleOf(overlay.value)).catch(giveUp);
  });
  const open = overlay.value;
  // A question stands over what it is about, which stays as it is.
  const layers = [open?.kind === "confirm" ? open.back : undefined, open].filter((one) => one !== undefined);
  return (
    <>
      {layers.map((layer) => {
        const View = loaded[moduleOf(layer)]?.value;
        return View && <View key={layer.kind} open={layer} start={layer as Extract<Overlay, { kind: "palette" }>} />;
      })}
    </>
  );
}

// ---- notices ----

/** Why nothing comes, while the server wants fewer requests. */
function HeldBack() {
  if (heldBack.value === 0) return null;
  return (
    <p class="notice-bar warn" role="status">
      <Icon name="clock" />
      {t("connection.heldBack")}
    </p>
  );
}

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
  if (status.value !== "offline") return <HeldBack />;
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

// ---- the page ----

function LogInFirst() {
  return (
    <div class="empty">
      <Icon name="people" />
      <h2>{t("spectator.personal")}</h2>
      <p>{t("spectator.ask")}</p>
      <button type="button" class="button primary" onClick={toLogin}>
        {t("spectator.logIn")}
      </button>
    </div>
  );
}

function Unknown() {
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

function View() {
  const current = route.value;
  if (isSpectator && isPersonal.value) return <LogInFirst />;
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
    case "topics": {
      const stream = state.streams.value.get(current.streamId);
      return stream ? <TopicsView key={stream.id} stream={stream} /> : <Unknown />;
    }
    case "invalid":
      return <Unknown />;
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
    const unread = state.iconCount.value;
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
        <HeldBack />
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
          <ChannelNotice />
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
      <p class="sr-only" aria-live="polite">
        {titleOf(narrow.value)}
      </p>
      <OverlayHost />
      <Popovers />
      {!overlay.value && <Toasts />}
    </>
  );
}
