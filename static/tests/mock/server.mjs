// Serves the built client and the world of world.mjs. `node tests/mock/server.mjs [port]` prints a file in the form of
// var/dev.json, so that scripts/screens.mjs can be pointed at it as at a real server.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeWorld } from "./world.mjs";

const dist = new URL("../../dist/", import.meta.url);
const TYPES = {
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
};
const CSP =
  "default-src 'self'; connect-src 'self' ws:; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'";

const world = makeWorld(Math.floor(Date.now() / 1000));
const queues = new Map();
let eventId = 1;
const me = world.users[0];

function emit(make) {
  for (const [id, queue] of queues) {
    const event = make(id);
    if (!event) continue;
    eventId += 1;
    queue.events.push({ id: eventId, ...event });
    queue.wake?.();
  }
}

function term(message, { operator, operand, negated }) {
  const flags = message.flags;
  const hit =
    {
      channel: () => message.stream_id === operand,
      stream: () => message.stream_id === operand,
      topic: () => message.type === "stream" && message.subject.toLowerCase() === String(operand).toLowerCase(),
      dm: () =>
        message.type === "private" &&
        [...new Set([...operand, me.user_id])].sort().join() ===
          message.display_recipient
            .map((one) => one.id)
            .sort()
            .join(),
      sender: () => message.sender_id === operand,
      is: () =>
        ({
          starred: flags.includes("starred"),
          mentioned: flags.includes("mentioned"),
          dm: message.type === "private",
          unread: !flags.includes("read"),
        })[operand] ?? false,
      search: () => message.content.toLowerCase().includes(String(operand).toLowerCase()),
    }[operator]?.() ?? true;
  return hit !== Boolean(negated);
}

function fetchMessages(q) {
  const narrow = JSON.parse(q.narrow ?? "[]");
  const all = world.messages.filter((one) => narrow.every((part) => term(one, part))).sort((a, b) => a.id - b.id);
  let at = all.length;
  if (q.anchor === "oldest") at = 0;
  else if (q.anchor === "first_unread") at = all.findIndex((one) => !one.flags.includes("read"));
  else if (q.anchor !== "newest") at = all.findIndex((one) => one.id >= Number(q.anchor));
  if (at < 0) at = all.length;
  const anchor = all[at]?.id ?? 10000000000000000;
  const withAnchor = q.include_anchor !== "false";
  const from = Math.max(0, at - Number(q.num_before));
  const to = Math.min(all.length, at + Number(q.num_after) + 1);
  const messages = all.slice(from, to).filter((one) => withAnchor || one.id !== anchor);
  return {
    messages,
    anchor,
    found_anchor: true,
    found_oldest: from === 0,
    found_newest: to === all.length,
    history_limited: false,
  };
}

function register() {
  const queue_id = `q${queues.size + 1}`;
  queues.set(queue_id, { events: [] });
  const unread = world.messages.filter((one) => !one.flags.includes("read"));
  return {
    queue_id,
    last_event_id: eventId,
    zulip_feature_level: 421,
    user_id: me.user_id,
    full_name: me.full_name,
    is_admin: true,
    realm_name: "Harbour & Co",
    realm_users: world.users,
    realm_non_active_users: [],
    cross_realm_bots: [],
    max_message_length: 10000,
    max_topic_length: 60,
    realm_empty_topic_display_name: "general chat",
    realm_allow_message_editing: true,
    subscriptions: world.streams,
    unsubscribed: [],
    never_subscribed: [{ ...world.streams[0], stream_id: 99, name: "archive", description: "Old things" }],
    user_topics: [],
    starred_messages: world.messages.filter((one) => one.flags.includes("starred")).map((one) => one.id),
    recent_private_conversations: [
      { user_ids: [17], max_message_id: 1324 },
      { user_ids: [12], max_message_id: 1325 },
    ],
    unread_msgs: {
      count: unread.length,
      huddles: [],
      mentions: unread.filter((one) => one.flags.includes("mentioned")).map((one) => one.id),
      pms: unread
        .filter((one) => one.type === "private")
        .map((one) => ({ other_user_id: one.sender_id, unread_message_ids: [one.id] })),
      streams: unread
        .filter((one) => one.type === "stream")
        .map((one) => ({ stream_id: one.stream_id, topic: one.subject, unread_message_ids: [one.id] })),
    },
    presences: Object.fromEntries(
      world.users
        .slice(0, 7)
        .map((one, i) => [one.user_id, { [i < 5 ? "active_timestamp" : "idle_timestamp"]: Date.now() / 1000 }]),
    ),
    server_timestamp: Date.now() / 1000,
    server_presence_offline_threshold_seconds: 200,
    user_status: { 14: { status_text: "Writing, back at four" } },
    user_settings: {
      color_scheme: Number(process.env.MOCK_SCHEME ?? 1),
      default_language: process.env.MOCK_LANGUAGE ?? "en",
      web_home_view: "inbox",
      enter_sends: true,
      twenty_four_hour_time: true,
      web_font_size_px: 15,
      web_line_height_percent: 140,
    },
  };
}

const escapeHtml = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function send(p) {
  const id = world.nextId++;
  const to = JSON.parse(p.to);
  const stream = world.streams.find((one) => one.stream_id === to);
  const place =
    p.type === "stream"
      ? { type: "stream", stream_id: to, display_recipient: stream.name, subject: p.topic }
      : {
          type: "private",
          subject: "",
          display_recipient: [...new Set([...to, me.user_id])].map((one) => ({ id: one })),
        };
  const message = {
    id,
    sender_id: me.user_id,
    sender_full_name: me.full_name,
    avatar_url: null,
    content: `<p>${escapeHtml(p.content)}</p>`,
    timestamp: Math.floor(Date.now() / 1000),
    reactions: [],
    is_me_message: false,
    ...place,
  };
  world.messages.push({ ...message, flags: ["read"], raw: p.content });
  emit((queue) => ({
    type: "message",
    message,
    flags: ["read"],
    ...(queue === p.queue_id && { local_message_id: p.local_id }),
  }));
  return { id };
}

