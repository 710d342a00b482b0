import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeParams } from "../../src/api/client";
import type { ServerEvent } from "../../src/api/events";
import { Connection } from "../../src/events/connection";

/** A websocket whose other end the test holds. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static waiting: ((socket: FakeSocket) => void) | undefined;
  onopen: (() => void) | undefined;
  onmessage: ((frame: { data: string }) => void) | undefined;
  onclose: (() => void) | undefined;
  sent: unknown[] = [];
  constructor(readonly url: URL) {
    FakeSocket.all.push(this);
    queueMicrotask(() => FakeSocket.waiting?.(this));
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.onclose?.();
  }
  receive(answer: unknown) {
    this.onmessage?.({ data: JSON.stringify(answer) });
  }
}

/** The next socket that the client opens. */
const nextSocket = () => new Promise<FakeSocket>((resolve) => (FakeSocket.waiting = resolve));

const heartbeat = (id: number) => ({ type: "heartbeat", id });
const star = (id: number) => ({
  type: "update_message_flags",
  op: "add",
  flag: "starred",
  messages: [1],
  all: false,
  id,
});

let connection: Connection;
let got: number[];
let ended: (what: string) => void;
let end: Promise<string>;

beforeEach(() => {
  FakeSocket.all = [];
  got = [];
  end = new Promise((resolve) => (ended = resolve));
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("location", { href: "https://chat.example/" });
  vi.stubGlobal("document", {
    cookie: "",
    visibilityState: "visible",
    addEventListener() {},
    removeEventListener() {},
  });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  connection = new Connection(
    { id: "q:1", lastEventId: 4, pollTimeoutSeconds: 90 },
    {
      onEvents: (events: ServerEvent[]) => got.push(...events.map((event) => event.id)),
      onQueueGone: () => ended("gone"),
      onLoggedOut: () => ended("logged out"),
    },
  );
});

afterEach(() => {
  connection.stop();
  vi.unstubAllGlobals();
});

describe("the event queue", () => {
  it("delivers each event once, in order, without heartbeats, and acknowledges what came together", async () => {
    vi.useFakeTimers();
    const opened = nextSocket();
    void connection.run();
    const socket = await opened;
    expect(String(socket.url)).toBe("wss://chat.example/json/events/websocket?queue_id=q%3A1&last_event_id=4");
    socket.onopen?.();
    socket.receive({ events: [star(4), star(5), star(9)] });
    socket.receive({ events: [heartbeat(10)] });
    socket.receive({ events: [star(9), star(12)] });
    expect(got).toEqual([5, 9, 12]);
    expect(socket.sent).toEqual([]);
    vi.advanceTimersByTime(5000);
    expect(socket.sent).toEqual([{ last_event_id: 12 }]);
    vi.advanceTimersByTime(5000);
    expect(socket.sent).toHaveLength(1);
    vi.useRealTimers();
  });

  it("acknowledges at once what would fill the queue, and nothing on a closed line", async () => {
    vi.useFakeTimers();
    const opened = nextSocket();
    void connection.run();
    const socket = await opened;
    socket.onopen?.();
    socket.receive({ events: Array.from({ length: 500 }, (_, index) => star(5 + index)) });
    expect(socket.sent).toEqual([{ last_event_id: 504 }]);
    socket.receive({ events: [star(505)] });
    socket.close();
    vi.advanceTimersByTime(5000);
    expect(socket.sent).toHaveLength(1);
    vi.useRealTimers();
  });

  it("goes on where it was after the line broke", async () => {
    let opened = nextSocket();
    void connection.run();
    const first = await opened;
    first.onopen?.();
    first.receive({ events: [star(7)] });
    opened = nextSocket();
    first.close();
    connection.retryNow();
    const second = await opened;
    expect(second.url.searchParams.get("last_event_id")).toBe("7");
  });

  it("says when the queue is gone", async () => {
    const opened = nextSocket();
    void connection.run();
    const socket = await opened;
    socket.onopen?.();
    socket.receive({ result: "error", code: "BAD_EVENT_QUEUE_ID", msg: "Bad event queue ID" });
    expect(await end).toBe("gone");
  });

  it("polls where no websocket can be had, from the same place", async () => {
    const asked: string[] = [];
    const answers = [
      [200, { result: "success", events: [star(6)] }],
      [400, { result: "error", code: "BAD_EVENT_QUEUE_ID", msg: "" }],
    ] as const;
    vi.stubGlobal("fetch", async (url: string) => {
      const [status, body] = answers[asked.length] ?? answers[1];
      asked.push(new URL(url, "https://chat.example").searchParams.get("last_event_id") ?? "");
      return new Response(JSON.stringify(body), { status });
    });
    const opened = nextSocket();
    void connection.run();
    (await opened).close();
    expect(await end).toBe("gone");
    expect(got).toEqual([6]);
    expect(asked).toEqual(["4", "6"]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("says when the session is over", async () => {
    vi.stubGlobal(
      "fetch",
      async () => new Response(JSON.stringify({ result: "error", code: "UNAUTHORIZED", msg: "" }), { status: 401 }),
    );
    const opened = nextSocket();
    void connection.run();
    (await opened).close();
    expect(await end).toBe("logged out");
  });
});

describe("parameters", () => {
  it("go bare when they are text, as JSON otherwise, and not at all when undefined", () => {
    expect(String(encodeParams({ a: "x y", b: [1, 2], c: true, d: undefined, e: 0, f: "" }))).toBe(
      "a=x+y&b=%5B1%2C2%5D&c=true&e=0&f=",
    );
  });
});
