// The event queue: a websocket where one can be had, long polling otherwise. Both read the same queue, so that
// changing over loses nothing. The queue's end is the caller's business (register again).

import { signal } from "@preact/signals";
import { getEvents } from "../api/calls";
import { ApiError } from "../api/client";
import type { ServerEvent } from "../api/events";

export type Status = "connecting" | "online" | "offline";

/** What the connection bar shows. */
export const status = signal<Status>("connecting");
/** When the next attempt is made, in milliseconds of this machine's clock; 0 while one is running. */
export const retryAt = signal(0);

/** How often the line was lost and came back. */
export const comebacks = signal(0);

export interface Queue {
  id: string;
  lastEventId: number;
  pollTimeoutSeconds: number;
}

export interface Handlers {
  onEvents(events: ServerEvent[]): void;
  onQueueGone(): void;
  onLoggedOut(): void;
}

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** Heartbeats come within a minute; a socket silent for longer is dead, as after sleep. */
const SILENCE = 75_000;
/** What came over the socket is acknowledged within this time, at a moment of one's own: it only lets the server forget,
 * and an audience of thousands shall not answer each message at once. */
const ACKNOWLEDGE_WITHIN = 5000;
/** … or at once, when so many events came: the server keeps a limited number. */
const MOST_UNACKNOWLEDGED = 500;

type Ended = "gone" | "lost" | "blocked" | "stopped";

export class Connection {
  private stopped = false;
  private websocketWorks = true;
  private failures = 0;
  private abort = new AbortController();
  private wake: (() => void) | undefined;

  constructor(
    private readonly queue: Queue,
    private readonly handlers: Handlers,
  ) {}

  /** Runs until the queue is gone or stop() is called. */
  async run(): Promise<void> {
    addEventListener("online", this.retryNow);
    document.addEventListener("visibilitychange", this.retryNow);
    while (!this.stopped) {
      const ended = this.websocketWorks ? await this.listen() : await this.poll();
      if (ended === "gone") {
        this.stop();
        this.handlers.onQueueGone();
      } else if (ended === "blocked") this.websocketWorks = false;
      else if (ended === "lost") await this.backOff();
    }
  }

  stop(): void {
    this.stopped = true;
    this.abort.abort();
    this.wake?.();
    removeEventListener("online", this.retryNow);
    document.removeEventListener("visibilitychange", this.retryNow);
  }

  /** Cuts the wait before the next attempt short. */
  readonly retryNow = (): void => {
    if (document.visibilityState === "visible") this.wake?.();
  };

  private async backOff(): Promise<void> {
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    if (this.failures > 1) status.value = "offline";
    retryAt.value = Date.now() + delay;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delay);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    retryAt.value = 0;
  }

  private deliver(events: ServerEvent[]): void {
    if (this.failures > 0) comebacks.value += 1;
    this.failures = 0;
    status.value = "online";
    const fresh = events.filter((event) => event.id > this.queue.lastEventId);
    const last = fresh.at(-1);
    if (last) this.queue.lastEventId = last.id;
    const real = fresh.filter((event) => event.type !== "heartbeat");
    if (real.length > 0) this.handlers.onEvents(real);
  }

  private listen(): Promise<Ended> {
    const { id, lastEventId } = this.queue;
    const url = new URL("/json/events/websocket", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.search = new URLSearchParams({ queue_id: id, last_event_id: String(lastEventId) }).toString();
    return new Promise((resolve) => {
      const socket = new WebSocket(url);
      let opened = false;
      let result: Ended = "lost";
      let silence = setTimeout(() => socket.close(), SILENCE);
      let acknowledging: ReturnType<typeof setTimeout> | undefined;
      let unacknowledged = 0;
      const acknowledge = () => {
        clearTimeout(acknowledging);
        acknowledging = undefined;
        unacknowledged = 0;
        socket.send(JSON.stringify({ last_event_id: this.queue.lastEventId }));
      };
      const stop = () => {
        result = "stopped";
        socket.close();
      };
      this.abort.signal.addEventListener("abort", stop);
      socket.onopen = () => {
        opened = true;
        this.deliver([]);
      };
      socket.onmessage = (frame: MessageEvent<string>) => {
        clearTimeout(silence);
        silence = setTimeout(() => socket.close(), SILENCE);
        const answer = JSON.parse(frame.data) as { events?: ServerEvent[]; code?: string };
        if (answer.code === "BAD_EVENT_QUEUE_ID") result = "gone";
        if (!answer.events) return socket.close();
        this.deliver(answer.events);
        unacknowledged += answer.events.length;
        if (unacknowledged >= MOST_UNACKNOWLEDGED) acknowledge();
        else acknowledging ??= setTimeout(acknowledge, Math.random() * ACKNOWLEDGE_WITHIN);
      };
      socket.onclose = () => {
        clearTimeout(silence);
        clearTimeout(acknowledging);
        this.abort.signal.removeEventListener("abort", stop);
        // A socket that never opened may be a proxy that knows no websockets: the next attempt polls.
        resolve(result === "lost" && !opened ? "blocked" : result);
      };
    });
  }

  private async poll(): Promise<Ended> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), (this.queue.pollTimeoutSeconds + 10) * 1000);
    try {
      const signal = AbortSignal.any([limit.signal, this.abort.signal]);
      // After a failure the first answer must come at once, so that the reader sees that the line is back.
      const answer = await getEvents(this.queue.id, this.queue.lastEventId, this.failures > 0, signal);
      this.deliver(answer.events);
      return "stopped";
    } catch (error) {
      if (this.abort.signal.aborted) return "stopped";
      if (!(error instanceof ApiError)) return "lost";
      if (error.code === "BAD_EVENT_QUEUE_ID") return "gone";
      if (error.status === 401) {
        this.stop();
        this.handlers.onLoggedOut();
        return "stopped";
      }
      // With the server back, a websocket is worth another try.
      if (error.status === 0 || error.status >= 500) this.websocketWorks = true;
      return "lost";
    } finally {
      clearTimeout(timer);
    }
  }
}
