// The views at the top of the left sidebar: those that every client has, and those of one's own making.

import { useState } from "preact/hooks";
import type { NavigationView } from "../api/generated";
import { hash, route } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import type { IconName } from "../dom/html";
import { Badge, Icon, IconButton } from "../dom/ui";
import { drafts } from "../drafts/events";
import { type Key, t } from "../i18n";
import { arranged, type BuiltIn } from "../navigation/data";
import { openViewMenu } from "../navigation/events";
import { scheduled } from "../schedule/events";
import { closeOnPhone } from "./topics";

interface ViewLook {
  icon: IconName;
  label: Key;
  /** A number beside it; a quiet one asks for nothing. */
  count?(): number;
  quiet?: boolean;
}

const starredCount = () => (state.settings.value.starred_message_counts === false ? 0 : state.starredIds.value.size);

const LOOKS: Record<BuiltIn, ViewLook> = {
  inbox: { icon: "inbox", label: "view.inbox", count: () => state.counts.value.total },
  recent: { icon: "clock", label: "view.recent" },
  feed: { icon: "feed", label: "view.feed" },
  "narrow/is/mentioned": { icon: "at", label: "view.mentions", count: () => state.counts.value.mentions },
  "narrow/has/reaction/sender/me": { icon: "smile", label: "view.reactions" },
  "narrow/is/starred": { icon: "star", label: "view.starred", count: starredCount, quiet: true },
  drafts: {
    icon: "draft",
    label: "view.drafts",
    count: () => drafts.value.length + scheduled.value.length,
    quiet: true,
  },
};

/** What there is to see without an account. */
const OPEN: ReadonlySet<string> = new Set(["recent", "feed"]);

function ViewItem({ view }: { view: NavigationView }) {
  const look = LOOKS[view.fragment as BuiltIn] as ViewLook | undefined;
  const href = `#${view.fragment}`;
  const here = (hash.value || (route.value.view === "inbox" ? "#inbox" : "")) === href;
  return (
    <li class="side-item">
      <a class="side-link" href={href} aria-current={here ? "page" : undefined} onClick={closeOnPhone}>
        <Icon name={look?.icon ?? "search"} />
        <span class="side-label">{look ? t(look.label) : view.name}</span>
        <Badge count={look?.count?.() ?? 0} quiet={look?.quiet ?? false} />
      </a>
      {!isSpectator && (
        <IconButton
          icon="more"
          class="side-menu"
          label={t("views.menu")}
          onClick={(event) => openViewMenu(event.currentTarget as HTMLElement, view)}
        />
      )}
    </li>
  );
}

export function Views() {
  const [all, setAll] = useState(false);
  const { shown, hidden } = arranged(state.navigation.value);
  const offered = (all ? [...shown, ...hidden] : shown).filter((one) => !isSpectator || OPEN.has(one.fragment));
  return (
    <ul class="side-list" aria-label={t("nav.views")}>
      {offered.map((one) => (
        <ViewItem key={one.fragment} view={one} />
      ))}
      {hidden.length > 0 && (
        <li>
          <button type="button" class="side-more" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t("views.fewer") : t("views.more", { count: hidden.length })}
          </button>
        </li>
      )}
    </ul>
  );
}