async function events(p) {
  const queue = queues.get(p.queue_id);
  if (!queue) return { result: "error", code: "BAD_EVENT_QUEUE_ID", msg: "Bad event queue" };
  const fresh = () => queue.events.filter((one) => one.id > Number(p.last_event_id));
  if (fresh().length === 0) {
    await new Promise((resolve) => {
      queue.wake = resolve;
      setTimeout(resolve, 20_000).unref();
    });
  }
  return { events: fresh() };
}

function api(method, path, p) {
  const byId = (id) => world.messages.find((one) => one.id === Number(id));
  const one = /^\/messages\/(\d+)(\/\w+)?$/.exec(path);
  if (path === "/register") return register();
  if (path === "/events") return events(p);
  if (path === "/messages" && method === "GET") return fetchMessages(p);
  if (path === "/messages") return send(p);
  if (path === "/messages/flags") {
    const messages = JSON.parse(p.messages);
    for (const id of messages)
      if (byId(id))
        byId(id).flags =
          p.op === "add" ? [...byId(id).flags, p.flag] : byId(id).flags.filter((flag) => flag !== p.flag);
    emit(() => ({ type: "update_message_flags", op: p.op, flag: p.flag, messages, all: false }));
    return { messages };
  }
  if (one?.[2] === "/reactions") {
    const reaction = {
      emoji_name: p.emoji_name,
      emoji_code: p.emoji_code,
      reaction_type: p.reaction_type,
      user_id: me.user_id,
    };
    emit(() => ({
      type: "reaction",
      op: method === "POST" ? "add" : "remove",
      message_id: Number(one[1]),
      ...reaction,
    }));
    return {};
  }
  if (one && method === "GET") return { message: { ...byId(one[1]), content: byId(one[1])?.raw ?? "**text**" } };
  if (one && method === "PATCH") {
    emit(() => ({
      type: "update_message",
      message_id: Number(one[1]),
      message_ids: [Number(one[1])],
      user_id: me.user_id,
      edit_timestamp: Math.floor(Date.now() / 1000),
      rendered_content: `<p>${escapeHtml(p.content ?? "")}</p>`,
      flags: ["read"],
    }));
    return {};
  }
  if (/topics$/.test(path)) {
    const id = Number(path.split("/")[3]);
    const found = new Map(world.messages.filter((m) => m.stream_id === id).map((m) => [m.subject, m.id]));
    return { topics: [...found].map(([name, max_id]) => ({ name, max_id })).sort((a, b) => b.max_id - a.max_id) };
  }
  if (path === "/users/me/presence") return { presences: {} };
  if (path === "/messages/flags/narrow") return { found_newest: true, last_processed_id: null };
  return {};
}

function page(kind) {
  const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
  const app = manifest["src/main.tsx"];
  const head = (css) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Narrows</title><link rel="stylesheet" href="/static/${css}">`;
  if (kind === "app")
    return `${head(app.css[0])}<script type="module" src="/static/${app.file}"></script></head><body><div id="app"></div></body></html>`;
  return `${head(manifest["styles/pages.css"].file)}</head><body><main class="card"><h1>Harbour &amp; Co</h1><p>Log in to your organisation.</p><form method="post" action="/accounts/login/"><label for="username">Email</label><input id="username" name="username" type="email" autocomplete="username"><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password"><button type="submit">Log in</button></form></main><footer>Narrows</footer></body></html>`;
}

async function handle(request, response) {
  const url = new URL(request.url, "http://mock");
  const reply = (status, type, body, headers = {}) =>
    response.writeHead(status, { "content-type": type, "content-security-policy": CSP, ...headers }).end(body);
  let body = "";
  for await (const part of request) body += part;
  const params = Object.fromEntries([...url.searchParams, ...new URLSearchParams(body)]);
  if (url.pathname.startsWith("/static/")) {
    const name = url.pathname.slice(8);
    return reply(200, TYPES[name.split(".").pop()] ?? "text/plain", readFileSync(new URL(name, dist)));
  }
  if (url.pathname.startsWith("/json/")) {
    const answer = await api(request.method, url.pathname.slice(5), params);
    return reply(
      answer.result === "error" ? 400 : 200,
      "application/json",
      JSON.stringify({ result: "success", msg: "", ...answer }),
    );
  }
  if (url.pathname === "/accounts/login/")
    return reply(302, "text/plain", "", { location: "/", "set-cookie": ["session=1; Path=/", "csrftoken=t; Path=/"] });
  const loggedIn = /session=1/.test(request.headers.cookie ?? "");
  return reply(200, "text/html; charset=utf-8", page(loggedIn && url.pathname === "/" ? "app" : "login"));
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => response.writeHead(500).end(String(error)));
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const file = join(mkdtempSync(join(tmpdir(), "narrows-mock-")), "dev.json");
  const users = world.users.map((one) => ({
    email: one.email,
    full_name: one.full_name,
    role: "member",
    password: "mock",
    api_key: "",
  }));
  writeFileSync(
    file,
    JSON.stringify({ url, realms: [{ name: "mock", url, users, streams: world.streams.map((one) => one.name) }] }),
  );
  console.log(file);
});
