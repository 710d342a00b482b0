// The compose box's state, and what sending does.

import { batch, signal } from "@preact/signals";
import * as calls from "../api/calls";
import { ApiError } from "../api/client";
import type { MessageId, UserId } from "../api/types";
import { notify, signalError } from "../app/feedback";
import { hashFor } from "../app/route";
import * as state from "../app/state";
import { draftFor, saveDraft } from "../drafts/events";
import { status } from "../events/connection";
import { t } from "../i18n";
import { echoHtml } from "../messages/content";
import { dropEcho } from "../messages/data";
import { showEcho } from "../messages/events";
import type { Message, Place } from "../messages/model";
import { check, type Problem, quote, type Target } from "./data";

export interface Compose {
  open: boolean;
  target: Target;
  text: string;
  /** Raised to ask the box to take the focus: at the text, or at what is missing before it. */
  focus: number;
}

export const compose = signal<Compose>({
  open: false,
  target: { kind: "stream", streamId: undefined, topic: "" },
  text: "",
  focus: 0,
});
export const problem = signal<Problem | undefined>(undefined);
/** The newest message sent from here: the list scrolls to it. */
export const justSent = signal(0);

function change(changes: Partial<Compose>): void {
  compose.value = { ...compose.peek(), ...changes };
}

export function targetOf(place: Place): Target {
  return place.kind === "dm"
    ? { kind: "dm", ids: place.ids }
    : { kind: "stream", streamId: place.streamId, topic: place.topic };
}

/** Opens the box for a conversation, with its draft. */
export function openCompose(target: Target, focus = true): void {
  const { open, text, target: before } = compose.peek();
  if (open && text.trim() !== "") saveDraft(before, text);
  const keepText = open && before.kind === target.kind && text.trim() !== "" && draftFor(target) === "";
  if (keepText) saveDraft(before, "");
  problem.value = undefined;
  change({
    open: true,
    target,
    text: keepText ? text : draftFor(target),
    focus: compose.peek().focus + (focus ? 1 : 0),
  });
}

/** Follows the reader to another conversation: its draft comes up, the focus stays where it is. */
export function followTo(place: Place): void {
  const { text, target } = compose.peek();
  if (text.trim() !== "") saveDraft(target, text);
  const next = targetOf(place);
  problem.value = undefined;
  change({ target: next, text: draftFor(next) });
}

export function closeCompose(): void {
  const { text, target } = compose.peek();
  saveDraft(target, text);
  stopTyping();
  change({ open: false });
}

export function setTarget(target: Target): void {
  saveDraft(compose.peek().target, "");
  problem.value = undefined;
  change({ target });
}

let draftTimer: ReturnType<typeof setTimeout> | undefined;

export function setText(text: string): void {
  change({ text });
  if (problem.peek() === "empty" || problem.peek() === "too-long") problem.value = undefined;
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => saveDraft(compose.peek().target, compose.peek().text), 500);
  if (text.trim() !== "") startTyping();
  else stopTyping();
}

function destination(target: Target): calls.Destination {
  return target.kind === "dm"
    ? { type: "direct", to: target.ids }
    : { type: "stream", to: target.streamId ?? 0, topic: target.topic.trim() };
}

function placeOf(target: Target): Place {
  return target.kind === "dm"
    ? { kind: "dm", ids: target.ids }
    : { kind: "stream", streamId: target.streamId ?? 0, topic: target.topic.trim() };
}

/** An id after every real one known here, so that the local copy sorts last. */
function localMessageId(): number {
  let highest = 0;
  for (const id of state.messages.peek().byId.keys()) if (id > highest) highest = id;
  return Math.round((highest + 0.01) * 100) / 100;
}

let counter = 0;

/** Sends what is in the box. Returns whether it was fit to be sent. */
export function send(): boolean {
  const { target, text } = compose.peek();
  const { maxMessageLength, topicsMandatory } = state.realm.peek();
  problem.value = check(target, text, { maxLength: maxMessageLength, topicsMandatory });
  if (problem.value) return false;
  clearTimeout(draftTimer);
  saveDraft(target, "");
  stopTyping();
  change({ text: "", focus: compose.peek().focus + 1 });
  counter += 1;
  void deliver(placeOf(target), text, `${Date.now().toString(36)}.${counter}`);
  return true;
}

async function deliver(place: Place, raw: string, localId: string): Promise<void> {
  const id = localMessageId();
  const myself = state.people.peek().byId.get(state.me.peek());
  const echo: Message = {
    id,
    senderId: state.me.peek(),
    senderName: myself?.name ?? "",
    avatarUrl: myself?.avatarUrl ?? null,
    content: echoHtml(raw),
    timestamp: Math.floor(Date.now() / 1000),
    place,
    reactions: [],
    flags: new Set(["read"]),
    isMe: false,
    echo: { localId, raw, state: "sending" },
  };
  batch(() => {
    showEcho(echo);
    justSent.value = id;
  });
  try {
    await calls.sendMessage(destination(targetOf(place)), raw, state.queueId.peek(), localId);
    // The queue brings the message itself. If the queue is down it comes with the next register.
    setTimeout(() => dropStale(localId), 20_000);
  } catch (error) {
    const reason = error instanceof ApiError && error.status !== 0 ? error.message : t("load.unreachable");
    showEcho({ ...echo, echo: { localId, raw, state: "failed", error: reason } });
  }
}

