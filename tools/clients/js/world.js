// The running server, its users, and names that no other test uses.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import zulip from "zulip-js";

const PATIENCE = 30_000;
const run = randomBytes(3).toString("hex");
let number = 0;

const realm = JSON.parse(readFileSync(process.env.NARROWS_DEV_JSON, "utf8")).realms[0];

export function users(role) {
  return realm.users.filter((user) => user.role === role);
}

export function client(user) {
  return zulip({ username: user.email, apiKey: user.api_key, realm: realm.url.replace(/\/$/, "") });
}

export function clientWithPassword(user) {
  return zulip({ username: user.email, password: user.password, realm: realm.url.replace(/\/$/, "") });
}

export function unique(word) {
  number += 1;
  return `${word} ${run}${number}`;
}

/** The answer, which must be a success. */
export async function succeeded(call) {
  const answer = await call;
  assert.equal(answer.result, "success", JSON.stringify(answer));
  return answer;
}

/** An event queue, polled until an event comes that is wanted. */
export class Listener {
  static async open(z, eventTypes) {
    const state = await succeeded(z.queues.register({ event_types: eventTypes }));
    return new Listener(z, state);
  }

  constructor(z, state) {
    this.z = z;
    this.queueId = state.queue_id;
    this.lastEventId = state.last_event_id;
    this.pending = [];
  }

  async wait(wanted) {
    const end = Date.now() + PATIENCE;
    const seen = [];
    while (Date.now() < end) {
      while (this.pending.length > 0) {
        const event = this.pending.shift();
        seen.push(event);
        if (wanted(event)) return event;
      }
      const answer = await succeeded(
        this.z.events.retrieve({ queue_id: this.queueId, last_event_id: this.lastEventId }),
      );
      for (const event of answer.events) this.lastEventId = Math.max(this.lastEventId, event.id);
      this.pending.push(...answer.events);
    }
    throw new Error(`the event did not come; these did: ${JSON.stringify(seen).slice(0, 2000)}`);
  }

  async close() {
    await succeeded(this.z.queues.deregister({ queue_id: this.queueId }));
  }
}
