// Which views stand in the sidebar: those that every client has, and those that one made of a search.

import type { NavigationViewEvent } from "../api/events";
import type { NavigationView } from "../api/generated";

/** What the server keeps, by fragment. A built-in view that it says nothing of is shown. */
export type Views = ReadonlyMap<string, NavigationView>;

/** In the order in which they stand. */
export const BUILT_IN = [
  "inbox",
  "recent",
  "feed",
  "narrow/is/mentioned",
  "narrow/has/reaction/sender/me",
  "narrow/is/starred",
  "drafts",
] as const;
export type BuiltIn = (typeof BUILT_IN)[number];

/** Longest fragment and name that the server keeps. */
export const MAX_LENGTH = 100;

const isBuiltIn = (fragment: string): boolean => (BUILT_IN as readonly string[]).includes(fragment);

export function fromRegister(list: readonly NavigationView[]): Views {
  return new Map(list.map((one) => [one.fragment, one]));
}

export function apply(views: Views, event: NavigationViewEvent): Views {
  const next = new Map(views);
  if (event.op === "remove") next.delete(event.fragment);
  else if (event.op === "add") next.set(event.navigation_view.fragment, event.navigation_view);
  else {
    const known = next.get(event.fragment);
    if (known) next.set(event.fragment, { ...known, ...event.data });
  }
  return next;
}

/** The views of one's own making, by name. */
function own(views: Views): NavigationView[] {
  const made = [...views.values()].filter((one) => !isBuiltIn(one.fragment));
  return made.sort((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
}

/** What stands in the sidebar, and what only when more is asked for. */
export function arranged(views: Views): { shown: NavigationView[]; hidden: NavigationView[] } {
  const builtIn = BUILT_IN.map((fragment) => views.get(fragment) ?? { fragment, is_pinned: true, name: null });
  const all = [...builtIn, ...own(views)];
  return { shown: all.filter((one) => one.is_pinned), hidden: all.filter((one) => !one.is_pinned) };
}
