// Short notices at the edge of the window: what went wrong, what can be undone.

import { signal } from "@preact/signals";
import { ApiError } from "../api/client";
import { t } from "../i18n";
import { isSpectator, toLogin } from "./spectator";

export interface Toast {
  id: number;
  text: string;
  kind: "error" | "info";
  action?: { label: string; run(): void };
}

export const toasts = signal<readonly Toast[]>([]);
let nextId = 1;

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** What can be acted on stays longer, for whoever goes there by keyboard. */
const STAY_MS = { info: 6000, error: 10_000, action: 12_000 };

export function notify(text: string, kind: Toast["kind"] = "info", action?: Toast["action"]): void {
  const id = nextId++;
  // The same again says nothing new, and would push others out.
  const others = toasts.value.filter((one) => one.text !== text);
  toasts.value = [...others.slice(-2), { id, text, kind, ...(action && { action }) }];
  const expire = () => {
    // Whoever points at the notices, or is among them by keyboard, is not done with them.
    if (document.querySelector(".toasts:is(:hover, :focus-within)")) setTimeout(expire, 1000);
    else dismiss(id);
  };
  setTimeout(expire, STAY_MS[action ? "action" : kind]);
}

/** What spectators are told when they want to do more than read. */
export function askToLogIn(): void {
  notify(t("spectator.ask"), "info", { label: t("spectator.logIn"), run: toLogin });
}

/** What the server said, or that it said nothing. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiError && error.status === 0) return t("load.unreachable");
  if (error instanceof ApiError && error.code === "INVALID_ANSWER") return t("load.noAnswer");
  return error instanceof Error ? error.message : String(error);
}

/** A part of the client that is fetched when it is first wanted has not come. */
export function partMissing(): void {
  notify(`${t("load.failed")}. ${t("load.unreachable")}`, "error");
}

/** Tells the reader what the server said. */
export function signalError(error: unknown): void {
  if (error instanceof ApiError && error.status === 401 && isSpectator) askToLogIn();
  else if (error instanceof ApiError) notify(reasonOf(error), "error");
  else throw error;
}

/** Does what can be undone, says that it is done, and offers for a moment to undo it. */
export async function withUndo(act: () => Promise<unknown>, said: string, undo: () => Promise<unknown>): Promise<void> {
  try {
    await act();
    notify(said, "info", { label: t("undo"), run: () => void undo().catch(signalError) });
  } catch (error) {
    signalError(error);
  }
}
