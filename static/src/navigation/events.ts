// Changing which views stand in the sidebar.

import { request } from "../api/client";
import type { NavigationView } from "../api/generated";
import { signalError, withUndo } from "../app/feedback";
import { type MenuItem, openMenu } from "../app/overlays";
import { navigation } from "../app/state";
import { t } from "../i18n";

/** The fragment stands in the path as it is: slashes are part of it. */
const pathOf = (fragment: string) => `/navigation_views/${encodeURI(fragment)}`;

async function setPinned({ fragment, name }: NavigationView, is_pinned: boolean): Promise<void> {
  const known = navigation.peek().has(fragment);
  const asked = known
    ? request("PATCH", pathOf(fragment), { is_pinned })
    : request("POST", "/navigation_views", { fragment, is_pinned, name: name ?? undefined });
  await asked.catch(signalError);
}

/** Keeps what is on the screen as a view of one's own. */
export function keepView(fragment: string, name: string): Promise<void> {
  return setPinned({ fragment, name, is_pinned: true }, true);
}

export async function removeView(fragment: string): Promise<void> {
  const view = navigation.peek().get(fragment);
  if (!view) return;
  await withUndo(
    () => request("DELETE", pathOf(fragment)),
    t("entries.removed", { name: view.name ?? fragment }),
    () => request("POST", "/navigation_views", { ...view, name: view.name ?? undefined }),
  );
}

export function openViewMenu(anchor: HTMLElement, view: NavigationView): void {
  const items: MenuItem[] = [
    {
      label: t(view.is_pinned ? "views.hide" : "views.show"),
      icon: view.is_pinned ? "spoiler" : "eye",
      run: () => void setPinned(view, !view.is_pinned),
    },
  ];
  if (view.name !== null) {
    items.push({ label: t("views.remove"), icon: "trash", danger: true, run: () => void removeView(view.fragment) });
  }
  openMenu(anchor, t("views.menu"), items);
}
