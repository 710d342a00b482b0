// The menu of a stream.

import { confirm, type MenuItem, openMenu, openPanel, overlay } from "../app/overlays";
import { go, hashFor } from "../app/route";
import { openCompose } from "../compose/events";
import { copy } from "../dom/clipboard";
import { t } from "../i18n";
import { narrowToStream } from "../narrow/data";
import { markPlacesRead } from "../topics/events";
import { mayAdminister } from "./access";
import type { Stream } from "./data";
import { topicListHash } from "./entry";
import { leave, setArchived, setOwn, toggleMuted } from "./events";

function openColors(anchor: HTMLElement, stream: Stream): void {
  openPanel(anchor, t("stream.color"), async () => {
    const { colorPanel } = await import("./colors");
    return colorPanel(stream.id);
  });
}

function items(stream: Stream, anchor: HTMLElement): MenuItem[] {
  const list: MenuItem[] = [
    {
      label: t("menu.markRead"),
      icon: "eye",
      run: () => void markPlacesRead((place) => place.kind === "stream" && place.streamId === stream.id),
    },
    { label: t("stream.feed"), icon: "feed", run: () => go(narrowToStream(stream.id)) },
    { label: t("stream.topicList"), icon: "list", run: () => go(topicListHash(stream)) },
    {
      label: t("stream.newTopic"),
      icon: "plus",
      run: () => openCompose({ kind: "stream", streamId: stream.id, topic: "" }),
    },
    {
      label: stream.isPinned ? t("stream.unpin") : t("stream.pin"),
      icon: "pin",
      run: () => void setOwn(stream, "pin_to_top", !stream.isPinned),
    },
    {
      label: stream.isMuted ? t("stream.unmute") : t("stream.mute"),
      icon: "mute",
      run: () => void toggleMuted(stream),
    },
    { label: t("stream.color"), icon: "spoiler", run: () => openColors(anchor, stream) },
    {
      label: t("stream.copyLink"),
      icon: "link",
      run: () => void copy(`${location.origin}/${hashFor(narrowToStream(stream.id))}`),
    },
    {
      label: t("stream.settings"),
      icon: "gear",
      run: () => {
        overlay.value = { kind: "stream", id: stream.id };
      },
    },
    { label: t("stream.unsubscribe"), icon: "close", danger: true, run: () => void leave(stream) },
  ];
  if (mayAdminister(stream)) {
    list.push({
      label: t("stream.archive"),
      icon: "trash",
      danger: true,
      run: () =>
        confirm(
          t("stream.archiveTitle", { name: stream.name }),
          t("stream.archiveText"),
          t("stream.archive"),
          () => void setArchived(stream, true),
        ),
    });
  }
  return list;
}

export function openStreamMenu(anchor: HTMLElement, stream: Stream): void {
  openMenu(anchor, t("stream.menu"), items(stream, anchor));
}
