// From nothing to a running client: register, load, follow the queue; and again when the queue is gone.

import { register } from "../api/calls";
import { ApiError } from "../api/client";
import type { Register } from "../api/types";
import { Connection, comebacks, status } from "../events/connection";
import { setLanguage } from "../i18n";
import { reasonOf } from "./feedback";
import { toLogin } from "./spectator";
import * as state from "./state";

let connection: Connection | undefined;
let attempts = 0;

const reloaders = new Set<(state: Register) => void>();

/** Calls back each time the state was loaded anew, so that views fetch what they show. */
export function onLoad(callback: (state: Register) => void): void {
  reloaders.add(callback);
}

function follow(answer: Register, id: string): void {
  connection = new Connection(
    {
      id,
      lastEventId: answer.last_event_id,
      pollTimeoutSeconds: answer.event_queue_longpoll_timeout_seconds ?? 90,
    },
    { onEvents: state.applyEvents, onQueueGone: start, onLoggedOut: toLogin },
  );
  void connection.run();
}

/** Registers a queue and starts following it. Safe to call again at any time. */
export async function start(): Promise<void> {
  connection?.stop();
  try {
    const answer = await register();
    await setLanguage(answer.user_settings.default_language);
    state.load(answer);
    if (attempts > 0) comebacks.value += 1;
    attempts = 0;
    status.value = "online";
    // Spectators get no queue.
    if (answer.queue_id) follow(answer, answer.queue_id);
    for (const reload of reloaders) reload(answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 || error.status === 403) return toLogin();
    if (state.phase.value !== "ready") {
      state.loadError.value = reasonOf(error);
      state.phase.value = "failed";
    }
    status.value = "offline";
    attempts += 1;
    setTimeout(start, Math.min(30_000, 1000 * 2 ** attempts));
  }
}

/** Tries again now instead of waiting. */
export function retry(): void {
  connection?.retryNow();
}
