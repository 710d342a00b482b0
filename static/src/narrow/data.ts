// Questions about a narrow: does a message belong to it, which conversation is it, which built-in view is it.

import type { MessageId, StreamId } from "../api/types";
import { type Message, type Place, samePlace } from "../messages/model";
import type { Narrow, Term } from "./terms";

/** What deciding about a message needs beyond the message itself. */
export interface MatchContext {
  isTopicMuted(streamId: StreamId, topic: string): boolean;
  isTopicFollowed(streamId: StreamId, topic: string): boolean;
  isUnread(id: MessageId): boolean;
  isWebPublic(streamId: StreamId): boolean;
  isPublic(streamId: StreamId): boolean;
}

const RESOLVED = "✔ ";

export function isResolved(topic: string): boolean {
  return topic.startsWith(RESOLVED);
}

export function withoutResolved(topic: string): string {
  return topic.replace(/^(✔ )+/, "");
}

export function toggleResolved(topic: string): string {
  return isResolved(topic) ? withoutResolved(topic) : RESOLVED + topic;
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

/** Direct-message ids as a place has them: sorted, once each, without oneself unless alone. */
export function dmIds(ids: readonly number[], me: number): number[] {
  const others = [...new Set(ids)].filter((id) => id !== me).sort((a, b) => a - b);
  return others.length > 0 ? others : [me];
}

function matchesIs(message: Message, operand: string, context: MatchContext): boolean | undefined {
  const { place, flags } = message;
  switch (operand) {
    case "dm":
      return place.kind === "dm";
    case "starred":
      return flags.has("starred");
    case "mentioned":
      return ["mentioned", "wildcard_mentioned", "stream_wildcard_mentioned", "topic_wildcard_mentioned"].some((flag) =>
        flags.has(flag),
      );
    case "alerted":
      return flags.has("has_alert_word");
    case "unread":
      return context.isUnread(message.id);
    case "resolved":
      return place.kind === "stream" && isResolved(place.topic);
    case "followed":
      return place.kind === "stream" && context.isTopicFollowed(place.streamId, place.topic);
    case "muted":
      return place.kind === "stream" && context.isTopicMuted(place.streamId, place.topic);
    default:
      return undefined;
  }
}

function matchesHas(message: Message, operand: string): boolean | undefined {
  const html = message.content;
  switch (operand.replace(/s$/, "")) {
    case "reaction":
      return message.reactions.length > 0;
    case "link":
      return /<a [^>]*href="(?!\/?#|\/user_uploads)/.test(html);
    case "image":
      return /<img (?![^>]*class="emoji)/.test(html);
    case "attachment":
      return html.includes('href="/user_uploads/');
    default:
      return undefined;
  }
}

function matchesTerm(message: Message, term: Term, me: number, context: MatchContext): boolean | undefined {
  const { place } = message;
  switch (term.operator) {
    case "channel":
      return place.kind === "stream" && String(place.streamId) === term.operand;
    case "channels":
      if (term.operand === "all") return place.kind === "stream";
      if (term.operand === "public") return place.kind === "stream" && context.isPublic(place.streamId);
      if (term.operand === "web-public") return place.kind === "stream" && context.isWebPublic(place.streamId);
      return undefined;
    case "topic":
      return place.kind === "stream" && place.topic.toLowerCase() === term.operand.toLowerCase();
    case "dm":
      return place.kind === "dm" && sameIds(place.ids, dmIds(term.ids, me));
    case "dm-including":
      return (
        place.kind === "dm" && term.ids.every((id) => id === me || place.ids.includes(id) || message.senderId === id)
      );
    case "sender":
      return message.senderId === term.ids[0];
    case "is":
      return matchesIs(message, term.operand, context);
    case "has":
      return matchesHas(message, term.operand);
    case "id":
      return String(message.id) === term.operand;
    case "near":
      return true;
    case "in":
      if (term.operand === "all") return true;
      return place.kind === "dm" || !context.isTopicMuted(place.streamId, place.topic);
    default:
      return undefined;
  }
}

/** Whether the message belongs to the narrow; undefined if only the server can tell. */
export function matches(message: Message, narrow: Narrow, me: number, context: MatchContext): boolean | undefined {
  let decided: boolean | undefined = true;
  for (const term of narrow) {
    const one = matchesTerm(message, term, me, context);
    if (one === undefined) decided = undefined;
    else if (one === (term.negated ?? false) && term.operator !== "near") return false;
  }
  return decided;
}

function only(narrow: Narrow, operator: Term["operator"]): Term | undefined {
  const found = narrow.filter((term) => term.operator === operator && !term.negated);
  return found.length === 1 ? found[0] : undefined;
}

/** The conversation that a narrow shows, if it shows exactly one. */
export function conversationOf(narrow: Narrow, me: number): Place | undefined {
  const terms = narrow.filter((term) => term.operator !== "near" && term.operator !== "with");
  const dm = only(terms, "dm");
  if (dm && "ids" in dm && terms.length === 1) return { kind: "dm", ids: dmIds(dm.ids, me) };
  const channel = only(terms, "channel");
  const topic = only(terms, "topic");
  if (channel && topic && terms.length === 2 && "operand" in channel && "operand" in topic) {
    return { kind: "stream", streamId: Number(channel.operand), topic: topic.operand };
  }
  return undefined;
}

/** The channel that a narrow is about (with or without a topic). */
export function streamOf(narrow: Narrow): StreamId | undefined {
  const channel = only(narrow, "channel");
  return channel && "operand" in channel && /^\d+$/.test(channel.operand) ? Number(channel.operand) : undefined;
}

export function narrowTo(place: Place): Narrow {
  return place.kind === "dm"
    ? [{ operator: "dm", ids: place.ids }]
    : [
        { operator: "channel", operand: String(place.streamId) },
        { operator: "topic", operand: place.topic },
      ];
}

export function narrowToStream(streamId: StreamId): Narrow {
  return [{ operator: "channel", operand: String(streamId) }];
}

/** One's own messages that someone reacted to: a view with a name. */
export function isReactionsToMe(narrow: Narrow, me: number): boolean {
  const reacted = only(narrow, "has");
  const sender = only(narrow, "sender");
  const fits = reacted && "operand" in reacted && /^reactions?$/.test(reacted.operand);
  return narrow.length === 2 && fits === true && sender !== undefined && "ids" in sender && sender.ids[0] === me;
}

/** A narrow that shows whole conversations says which; one that picks out messages (undefined) cannot. */
export function wholePlaces(narrow: Narrow, me: number): ((place: Place) => boolean) | undefined {
  const terms = narrow.filter((term) => term.operator !== "near");
  const [first] = terms;
  if (!first) return () => true;
  const conversation = conversationOf(terms, me);
  if (conversation) return (place) => samePlace(place, conversation);
  if (terms.length > 1 || first.negated || !("operand" in first)) return undefined;
  if (first.operator === "is" && first.operand === "dm") return (place) => place.kind === "dm";
  const streamId = streamOf(terms);
  return streamId === undefined ? undefined : (place) => place.kind === "stream" && place.streamId === streamId;
}

export function isSearch(narrow: Narrow): boolean {
  return narrow.some((term) => term.operator === "search");
}

/** Where a view starts, if its link says so. */
export function nearId(narrow: Narrow): MessageId | undefined {
  const near = narrow.find((term) => term.operator === "near");
  const id = near && "operand" in near ? Number(near.operand) : Number.NaN;
  return Number.isSafeInteger(id) ? id : undefined;
}

/** In these views, reading what is on the screen marks it as read. */
export function marksAsRead(narrow: Narrow, me: number): boolean {
  if (isSearch(narrow)) return false;
  const terms = narrow.filter((term) => term.operator !== "near");
  if (terms.length === 0 || conversationOf(narrow, me)) return true;
  const first = terms[0];
  return terms.length === 1 && (first?.operator === "channel" || (first?.operator === "is" && first.operand === "dm"));
}
