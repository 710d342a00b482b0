// Showing people.

import { h } from "preact";
import type { UserId } from "../api/types";
import { openPanel } from "../app/overlays";
import { people } from "../app/state";
import { t } from "../i18n";

export function openUserCard(anchor: HTMLElement, id: UserId): void {
  const name = people.peek().byId.get(id)?.name ?? t("person.unknown");
  openPanel(anchor, name, async () => {
    const { UserCard } = await import("./card");
    return () => h(UserCard, { id });
  });
}
