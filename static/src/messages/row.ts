// One row of the message list: what stands before the message (date, conversation, unread marker) and the message.

import type { ApiReaction, UserId } from "../api/types";
import { hashFor } from "../app/route";
import { me, people, playgrounds, realm, realmEmoji, settings, streams } from "../app/state";
import { h, icon } from "../dom/html";
import { characters } from "../emoji/data";
import { t } from "../i18n";
import { isResolved, withoutResolved } from "../narrow/data";
import { initials } from "../people/data";
import { pictureFailed, shownPicture } from "../people/pictures";
import { streamIcon } from "../streams/icon";
import { hasWidget, widgetHost } from "../widgets/host";
import { renderContent } from "./content";
import { appendFolded } from "./fold";
import { type Message, type Place, samePlace } from "./model";
import { dayName, daysBetween, fullTime, timeOfDay } from "./time";

/** Messages of one sender within this many seconds stand under one name. */
const GROUP_SECONDS = 600;

/** What stands above a message, from the message before it. */
export interface Furniture {
  date: boolean;
  bar: boolean;
  sender: boolean;
  unreadMarker: boolean;
}

export function furniture(
  message: Message,
  previous: Message | undefined,
  inConversation: boolean,
): Omit<Furniture, "unreadMarker"> {
  const date = !previous || daysBetween(previous.timestamp, message.timestamp) !== 0;
  const moved = !previous || !samePlace(previous.place, message.place);
  const bar = !inConversation && (moved || date);
  const sameSender = previous?.senderId === message.senderId && !previous.isMe && !message.isMe;
  const sender = date || moved || !sameSender || message.timestamp - (previous?.timestamp ?? 0) > GROUP_SECONDS;
  return { date, bar, sender };
}

export function topicName(topic: string): string {
  return topic === "" ? realm.value.emptyTopicName : topic;
}

export function peopleNames(ids: readonly UserId[]): string {
  if (ids.length === 1 && ids[0] === me.value) return t("dm.self");
  return ids.map((id) => people.value.byId.get(id)?.name ?? t("person.unknown")).join(", ");
}

/** Which of the avatar colours a person without a picture has. */
export function avatarTone(id: UserId): string {
  return `tone-${id % 8}`;
}

export function avatar(id: UserId, name: string, url: string | null): HTMLElement {
  const letters = () => h("span", { class: `avatar ${avatarTone(id)}`, "aria-hidden": "true" }, initials(name));
  const source = shownPicture(url);
  if (!source) return letters();
  const picture = h("img", { class: "avatar", src: source, alt: "", loading: "lazy" });
  picture.addEventListener("error", () => {
    pictureFailed(source);
    picture.replaceWith(letters());
  });
  return picture;
}

function recipientBar(place: Place, timestamp: number): HTMLElement {
  const date = h("span", { class: "bar-date" }, dayName(timestamp, Date.now() / 1000));
  if (place.kind === "dm") {
    const link = h(
      "a",
      { class: "bar-link", href: hashFor(place) },
      icon("people"),
      h("span", { class: "clip" }, t("dm.with", { names: peopleNames(place.ids) })),
    );
    return h("div", { class: "recipient-bar dm" }, link, date);
  }
  const stream = streams.value.get(place.streamId);
  const bar = h("div", { class: "recipient-bar" });
  bar.style.setProperty("--stream", stream?.color ?? "gray");
  const channel = h(
    "a",
    { class: "bar-link bar-stream", href: hashFor([{ operator: "channel", operand: String(place.streamId) }]) },
    icon(streamIcon(stream)),
    h("span", { class: "clip" }, stream?.name ?? t("stream.unknown")),
  );
  const topic = h(
    "a",
    { class: `bar-link bar-topic ${place.topic === "" ? "general" : ""}`, href: hashFor(place) },
    isResolved(place.topic) && icon("check"),
    h("span", { class: "clip" }, topicName(withoutResolved(place.topic))),
  );
  bar.append(channel, icon("chevron"), topic, date);
  return bar;
}

function reactionGlyph(reaction: ApiReaction): Node {
  const custom =
    reaction.reaction_type === "unicode_emoji"
      ? undefined
      : realmEmoji.value.find((one) => one.id === reaction.emoji_code || one.name === reaction.emoji_name);
  if (custom) return h("img", { class: "emoji", src: custom.source_url, alt: "" });
  const glyph = reaction.reaction_type === "unicode_emoji" ? characters(reaction.emoji_code) : "";
  return h("span", { class: "emoji", "aria-hidden": "true" }, glyph || `:${reaction.emoji_name}:`);
}

/** So many reactions of a message are shown with the names of who reacted. */
const FEW_REACTIONS = 3;

