// Drafts in the browser's storage, shared by its windows, and on the server, shared by one's devices.

import { signal } from "@preact/signals";
import { ApiError } from "../api/client";
import type { ServerEvent } from "../api/events";
import * as calls from "../api/later";
import type { Register } from "../api/types";
import { notify } from "../app/feedback";
import { me, realm, settings } from "../app/state";
import type { Target } from "../compose/data";
import { t } from "../i18n";
import type { Draft, Drafts } from "./data";
import * as data from "./data";

export const drafts = signal<Drafts>([]);

/** Changes that went to the server and have not come back as events. */
const echoes: { id: number; text: string }[] = [];

const SYNC_MS = 1500;
const RETRY_MS = 20_000;

/** Ids that the server still has, of drafts that are gone here; and those it no longer has. */
const toDelete = new Set<number>();
const deleted = new Set<number>();
/** The draft that the server is being told of. */
let underWay: Draft | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let syncing = false;
/** Whether the server keeps drafts for this person. */
let synchronised = false;

const storageKey = () => `narrows:drafts:${realm.peek().name}:${me.peek()}`;

function set(next: Drafts): void {
  if (next === drafts.peek()) return;
  drafts.value = next;
  try {
    localStorage.setItem(storageKey(), JSON.stringify(next));
  } catch {
    // A full or forbidden storage: the draft lives as long as this window.
  }
}

addEventListener("storage", (event) => {
  if (event.key === storageKey()) drafts.value = data.parse(event.newValue);
});

/** Takes the drafts of this browser and those that the server has. */
export function loadDrafts(state: Register): void {
  const local = data.parse(localStorage.getItem(storageKey()));
  echoes.length = 0;
  synchronised = state.drafts !== undefined && settings.peek().enable_drafts_synchronization !== false;
  set(synchronised ? data.joined(local, state.drafts ?? [], me.peek()) : local);
  later(0);
}

export function applyDrafts(event: ServerEvent): void {
  if (event.type !== "drafts") return;
  if (event.op === "update" && isEcho(event.draft)) return;
  const news = event.op === "add" ? { ...event, drafts: event.drafts.filter((one) => !isGoneHere(one)) } : event;
  set(data.apply(drafts.peek(), news, me.peek()));
}

/** The word of a change that was made here: what was written since must not give way to it. */
function isEcho(raw: data.ApiDraft): boolean {
  const at = echoes.findIndex((one) => one.id === raw.id && one.text.trim() === raw.content.trim());
  if (at >= 0) echoes.splice(0, at + 1);
  return at >= 0;
}

/** One's own draft that was sent or thrown away before the server's word of it came. */
function isGoneHere(raw: data.ApiDraft): boolean {
  if (raw.id !== undefined && (toDelete.has(raw.id) || deleted.has(raw.id))) return true;
  const sent = underWay;
  if (sent === undefined || drafts.peek().some((one) => one.key === sent.key)) return false;
  return data.isSame(sent, data.fromApi(raw, me.peek()));
}

function later(after = SYNC_MS): void {
  if (!synchronised) return;
  clearTimeout(timer);
  timer = setTimeout(() => void sync(), after);
}

async function push(draft: Draft): Promise<void> {
  const body = data.toApi(draft);
  underWay = draft;
  if (draft.id !== undefined) {
    echoes.push({ id: draft.id, text: draft.text });
    await calls.updateDraft(draft.id, body);
  }
  const id = draft.id ?? (await calls.createDrafts([body])).ids[0];
  if (id === undefined) return;
  // Sent or thrown away while the request was under way.
  if (!drafts.peek().some((one) => one.key === draft.key)) toDelete.add(id);
  else set(data.saved(drafts.peek(), draft, id));
}

async function remove(id: number): Promise<void> {
  try {
    await calls.deleteDraft(id);
  } catch (error) {
    // Someone was faster.
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
  toDelete.delete(id);
  deleted.add(id);
}

async function sync(): Promise<void> {
  if (syncing) return later();
  syncing = true;
  try {
    for (const draft of drafts.peek().filter((one) => one.dirty)) await push(draft);
    for (const id of [...toDelete]) await remove(id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0 || error.status >= 500) later(RETRY_MS);
    // Anything else will not get better by itself: the drafts stay in this browser.
  } finally {
    syncing = false;
    underWay = undefined;
  }
}

function forget(draft: Draft): void {
  if (draft.id !== undefined) toDelete.add(draft.id);
}

export function saveDraft(target: Target, text: string): void {
  const known = data.draftOf(drafts.peek(), target);
  const next = data.keep(drafts.peek(), target, text, Date.now());
  if (next === drafts.peek()) return;
  if (known && text.trim() === "") forget(known);
  set(next);
  later();
}

/** Throws a draft away; it can be brought back for a moment. */
export function deleteDraft(draft: Draft): void {
  forget(draft);
  set(data.without(drafts.peek(), draft.key));
  later();
  notify(t("drafts.deleted"), "info", { label: t("undo"), run: () => saveDraft(draft.target, draft.text) });
}

export function draftFor(target: Target): string {
  return data.draftOf(drafts.peek(), target)?.text ?? "";
}
