// A large organisation made up inside the page, between the client and its server: what the figures need that a demo
// realm does not have. It answers where `fetch` and the websocket would, so that nothing but the client is measured.

export const WORLD = { people: 1000, channels: 200, messages: 100_000, channel: 900_001, firstId: 50_000_000 };

/** Runs in the page before the client does (and so uses nothing from out here). */
export function makeWorld(world) {
  const words = "the map of this valley shows a path that no survey knew and every shepherd walks in June".split(" ");
  const person = (id) => ({
    user_id: id,
    full_name: `Person Number ${id}`,
    email: `p${id}@example.com`,
    is_bot: false,
    is_active: true,
    role: 400,
    timezone: "",
    avatar_url: null,
  });
  const channel = (id) => ({
    stream_id: id,
    name: `channel ${id}`,
    description: "",
    invite_only: false,
    color: "#3d8b7d",
    is_muted: false,
    pin_to_top: false,
    subscriber_count: 3,
  });
  const many = (count, make) => Array.from({ length: count }, (_, i) => make(i));

  /** The server's answer to a registration, with a large realm around it. */
  function enlarged(text) {
    const answer = JSON.parse(text);
    world.lastEventId = answer.last_event_id;
    answer.realm_users.push(...many(world.people, (i) => person(800_000 + i)));
    answer.subscriptions.push(...many(world.channels, (i) => channel(world.channel + i)));
    return JSON.stringify(answer);
  }

  world.message = (id) => {
    const said = many(4 + ((id * 7) % 60), (i) => words[(id + i * 3) % words.length]).join(" ");
    const emoji = id % 40 === 0 ? '<p><span class="emoji emoji-1f44b" title="wave">:wave:</span></p>' : "";
    const code = id % 25 === 0 ? '<div class="codehilite"><pre><code>let x = 1;\nlet y = 2;\n</code></pre></div>' : "";
    const sender = 800_000 + (Math.floor(id / 3) % 50);
    return {
      id,
      sender_id: sender,
      sender_full_name: `Person Number ${sender}`,
      avatar_url: null,
      content: `<p>${said}</p>${code}${emoji}`,
      timestamp: 1_700_000_000 + (id - world.firstId) * 40,
      type: "stream",
      stream_id: world.channel,
      subject: id % 500 < 300 ? "long walks" : "short walks",
      display_recipient: `channel ${world.channel}`,
      reactions: [],
      flags: ["read"],
      client: "speed",
    };
  };

  /** Messages around the anchor, as the server would answer. */
  function history(query) {
    const number = (name) => Number(query.get(name));
    const wanted = query.get("anchor");
    const last = world.firstId + world.messages - 1;
    const anchor = wanted === "oldest" ? world.firstId : /^\d+$/.test(wanted) ? Number(wanted) : last;
    const from = Math.max(world.firstId, anchor - number("num_before"));
    const to = Math.min(last, anchor + number("num_after"));
    const skip = query.get("include_anchor") === "false";
    const messages = many(to - from + 1, (i) => from + i).filter((id) => !(skip && id === anchor));
    return {
      result: "success",
      msg: "",
      messages: messages.map(world.message),
      anchor,
      found_anchor: true,
      found_oldest: from === world.firstId,
      found_newest: to === last,
      history_limited: false,
    };
  }

  const json = (text) => new Response(text, { headers: { "content-type": "application/json" } });
  const real = window.fetch;
  window.fetch = async (input, init) => {
    const url = new URL(String(input), location.href);
    if (url.pathname === "/json/register") return json(enlarged(await (await real(input, init)).text()));
    const narrow = url.pathname === "/json/messages" ? JSON.parse(url.searchParams.get("narrow") ?? "[]") : [];
    if (narrow.some((term) => Number(term.operand) === world.channel)) {
      return json(JSON.stringify(history(url.searchParams)));
    }
    return real(input, init);
  };

  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      world.socket = this;
      this.addEventListener("message", ({ data }) => {
        for (const one of JSON.parse(data).events ?? []) world.lastEventId = Math.max(world.lastEventId, one.id);
      });
    }

    /** The server must not hear of events that it never sent. */
    send(text) {
      if (!world.delivered) super.send(text);
    }
  };

  /** Events, as if the server had sent them. */
  world.deliver = (events) => {
    world.delivered = true;
    for (const event of events) event.id = ++world.lastEventId;
    world.socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ result: "success", events }) }));
  };

  world.event = (i) => {
    const id = world.firstId + world.messages + i;
    switch (i % 5) {
      case 0:
      case 1:
        return { type: "message", message: world.message(id), flags: i % 10 === 0 ? [] : ["read"] };
      case 2:
        return {
          type: "reaction",
          op: "add",
          message_id: world.firstId + world.messages - 1 - (i % 300),
          user_id: 800_000 + (i % 900),
          emoji_name: "wave",
          emoji_code: "1f44b",
          reaction_type: "unicode_emoji",
        };
      case 3:
        return {
          type: "presence",
          user_id: 800_000 + (i % 1000),
          server_timestamp: Date.now() / 1000,
          presence: { website: { status: "active", timestamp: Date.now() / 1000 } },
        };
      default:
        return {
          type: "typing",
          op: i % 2 ? "start" : "stop",
          message_type: "stream",
          sender: { user_id: 800_000 + (i % 900) },
          stream_id: world.channel,
          topic: "long walks",
        };
    }
  };
  window.world = world;
}