function reactionBar(message: Message): HTMLElement | undefined {
  if (message.reactions.length === 0) return undefined;
  const groups = new Map<string, ApiReaction[]>();
  for (const one of message.reactions) {
    const key = `${one.reaction_type},${one.emoji_code}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const bar = h("div", { class: "reactions" });
  const named = settings.value.display_emoji_reaction_users !== false && message.reactions.length <= FEW_REACTIONS;
  for (const [key, all] of groups) {
    const first = all[0];
    if (!first) continue;
    const mine = all.some((one) => one.user_id === me.value);
    const who = all.map((one) =>
      one.user_id === me.value ? t("you") : (people.value.byId.get(one.user_id)?.name ?? "?"),
    );
    const label = t("reaction.label", { names: who.join(", "), emoji: first.emoji_name });
    const button = h(
      "button",
      { type: "button", class: "reaction", "data-act": "reaction", "data-emoji": key, "data-name": first.emoji_name },
      reactionGlyph(first),
      h("span", { class: "reaction-count clip", "aria-hidden": "true" }, named ? who.join(", ") : String(all.length)),
    );
    button.setAttribute("aria-pressed", String(mine));
    button.append(h("span", { class: "sr-only" }, label));
    button.title = label;
    bar.append(button);
  }
  bar.append(
    h(
      "button",
      { type: "button", class: "reaction add", "data-act": "react", "aria-label": t("message.react") },
      icon("smile"),
    ),
  );
  return bar;
}

function echoState(message: Message): HTMLElement | undefined {
  if (!message.echo) return undefined;
  if (message.echo.state === "sending") return h("p", { class: "echo", role: "status" }, t("echo.sending"));
  const waiting = message.echo.state === "waiting";
  return h(
    "p",
    { class: `echo ${waiting ? "waiting" : "failed"}`, role: waiting ? "status" : "alert" },
    icon(waiting ? "clock" : "alert"),
    waiting
      ? t("echo.waiting")
      : message.echo.error
        ? t("echo.failedWhy", { reason: message.echo.error })
        : t("echo.failed"),
    h("button", { type: "button", class: "link-button", "data-act": "retry" }, t("echo.retry")),
    h("button", { type: "button", class: "link-button", "data-act": "take-back" }, t("echo.takeBack")),
    h("button", { type: "button", class: "link-button", "data-act": "discard" }, t("echo.discard")),
  );
}

function marks(message: Message): HTMLElement[] {
  const list: HTMLElement[] = [];
  if (message.editedAt)
    list.push(h("button", { type: "button", class: "mark", "data-act": "history" }, t("message.edited")));
  else if (message.movedAt)
    list.push(h("button", { type: "button", class: "mark", "data-act": "history" }, t("message.moved")));
  return list;
}

function header(message: Message, twentyFour: boolean): HTMLElement {
  const name = people.value.byId.get(message.senderId)?.name ?? message.senderName;
  const sender = h("button", { type: "button", class: "sender", "data-act": "profile" }, name);
  const bot = people.value.byId.get(message.senderId)?.isBot && h("span", { class: "bot-mark" }, t("person.bot"));
  const link = hashFor([
    ...(message.place.kind === "dm"
      ? [{ operator: "dm" as const, ids: message.place.ids }]
      : [
          { operator: "channel" as const, operand: String(message.place.streamId) },
          { operator: "topic" as const, operand: message.place.topic },
        ]),
    { operator: "near", operand: String(message.id) },
  ]);
  const time = h(
    "a",
    { class: "time", href: link, title: fullTime(message.timestamp, twentyFour) },
    timeOfDay(message.timestamp, twentyFour),
  );
  return h("div", { class: "message-head" }, sender, bot, time, ...marks(message));
}

/** Builds the row. `editor` replaces the body while the message is being edited. */
export function buildRow(
  message: Message,
  above: Furniture,
  isUnread: boolean,
  editor: HTMLElement | undefined,
): HTMLElement {
  const twentyFour = settings.value.twenty_four_hour_time;
  const row = h("article", { class: "row", id: `message-${message.id}` });
  if (above.date)
    row.append(h("div", { class: "date-line" }, h("span", {}, dayName(message.timestamp, Date.now() / 1000))));
  if (above.bar) row.append(recipientBar(message.place, message.timestamp));
  if (above.unreadMarker) row.append(h("div", { class: "unread-line" }, h("span", {}, t("message.unreadMarker"))));
  const name = people.value.byId.get(message.senderId)?.name ?? message.senderName;
  row.setAttribute("aria-label", t("message.label", { name, time: fullTime(message.timestamp, twentyFour) }));
  const body = h("div", { class: "message-body" });
  if (above.sender) body.append(header(message, twentyFour));
  if (editor) body.append(editor);
  else {
    const content = hasWidget(message)
      ? widgetHost(message)
      : renderContent(message.content, {
          me: me.value,
          twentyFour,
          animation: settings.value.web_animate_image_previews,
          playgrounds: playgrounds.value,
        });
    if (message.isMe) content.classList.add("me-message");
    appendFolded(body, content, message);
    if (!above.sender) body.append(...marks(message));
  }
  const extras = [reactionBar(message), echoState(message)].filter((one) => one !== undefined);
  body.append(...extras);
  const gutter = above.sender
    ? avatar(message.senderId, name, people.value.byId.get(message.senderId)?.avatarUrl ?? message.avatarUrl)
    : h("span", { class: "time-gutter", "aria-hidden": "true" }, timeOfDay(message.timestamp, twentyFour));
  const box = h("div", { class: "message" }, gutter, body);
  if (message.flags.has("starred")) {
    box.append(h("span", { class: "starred-mark", title: t("message.starred") }, icon("star")));
  }
  box.classList.toggle("first", above.sender);
  box.classList.toggle("unread", isUnread);
  box.classList.toggle(
    "mentioned",
    message.flags.has("mentioned") || [...message.flags].some((flag) => flag.endsWith("wildcard_mentioned")),
  );
  box.classList.toggle("pending", message.echo !== undefined && message.echo.state !== "failed");
  row.append(box);
  return row;
}
