// The menu of a topic.

import { confirm, type MenuItem, openMenu, overlay } from "../app/overlays";
import { hashFor } from "../app/route";
import * as state from "../app/state";
import { copy } from "../dom/clipboard";
import { t } from "../i18n";
import { type Place, samePlace } from "../messages/model";
import { isResolved } from "../narrow/data";
import { POLICY, policyOf } from "./data";
import { deleteTopic, markPlacesRead, setPolicy, type TopicPlace, toggleTopicResolved } from "./events";

function items(place: TopicPlace): MenuItem[] {
  const policy = policyOf(state.topics.peek(), place.streamId, place.topic);
  const choice = (label: string, value: number): MenuItem => ({
    label,
    checked: policy === value,
    run: () => void setPolicy(place, value),
  });
  const list: MenuItem[] = [
    choice(t("topic.default"), POLICY.none),
    choice(t("topic.follow"), POLICY.followed),
    choice(t("topic.mute"), POLICY.muted),
    choice(t("topic.unmute"), POLICY.unmuted),
    {
      label: t("menu.markRead"),
      icon: "eye",
      run: () => void markPlacesRead((one: Place) => samePlace(one, place)),
    },
    { label: t("topic.copyLink"), icon: "link", run: () => void copy(`${location.origin}/${hashFor(place)}`) },
  ];
  if (!state.isGuest.peek()) {
    list.push(
      {
        label: isResolved(place.topic) ? t("topic.unresolve") : t("topic.resolve"),
        icon: "check",
        run: () => void toggleTopicResolved(place),
      },
      {
        label: t("topic.rename"),
        icon: "edit",
        run: () => {
          overlay.value = { kind: "rename-topic", place };
        },
      },
    );
  }
  if (state.isAdmin.peek()) {
    list.push({
      label: t("topic.delete"),
      icon: "trash",
      danger: true,
      run: () =>
        confirm(
          t("topic.deleteTitle", { topic: place.topic }),
          t("topic.deleteText"),
          t("topic.delete"),
          () => void deleteTopic(place),
        ),
    });
  }
  return list;
}

export function openTopicMenu(anchor: HTMLElement, place: TopicPlace): void {
  openMenu(anchor, t("topic.menu"), items(place));
}
