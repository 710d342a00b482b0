// The compose box's state, and what sending does.

import { signal } from "@preact/signals";
import * as calls from "../api/calls";
import type { ServerEvent } from "../api/events";
import type { MessageId, UserId } from "../api/types";
import { askToLogIn, notify, signalError } from "../app/feedback";
import { hashFor, narrow } from "../app/route";
import { isSpectator } from "../app/spectator";
import * as state from "../app/state";
import { targetKey } from "../drafts/data";
import { applyDrafts, draftFor, saveDraft } from "../drafts/events";
import { t } from "../i18n";
import type { Message, Place } from "../messages/model";
import { narrowKey } from "../narrow/terms";
import { discard, post } from "../outbox/events";
import { schedule } from "../schedule/events";
import type { Sink } from "../uploads/events";
import { isWaitingForFiles } from "../uploads/events";
import { check, commandIn, type Problem, quote, type Target } from "./data";
import { destination, startTyping, stopTyping } from "./typing";

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
export const problem = signal<Problem | "uploading" | undefined>(undefined);

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
  if (isSpectator) {
    askToLogIn();
    return;
  }
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
  if (["empty", "too-long", "uploading"].includes(problem.peek() ?? "")) problem.value = undefined;
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => saveDraft(compose.peek().target, compose.peek().text), 500);
  if (text.trim() !== "") startTyping(compose.peek().target);
  else stopTyping();
}

function placeOf(target: Target): Place {
  return target.kind === "dm"
    ? { kind: "dm", ids: target.ids }
    : { kind: "stream", streamId: target.streamId ?? 0, topic: target.topic.trim() };
}

/** Whether what is in the box is fit to be sent; says what is wrong if not. */
function isFit(): boolean {
  const { target, text } = compose.peek();
  const { maxMessageLength, topicsMandatory } = state.realm.peek();
  problem.value = isWaitingForFiles(text)
    ? "uploading"
    : check(target, text, { maxLength: maxMessageLength, topicsMandatory });
  return problem.value === undefined;
}

function empty(): void {
  clearTimeout(draftTimer);
  saveDraft(compose.peek().target, "");
  stopTyping();
  change({ text: "", focus: compose.peek().focus + 1 });
}

/** Does what a command says; its text is gone only when it was done. */
async function obey(command: string): Promise<void> {
  const begun = performance.now();
  try {
    const { msg } = await calls.runCommand(`/${command}`);
    empty();
    notify(msg || t("command.pong", { count: Math.round(performance.now() - begun) }));
  } catch (error) {
    signalError(error);
  }
}

/** Sends what is in the box. Returns whether it was fit to be sent. */
export function send(): boolean {
  const command = commandIn(compose.peek().text);
  if (command) {
    void obey(command);
    return true;
  }
  if (!isFit()) return false;
  const { target, text } = compose.peek();
  empty();
  post(placeOf(target), text);
  return true;
}

/** Has the server send what is in the box at a later time, in seconds. */
export async function sendLater(at: number): Promise<void> {
  if (!isFit()) return;
  const { target, text } = compose.peek();
  if (await schedule(destination(target), text, at)) empty();
}

/** Puts an unsent message back into the box, to be changed. */
export function takeBack(message: Message): void {
  const text = discard(message);
  openCompose(targetOf(message.place));
  if (text !== "") setText(compose.peek().text === "" ? text : `${compose.peek().text}\n\n${text}`);
  change({ focus: compose.peek().focus + 1 });
}

/** What was refused and is not on the screen would never be seen again: it is offered back. */
export function offerBack(message: Message): void {
  const current = narrow.peek();
  const view = current && state.messages.peek().views.get(narrowKey(current));
  if (view?.ids.includes(message.id)) return;
  const { error } = message.echo ?? {};
  notify(error ? t("echo.failedWhy", { reason: error }) : t("echo.failed"), "error", {
    label: t("echo.takeBack"),
    run: () => takeBack(message),
  });
}

async function quotation(message: Message): Promise<string> {
  const { message: raw } = await calls.getMessage(message.id, false);
  const link = `${location.origin}/${hashFor(message.place)}/near/${message.id}`;
  const header = `@_**${message.senderName}|${message.senderId}** [${t("quote.said")}](${link}):`;
  return quote(header, raw.content);
}

/** Puts a quotation of the message into the box and opens it for that conversation. */
export async function quoteMessage(message: Message): Promise<void> {
  try {
    const text = await quotation(message);
    openCompose(targetOf(message.place));
    const before = compose.peek().text;
    setText(before === "" || before.endsWith("\n") ? before + text : `${before}\n\n${text}`);
    change({ focus: compose.peek().focus + 1 });
  } catch (error) {
    signalError(error);
  }
}

/** Opens the box with a quotation of the message, for a conversation that is still to be chosen. */
export async function forwardMessage(message: Message): Promise<void> {
  try {
    const text = await quotation(message);
    openCompose({ kind: "stream", streamId: undefined, topic: "" });
    setText(text);
    change({ focus: compose.peek().focus + 1 });
  } catch (error) {
    signalError(error);
  }
}

/** A link to a fresh room of the organisation's server for calls. */
export function callLink(audioOnly: boolean): string {
  const room = crypto.getRandomValues(new Uint32Array(3)).join("");
  const options = audioOnly ? "#config.startWithVideoMuted=true" : "";
  return `[${t(audioOnly ? "compose.joinVoice" : "compose.joinVideo")}](${state.callServer.peek()}/${room}${options})`;
}

/** What files that are dropped or pasted into the box go into: also when another conversation is in it meanwhile. */
export function composeSink(caret: () => number): Sink {
  const { target } = compose.peek();
  const here = () => targetKey(compose.peek().target) === targetKey(target);
  return {
    caret,
    read: () => (here() ? compose.peek().text : draftFor(target)),
    write: (text) => (here() ? setText(text) : saveDraft(target, text)),
  };
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
  // A poll is changed by acts on it, not by its text.
  if (message.senderId !== me || !allowed || message.echo || message.submessages.length > 0) return false;
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

/** What another device did to the draft in the box is done to the box, unless one is writing here. */
export function followDrafts(event: ServerEvent): void {
  if (event.type !== "drafts") return;
  const { open, target, text } = compose.peek();
  const before = draftFor(target);
  applyDrafts(event);
  const after = draftFor(target);
  if (open && text === before && after !== before) change({ text: after });
}
