// The header: where one is, search, the account.

import type { IconName } from "../dom/html";
import { Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { markNarrowRead } from "../messages/events";
import { peopleNames, topicName } from "../messages/row";
import { isReactionsToMe, isResolved, isSearch, narrowToStream, wholePlaces, withoutResolved } from "../narrow/data";
import type { Narrow } from "../narrow/terms";
import { MAX_LENGTH } from "../navigation/data";
import { keepView, removeView } from "../navigation/events";
import { write } from "../search/data";
import { focusSearch, SearchBar } from "../search/ui";
import { StreamIcon } from "../streams/icon";
import { markPlacesRead, toggleTopicResolved } from "../topics/events";
import { leftFolded, leftOpen, type MenuItem, openMenu, overlay, rightFolded, rightOpen } from "./overlays";
import { conversation, hashFor, names, narrow, route } from "./route";
import { isSpectator, toLogin } from "./spectator";
import * as state from "./state";

/** The title of what is shown, in words. */
export function titleOf(current: Narrow | undefined): string {
  const { view } = route.value;
  if (view === "topics") {
    const stream = state.streams.value.get(route.value.streamId);
    return stream ? t("nav.topicsOf", { stream: stream.name }) : t("view.unknown");
  }
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
  if (isReactionsToMe(terms, state.me.value)) return t("view.reactions");
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
          <StreamIcon stream={stream} />
          <span class="clip">{stream.name}</span>
        </a>
        <Icon name="chevron" />
        <h1 class={place.topic === "" ? "general" : ""}>
          {resolved && <Icon name="check" />}
          {topicName(withoutResolved(place.topic))}
        </h1>
        {!isSpectator && (
          <IconButton
            icon="check"
            pressed={resolved}
            label={resolved ? t("topic.unresolve") : t("topic.resolve")}
            onClick={() => void resolveTopic()}
          />
        )}
      </div>
    );
  }
  return (
    <div class="heading">
      {stream && <StreamIcon stream={stream} />}
      {place?.kind === "dm" && <Icon name="people" />}
      <h1>{titleOf(current)}</h1>
      {stream?.description && <p class="heading-about">{stream.description}</p>}
    </div>
  );
}

/** Keeps a search, or any view without a link of its own, in the sidebar. */
function KeepView({ current }: { current: Narrow }) {
  const terms = current.filter((term) => term.operator !== "near");
  const fragment = hashFor(terms).slice(1);
  const name = write(terms, names);
  const single = terms.length < 2 && !isSearch(terms);
  if (single || conversation.value || isReactionsToMe(terms, state.me.value)) return null;
  if (Math.max(fragment.length, name.length) > MAX_LENGTH) return null;
  const kept = state.navigation.value.has(fragment);
  return (
    <IconButton
      icon="pin"
      class="wide-only"
      pressed={kept}
      label={kept ? t("views.remove") : t("views.keep")}
      onClick={() => void (kept ? removeView(fragment) : keepView(fragment, name))}
    />
  );
}

function resolveTopic(): void {
  const place = conversation.peek();
  if (place?.kind === "stream") void toggleTopicResolved(place);
}

function accountMenu(anchor: HTMLElement): void {
  const dialog = (label: string, icon: IconName, kind: "settings" | "shortcuts" | "status"): MenuItem => ({
    label,
    icon,
    run: () => {
      overlay.value = { kind };
    },
  });
  const shortcuts = dialog(t("key.title"), "help", "shortcuts");
  const items: MenuItem[] = isSpectator
    ? [{ label: t("spectator.logIn"), icon: "people", run: toLogin }, shortcuts]
    : [
        dialog(t("settings.title"), "gear", "settings"),
        shortcuts,
        dialog(t("status.set"), "smile", "status"),
        { label: t("account.logOut"), icon: "close", run: logOut },
      ];
  openMenu(anchor, t("account.menu"), items);
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

/** Marks what is shown as read, so that it can be undone wherever it is known here what that is. */
function markRead(current: Narrow): void {
  const belongs = wholePlaces(current, state.me.peek());
  void (belongs ? markPlacesRead(belongs) : markNarrowRead(current));
}

const WIDE = "(min-width: 1100px)";

export function Header() {
  const current = narrow.value;
  const unreadHere = !isSpectator && current !== undefined && route.value.view === "messages";
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
      <a class="brand" href="#" title={t("nav.home")}>
        {state.realm.value.name}
      </a>
      <Heading />
      <span class="spacer" />
      <IconButton icon="search" class="phone-only" label={t("search.label")} onClick={focusSearch} />
      <SearchBar />
      {unreadHere && <KeepView current={current} />}
      {unreadHere && (
        <IconButton icon="eye" class="wide-only" label={t("menu.markRead")} onClick={() => markRead(current)} />
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
      {isSpectator && (
        <button type="button" class="button primary" onClick={toLogin}>
          {t("spectator.logIn")}
        </button>
      )}
      <IconButton
        icon="gear"
        id="account-menu"
        label={t("account.menu")}
        onClick={(event) => accountMenu(event.currentTarget as HTMLElement)}
      />
    </header>
  );
}
