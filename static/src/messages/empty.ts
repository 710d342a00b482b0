// What a view says in which there is no message.

import type { UserId } from "../api/types";
import type { IconName } from "../dom/html";
import type { Key } from "../i18n";
import { conversationOf, isReactionsToMe, isSearch } from "../narrow/data";
import type { Narrow } from "../narrow/terms";

/** What views of one kind of message say while there is none, and under which sign. */
const EMPTY: Record<string, readonly [IconName, Key]> = {
  starred: ["star", "empty.starred"],
  mentioned: ["at", "empty.mentions"],
  dm: ["people", "empty.dms"],
};

/** What a narrow without messages says. */
export function emptiness(current: Narrow, me: UserId): readonly [IconName, Key] {
  if (isSearch(current)) return ["search", "empty.search"];
  const place = conversationOf(current, me);
  if (place) return place.kind === "dm" ? ["people", "empty.dm"] : ["feed", "empty.topic"];
  const terms = current.filter((term) => term.operator !== "near");
  if (isReactionsToMe(terms, me)) return ["smile", "empty.reactions"];
  const [first] = terms;
  if (!first) return ["feed", "empty.feed"];
  if (terms.length > 1 || !("operand" in first)) return ["feed", "empty.narrow"];
  if (first.operator === "channel") return ["hash", "empty.channel"];
  return (first.operator === "is" && EMPTY[first.operand]) || ["feed", "empty.narrow"];
}
