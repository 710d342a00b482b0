// The acts on a message that its row, toolbar, menu and the keyboard share.

import { createReminder, deleteReminder } from "../api/account";
import { getMessage } from "../api/calls";
import { withUndo } from "../app/feedback";
import { confirm, type MenuItem, openEmojiPicker, openMenu, overlay } from "../app/overlays";
import { go, hashFor, narrow } from "../app/route";
import { isSpectator } from "../app/spectator";
import { isAdmin, me, realm } from "../app/state";
import {
  forwardMessage,
  mayEdit,
  openCompose,
  quoteMessage,
  startEditing,
  takeBack,
  targetOf,
} from "../compose/events";
import { copy } from "../dom/clipboard";
import type { Emoji } from "../emoji/data";
import { emojiByName } from "../emoji/events";
import { t } from "../i18n";
import { narrowTo } from "../narrow/data";
import { discard, retry } from "../outbox/events";
import { openUserCard } from "../people/events";
import { labelOf } from "../schedule/events";
import { openTimeMenu } from "../schedule/menu";
import * as events from "./events";
import { toggleUnfolded } from "./fold";
import type { Message } from "./model";

const asReaction = (emoji: Emoji) => ({ emoji_name: emoji.name, emoji_code: emoji.code, reaction_type: emoji.type });

export function react(message: Message, emoji: Emoji): void {
  void events.toggleReaction(message, asReaction(emoji));
}

export function thumbsUp(message: Message): void {
  const emoji = emojiByName("+1");
  if (emoji) react(message, emoji);
}

export function pickReaction(message: Message, anchor: HTMLElement): void {
  openEmojiPicker(anchor, (emoji) => react(message, emoji));
}

/** Joins the first reaction that is there. */
export function joinReaction(message: Message): void {
  const first = message.reactions[0];
  if (first) void events.toggleReaction(message, first);
}

export function reply(message: Message): void {
  openCompose(targetOf(message.place));
}

export function replyPrivately(message: Message): void {
  openCompose({ kind: "dm", ids: [message.senderId] });
}

export function linkTo(message: Message): string {
  return `${location.origin}/${hashFor([...narrowTo(message.place), { operator: "near", operand: String(message.id) }])}`;
}

export async function copyMarkdown(message: Message): Promise<void> {
  const { message: raw } = await getMessage(message.id, false);
  await copy(raw.content);
}

/** One's own message is edited, as long as that is allowed; any other is looked at as it was written. */
export function editOrView(message: Message): void {
  if (mayEdit(message)) void startEditing(message);
  else open({ kind: "source", message });
}

/** The server decides; this only leaves out what it would refuse for certain. */
function mayDelete(message: Message): boolean {
  const { deleteLimitSeconds } = realm.peek();
  if (isAdmin.peek()) return true;
  const age = Date.now() / 1000 - message.timestamp;
  return message.senderId === me.peek() && (deleteLimitSeconds === null || age < deleteLimitSeconds);
}

async function remind(message: Message, at: number): Promise<void> {
  let id: number;
  await withUndo(
    async () => {
      id = (await createReminder(message.id, Math.floor(at))).reminder_id;
    },
    t("remind.set", { time: labelOf(at) }),
    () => deleteReminder(id),
  );
}

/** Whether the organisation has something that can be turned off. */
function decides(name: "enable_read_receipts" | "allow_edit_history"): boolean {
  return realm.peek().decided[name] !== false;
}

/** What needs no account. */
function copies(message: Message): MenuItem[] {
  return [
    { label: t("menu.copyLink"), icon: "link", run: () => void copy(linkTo(message)) },
    { label: t("menu.copyMarkdown"), icon: "code", run: () => void copyMarkdown(message) },
  ];
}