function dropStale(localId: string): void {
  if (status.peek() === "online") state.messages.value = dropEcho(state.messages.peek(), localId);
}

/** Before the state is loaded anew: what could not be sent becomes a draft, unless there is one already. */
export function rescueUnsent(): void {
  for (const { echo, place } of state.messages.peek().byId.values()) {
    if (echo?.state === "failed" && draftFor(targetOf(place)) === "") saveDraft(targetOf(place), echo.raw);
  }
}

export function discard(message: Message): void {
  state.messages.value = dropEcho(state.messages.peek(), message.echo?.localId);
}

export function retry(message: Message): void {
  if (!message.echo) return;
  discard(message);
  counter += 1;
  void deliver(message.place, message.echo.raw, `${Date.now().toString(36)}.${counter}`);
}

/** Puts a quotation of the message into the box and opens it for that conversation. */
export async function quoteMessage(message: Message): Promise<void> {
  try {
    const { message: raw } = await calls.getMessage(message.id, false);
    const near = [{ operator: "near" as const, operand: String(message.id) }];
    const link = `${location.origin}/${hashFor(message.place)}/${near[0]?.operator}/${message.id}`;
    const header = `@_**${message.senderName}|${message.senderId}** [${t("quote.said")}](${link}):`;
    openCompose(targetOf(message.place));
    setText(compose.peek().text + quote(header, raw.content));
    change({ focus: compose.peek().focus + 1 });
  } catch (error) {
    signalError(error);
  }
}

/** Uploads files one after another; each shows as a placeholder in the text until its link is known. */
export async function upload(files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const placeholder = `[${t("compose.uploading", { name: file.name })}]()`;
    setText(
      `${compose.peek().text}${compose.peek().text && !compose.peek().text.endsWith("\n") ? "\n" : ""}${placeholder}\n`,
    );
    const replace = (text: string) => setText(compose.peek().text.replace(placeholder, () => text));
    try {
      const answer = await calls.uploadFile(file);
      replace(`[${file.name.replaceAll(/[[\]]/g, "")}](${answer.url ?? answer.uri ?? ""})`);
    } catch (error) {
      replace("");
      signalError(error);
    }
  }
}

// ---- typing notices ----

let noticeKey = "";
let noticeAt = 0;
let stopTimer: ReturnType<typeof setTimeout> | undefined;
let noticeFor: calls.Destination | undefined;

function mayNotify(target: Target): boolean {
  const { send_private_typing_notifications: direct, send_stream_typing_notifications: stream } = state.settings.peek();
  if (target.kind === "dm") return target.ids.length > 0 && target.ids[0] !== state.me.peek() && direct !== false;
  return target.streamId !== undefined && stream !== false;
}

function startTyping(): void {
  const { target } = compose.peek();
  if (!mayNotify(target)) return;
  const { startedWait, stoppedWait } = state.realm.peek().typing;
  const key = JSON.stringify(target);
  if (key !== noticeKey) stopTyping();
  if (key !== noticeKey || Date.now() - noticeAt > startedWait) {
    noticeKey = key;
    noticeAt = Date.now();
    noticeFor = destination(target);
    void calls.setTyping("start", noticeFor).catch(() => undefined);
  }
  clearTimeout(stopTimer);
  stopTimer = setTimeout(stopTyping, stoppedWait);
}

function stopTyping(): void {
  clearTimeout(stopTimer);
  if (noticeFor) void calls.setTyping("stop", noticeFor).catch(() => undefined);
  noticeKey = "";
  noticeFor = undefined;
}

// ---- editing in place ----

export interface Editing {
  id: MessageId;
  raw: string;
  topic: string | undefined;
}

export const editing = signal<Editing | undefined>(undefined);

export function mayEdit(message: Message): boolean {
  const { me, mayEdit: allowed, editLimitSeconds } = state.realm.peek();
  if (message.senderId !== me || !allowed || message.echo) return false;
  return editLimitSeconds === null || Date.now() / 1000 - message.timestamp < editLimitSeconds;
}

export async function startEditing(message: Message): Promise<void> {
  if (!mayEdit(message)) return notify(t("edit.tooLate"), "error");
  try {
    const { message: raw } = await calls.getMessage(message.id, false);
    editing.value = {
      id: message.id,
      raw: raw.content,
      topic: message.place.kind === "stream" ? message.place.topic : undefined,
    };
  } catch (error) {
    signalError(error);
  }
}

export async function saveEdit(content: string): Promise<void> {
  const current = editing.peek();
  if (!current) return;
  if (content !== current.raw) {
    try {
      await calls.editMessage(current.id, { content });
    } catch (error) {
      return signalError(error);
    }
  }
  editing.value = undefined;
}

export function dmTo(ids: UserId[]): Target {
  return { kind: "dm", ids };
}
