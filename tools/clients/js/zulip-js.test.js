// The npm package `zulip-js` at work. It posts multipart bodies, and puts the parameters of PATCH and DELETE into the
// query string.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { Listener, client, clientWithPassword, succeeded, unique, users } from "./world.js";

describe("zulip-js", () => {
  let admin, ann, ben, annMe, benMe, stream, streamId;

  before(async () => {
    [admin, ann, ben] = await Promise.all([users("admin")[0], ...users("member").slice(0, 2)].map(client));
    [annMe, benMe] = await Promise.all([ann, ben].map((z) => succeeded(z.users.me.getProfile())));
  });

  beforeEach(async () => {
    stream = unique("js clients");
    const principals = JSON.stringify([annMe.user_id, benMe.user_id]);
    const subscriptions = JSON.stringify([{ name: stream }]);
    await succeeded(admin.users.me.subscriptions.add({ subscriptions, principals }));
    await succeeded(admin.users.me.subscriptions.add({ subscriptions }));
    streamId = (await succeeded(admin.streams.getStreamId(stream))).stream_id;
  });

  async function send(z, content, topic = "plans") {
    return (await succeeded(z.messages.send({ type: "stream", to: stream, topic, content }))).id;
  }

  async function ids(z, narrow) {
    const params = { anchor: "newest", num_before: 20, num_after: 0, narrow };
    return (await succeeded(z.messages.retrieve(params))).messages.map((message) => message.id);
  }

  const inStream = (...terms) => [{ operator: "stream", operand: stream }, ...terms];

  it("logs in with a password", async () => {
    const z = await clientWithPassword(users("member")[0]);
    assert.equal((await succeeded(z.users.me.getProfile())).user_id, annMe.user_id);
  });

  it("reads settings, users, streams, subscriptions and topics", async () => {
    await send(ben, "hello", "greetings");
    assert.ok((await succeeded(ann.server.settings())).zulip_version);
    const { members } = await succeeded(ann.users.retrieve());
    assert.ok(members.some((user) => user.user_id === benMe.user_id));
    const { streams } = await succeeded(ann.streams.retrieve());
    assert.ok(streams.some((one) => one.name === stream));
    const { subscriptions } = await succeeded(ann.streams.subscriptions.retrieve());
    assert.ok(subscriptions.some((one) => one.stream_id === streamId));
    const { topics } = await succeeded(ann.streams.topics.retrieve({ stream_id: streamId }));
    assert.equal(topics[0].name, "greetings");
  });

  it("sends to a stream, and the other receives", async () => {
    const events = await Listener.open(ann, ["message"]);
    const id = await send(ben, "from *JavaScript*", "release");
    const { message } = await events.wait((event) => event.message?.id === id);
    assert.equal(message.content, "from *JavaScript*");
    assert.equal(message.display_recipient, stream);
    assert.equal(message.subject, "release");
    await events.close();
    const gone = await ann.events.retrieve({ queue_id: events.queueId, last_event_id: events.lastEventId });
    assert.equal(gone.code, "BAD_EVENT_QUEUE_ID");
  });

  it("calls back on each event", async () => {
    const listening = await client(users("member")[0]);
    let arrive, fail;
    const arrived = new Promise((resolve, reject) => {
      [arrive, fail] = [resolve, reject];
    });
    // It cannot be stopped, so it is told apart by its messages; its polling ends with the process (--test-force-exit).
    listening.callOnEachEvent((event) => {
      if (event.type === "message" && event.message.display_recipient === stream) arrive(event);
    }, ["message"]);
    // Its queue is there at an unknown moment: send until something arrives.
    const timer = setInterval(() => send(ben, "are you there?").catch(fail), 500);
    const event = await arrived;
    clearInterval(timer);
    assert.equal(event.message.content, "are you there?");
  });

  it("sends direct messages to one and to many", async () => {
    const to = JSON.stringify([annMe.user_id]);
    const one = (await succeeded(ben.messages.send({ type: "direct", to, content: "for you" }))).id;
    assert.ok((await ids(ann, [{ operator: "dm", operand: benMe.email }])).includes(one));
    const group = [annMe.email, (await succeeded(admin.users.me.getProfile())).email];
    const many = (await succeeded(ben.messages.send({ type: "private", to: group, content: "for both" }))).id;
    const narrow = [{ operator: "pm-with", operand: [benMe.email, group[1]].join(",") }];
    assert.deepEqual((await ids(ann, narrow)).slice(-1), [many]);
  });

  it("narrows", async () => {
    const one = await send(ann, "one", "first");
    const two = await send(ben, "two", "second");
    assert.deepEqual(await ids(ann, inStream({ operator: "topic", operand: "first" })), [one]);
    assert.deepEqual(await ids(ann, inStream({ operator: "sender", operand: benMe.email })), [two]);
    assert.deepEqual(await ids(ann, inStream({ operator: "topic", operand: "first", negated: true })).then((all) => all.slice(-1)), [two]);
  });

  it("reacts and takes it back", async () => {
    const message_id = await send(ann, "shipped");
    await succeeded(ben.reactions.add({ message_id, emoji_name: "tada" }));
    let { message } = await succeeded(ann.messages.getById({ message_id }));
    assert.deepEqual(message.reactions.map((reaction) => reaction.user_id), [benMe.user_id]);
    await succeeded(ben.reactions.remove({ message_id, emoji_name: "tada" }));
    ({ message } = await succeeded(ann.messages.getById({ message_id })));
    assert.deepEqual(message.reactions, []);
  });

  it("edits with history, moves and deletes", async () => {
    const message_id = await send(ann, "draft", "before");
    await succeeded(ann.messages.update({ message_id, content: "final" }));
    const history = (await succeeded(ben.messages.getHistoryById({ message_id }))).message_history;
    assert.deepEqual(history.map((entry) => entry.content), ["draft", "final"]);
    await succeeded(admin.messages.update({ message_id, topic: "after", propagate_mode: "change_all" }));
    assert.deepEqual(await ids(ben, inStream({ operator: "topic", operand: "after" })).then((all) => all.slice(0, 1)), [message_id]);
    await succeeded(admin.messages.deleteById({ message_id }));
    assert.equal((await ben.messages.getById({ message_id })).result, "error");
  });

  it("stars and marks as read", async () => {
    const id = await send(ben, "remember");
    const starred = inStream({ operator: "is", operand: "starred" });
    const unread = inStream({ operator: "is", operand: "unread" });
    await succeeded(ann.messages.flags.add({ messages: [id], flag: "starred" }));
    assert.deepEqual(await ids(ann, starred), [id]);
    await succeeded(ann.messages.flags.remove({ messages: [id], flag: "starred" }));
    assert.deepEqual(await ids(ann, starred), []);
    assert.ok((await ids(ann, unread)).includes(id));
    await succeeded(ann.messages.flags.add({ messages: [id], flag: "read" }));
    assert.ok(!(await ids(ann, unread)).includes(id));
  });

  it("subscribes and unsubscribes", async () => {
    const name = unique("js own");
    const subscriptions = JSON.stringify([{ name }]);
    const subscribed = async () =>
      (await succeeded(ann.streams.subscriptions.retrieve())).subscriptions.some((one) => one.name === name);
    await succeeded(admin.users.me.subscriptions.add({ subscriptions }));
    assert.equal(await subscribed(), false);
    await succeeded(ann.users.me.subscriptions.add({ subscriptions }));
    assert.equal(await subscribed(), true);
    await succeeded(ann.users.me.subscriptions.remove({ subscriptions: JSON.stringify([name]) }));
    assert.equal(await subscribed(), false);
  });

  it("tells who types, and who is there", async () => {
    const events = await Listener.open(ann, ["typing"]);
    await succeeded(ben.typing.send({ op: "start", to: [annMe.user_id] }));
    const event = await events.wait((one) => one.type === "typing");
    assert.equal(event.sender.user_id, benMe.user_id);
    await events.close();
    const params = { status: "active", new_user_input: "true" };
    await succeeded(ben.callEndpoint("/users/me/presence", "POST", params));
    const { presence } = await succeeded(ann.callEndpoint(`/users/${benMe.user_id}/presence`));
    assert.equal(presence.aggregated.status, "active");
  });

  it("renders", async () => {
    assert.equal((await succeeded(ann.messages.render("**bold**"))).rendered, "<p><strong>bold</strong></p>");
  });

  it("is told what is wrong", async () => {
    const answer = await ann.messages.send({ type: "stream", to: unique("nowhere"), topic: "t", content: "c" });
    assert.equal(answer.result, "error");
    assert.equal(answer.code, "STREAM_DOES_NOT_EXIST");
  });
});