function items(message: Message, anchor: HTMLElement): MenuItem[] {
  if (isSpectator) return copies(message);
  const list: MenuItem[] = [
    { label: t("menu.quote"), icon: "quote", run: () => void quoteMessage(message) },
    { label: t("menu.forward"), icon: "forward", run: () => void forwardMessage(message) },
    ...copies(message),
    {
      label: message.flags.has("starred") ? t("menu.unstar") : t("menu.star"),
      icon: "star",
      run: () => void events.toggleStar(message),
    },
    {
      label: t("menu.markUnread"),
      icon: "eye",
      run: () => void events.markUnreadFrom(narrow.peek() ?? narrowTo(message.place), message.id),
    },
    {
      label: t("remind.menu"),
      icon: "clock",
      run: () => openTimeMenu(anchor, t("remind.menu"), (at) => void remind(message, at)),
    },
  ];
  if (decides("enable_read_receipts")) {
    list.push({ label: t("menu.receipts"), icon: "people", run: () => open({ kind: "receipts", id: message.id }) });
  }
  if (message.senderId !== me.peek()) {
    list.push({ label: t("menu.replySender"), icon: "reply", run: () => replyPrivately(message) });
  }
  const [label, icon] = mayEdit(message) ? ([t("menu.edit"), "edit"] as const) : ([t("menu.source"), "code"] as const);
  list.unshift({ label, icon, run: () => editOrView(message) });
  list.push({
    label: t(message.flags.has("collapsed") ? "menu.expand" : "menu.collapse"),
    icon: "feed",
    run: () => void events.toggleCollapsed(message),
  });
  if (message.place.kind === "stream") {
    list.push({ label: t("menu.move"), icon: "chevron", run: () => open({ kind: "move", message }) });
  }
  if ((message.editedAt || message.movedAt) && decides("allow_edit_history")) {
    list.push({ label: t("menu.history"), icon: "clock", run: () => open({ kind: "history", message }) });
  }
  if (message.senderId !== me.peek() && Number(realm.peek().decided.moderation_request_channel_id) > 0) {
    list.push({ label: t("report.menu"), icon: "alert", run: () => open({ kind: "report", id: message.id }) });
  }
  if (mayDelete(message)) {
    list.push({
      label: t("menu.delete"),
      icon: "trash",
      danger: true,
      run: () =>
        confirm(t("delete.title"), t("delete.text"), t("menu.delete"), () => void events.removeMessage(message.id)),
    });
  }
  return list;
}

function open(what: NonNullable<typeof overlay.value>): void {
  overlay.value = what;
}

export function openMessageMenu(message: Message, anchor: HTMLElement): void {
  openMenu(anchor, t("message.menu"), items(message, anchor));
}

/** What a button inside a row does. */
export function rowAction(message: Message, button: HTMLElement): void {
  const acts: Record<string, () => void> = {
    reaction: () => toggleShown(message, button),
    react: () => pickReaction(message, button),
    reply: () => reply(message),
    star: () => void events.toggleStar(message),
    edit: () => void startEditing(message),
    menu: () => openMessageMenu(message, button),
    history: () => open({ kind: "history", message }),
    profile: () => openUserCard(button, message.senderId),
    retry: () => retry(message),
    discard: () => void discard(message),
    unfold: () => toggleUnfolded(message.id),
    collapse: () => void events.toggleCollapsed(message),
    "take-back": () => takeBack(message),
  };
  acts[button.dataset.act ?? ""]?.();
}

function toggleShown(message: Message, button: HTMLElement): void {
  const [type, code] = (button.dataset.emoji ?? "").split(",");
  const known = message.reactions.find((one) => one.reaction_type === type && one.emoji_code === code);
  if (known) void events.toggleReaction(message, known);
}

/** Leaves a view of many conversations for the one of this message, at this message. */
export function goToConversation(message: Message, streamOnly = false): void {
  const near = { operator: "near" as const, operand: String(message.id) };
  const place = message.place;
  if (streamOnly && place.kind === "stream") go([{ operator: "channel", operand: String(place.streamId) }, near]);
  else go([...narrowTo(place), near]);
}
