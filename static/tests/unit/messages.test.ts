import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../../src/api/events";
import {
  addArrivals,
  addPiece,
  apply,
  lowerBound,
  type Messages,
  NO_MESSAGES,
  place,
  withoutGone,
} from "../../src/messages/data";
import { fromApi } from "../../src/messages/model";
import type { Narrow } from "../../src/narrow/terms";
import { narrowKey } from "../../src/narrow/terms";
import { apiMessage, CONTEXT, events, ME } from "./fixtures";

const channel = (id: number): Narrow => [{ operator: "channel", operand: String(id) }];
const topic = (id: number, name: string): Narrow => [...channel(id), { operator: "topic", operand: name }];

function known(
  narrow: Narrow,
  ids: number[],
  rest: { oldest?: boolean; newest?: boolean; subject?: string } = {},
  into = NO_MESSAGES,
): Messages {
  const messages = ids.map((id) => fromApi(apiMessage(id, { subject: rest.subject ?? "lunch" }), ME));
  return addPiece(into, {
    narrow,
    messages,
    foundOldest: rest.oldest ?? true,
    foundNewest: rest.newest ?? true,
    extends: "none",
  });
}

const idsOf = (state: Messages, narrow: Narrow) => state.views.get(narrowKey(narrow))?.ids;
const run = (state: Messages, list: readonly ServerEvent[]) =>
  list.reduce((at, event) => apply(at, event, CONTEXT), state);

describe("views", () => {
  it("forget what a look again does not find, but nothing outside of it", () => {
    const before = known(topic(3, "lunch"), [10, 20, 30]);
    const messages = [20, 40].map((id) => fromApi(apiMessage(id, { subject: "lunch" }), ME));
    const piece = {
      narrow: topic(3, "lunch"),
      messages,
      foundOldest: false,
      foundNewest: true,
      extends: "end",
    } as const;
    expect(idsOf(withoutGone(before, piece), topic(3, "lunch"))).toEqual([10, 20]);
    expect(idsOf(withoutGone(before, { ...piece, foundOldest: true }), topic(3, "lunch"))).toEqual([20]);
    expect(
      idsOf(withoutGone(before, { ...piece, messages: messages.slice(0, 1), foundNewest: false }), topic(3, "lunch")),
    ).toEqual([10, 20, 30]);
  });

  it("grow at either end without gaps or doubles", () => {
    let state = known(channel(3), [20, 21], { oldest: false, newest: false });
    const piece = (ids: number[], extend: "start" | "end", foundOldest: boolean, foundNewest: boolean) =>
      addPiece(state, {
        narrow: channel(3),
        messages: ids.map((id) => fromApi(apiMessage(id), ME)),
        foundOldest,
        foundNewest,
        extends: extend,
      });
    state = piece([18, 19, 20], "start", true, false);
    state = piece([21, 22], "end", false, true);
    expect(idsOf(state, channel(3))).toEqual([18, 19, 20, 21, 22]);
    expect(state.views.get(narrowKey(channel(3)))).toMatchObject({ foundOldest: true, foundNewest: true });
  });

  it("start anew when a piece does not touch what is known", () => {
    const state = known(channel(3), [90, 91], { newest: true }, known(channel(3), [1, 2], { newest: false }));
    expect(idsOf(state, channel(3))).toEqual([90, 91]);
  });

  it("take what came while they were fetched, if it is newer than the answer", () => {
    const before = known(channel(3), [40], { newest: false });
    const during = [10, 60, 61].map((id) => fromApi(apiMessage(id, { subject: id === 61 ? "tea" : "lunch" }), ME));
    const since = during.reduce((at, message) => place(at, message, CONTEXT), before);
    const messages = [fromApi(apiMessage(50, { subject: "lunch" }), ME)];
    const piece = {
      narrow: topic(3, "lunch"),
      messages,
      foundOldest: false,
      foundNewest: true,
      extends: "none" as const,
    };
    const after = addArrivals(addPiece(since, piece), before.byId, piece, CONTEXT);
    expect(idsOf(after, topic(3, "lunch"))).toEqual([50, 60]);
    const middle = { ...piece, foundNewest: false };
    expect(idsOf(addArrivals(addPiece(since, middle), before.byId, middle, CONTEXT), topic(3, "lunch"))).toEqual([50]);
  });

  it("take a new message only where it belongs and the end is known", () => {
    let state = known(topic(3, "lunch"), [1, 2]);
    state = known(topic(3, "tea"), [], {}, state);
    state = known(channel(3), [1], { newest: false }, state);
    state = place(state, fromApi(apiMessage(5), ME), CONTEXT);
    expect(idsOf(state, topic(3, "lunch"))).toEqual([1, 2, 5]);
    expect(idsOf(state, topic(3, "tea"))).toEqual([]);
    expect(idsOf(state, channel(3))).toEqual([1]);
    expect(place(state, fromApi(apiMessage(5), ME), CONTEXT).views.get(narrowKey(topic(3, "lunch")))?.ids).toEqual([
      1, 2, 5,
    ]);
  });

  it("finds positions in a list", () => {
    expect([0, 10, 15, 30, 31].map((id) => lowerBound([10, 20, 30], id))).toEqual([0, 0, 1, 2, 3]);
  });
});

describe("recorded events", () => {
  it("delivers a message and takes the local copy away", () => {
    const [event] = events("send_channel_message_by_id_local");
    if (event?.type !== "message") throw new Error("a message was recorded");
    const echo = { ...fromApi(apiMessage(101.01), ME), echo: { localId: "7.1", raw: "x", state: "sending" as const } };
    const narrow = topic(event.message.stream_id ?? 0, event.message.subject);
    const state = place(known(narrow, []), { ...echo, place: fromApi(event.message, ME).place }, CONTEXT);
    expect(idsOf(state, narrow)).toEqual([101.01]);
    const after = apply(state, { ...event, local_message_id: "7.1" }, CONTEXT);
    expect(idsOf(after, narrow)).toEqual([event.message.id]);
    expect(after.byId.get(event.message.id)?.content).toBe("<p>local echo</p>");
    expect(after.byId.has(101.01)).toBe(false);
  });

  it("stars", () => {
    const starred: Narrow = [{ operator: "is", operand: "starred" }];
    const state = known(starred, [], {}, known(topic(3, "lunch"), [101]));
    const after = run(state, events("star"));
    expect(after.byId.get(101)?.flags.has("starred")).toBe(true);
    expect(idsOf(after, starred)).toEqual([101]);
  });

  it("removes a reaction, whoever else reacted", () => {
    const reaction = { emoji_name: "thumbs_up", emoji_code: "1f44d", reaction_type: "unicode_emoji" as const };
    const message = fromApi(
      apiMessage(101, {
        reactions: [
          { ...reaction, user_id: 12 },
          { ...reaction, user_id: 10 },
        ],
      }),
      ME,
    );
    const after = run(place(NO_MESSAGES, message, CONTEXT), events("remove_reaction"));
    expect(after.byId.get(101)?.reactions.map((one) => one.user_id)).toEqual([10]);
  });

  it("moves a topic to another channel", () => {
    const move = events("move_topic_to_stream").find((one) => one.type === "update_message");
    if (move?.type !== "update_message") throw new Error("a move was recorded");
    const from = topic(3, "moved again");
    let state = known(from, move.message_ids, { subject: "moved again" });
    state = known(topic(4, "moved again"), [], {}, state);
    state = apply(state, move, CONTEXT);
    expect(idsOf(state, from)).toEqual([]);
    expect(idsOf(state, topic(4, "moved again"))).toEqual([...move.message_ids].sort((a, b) => a - b));
    expect(state.byId.get(move.message_ids[0] ?? 0)).toMatchObject({
      place: { kind: "stream", streamId: 4 },
      movedAt: move.edit_timestamp,
    });
  });

  it("does not trust a view that messages it never saw were moved into", () => {
    const move = events("move_topic_to_stream").find((one) => one.type === "update_message");
    if (!move) throw new Error("a move was recorded");
    const after = apply(known(topic(4, "moved again"), [50]), move, CONTEXT);
    expect(after.views.get(narrowKey(topic(4, "moved again")))).toMatchObject({
      foundOldest: false,
      foundNewest: false,
    });
  });

  it("deletes a topic", () => {
    const after = run(
      known(topic(3, "later topic"), [113, 114, 116, 117], { subject: "later topic" }),
      events("delete_topic"),
    );
    expect(idsOf(after, topic(3, "later topic"))).toEqual([117]);
  });

  it("stays as it is when messages are read: the rows on the screen are not built anew", () => {
    const state = known(topic(3, "lunch"), [1, 2]);
    expect(run(state, events("mark_all_as_read"))).toBe(state);
  });

  it("is not changed by the answer to what was shown at once", () => {
    const starred = run(known(topic(3, "lunch"), [101]), events("star"));
    expect(run(starred, events("star"))).toBe(starred);
    const bare = known(topic(3, "lunch"), [101]);
    expect(run(bare, events("remove_reaction"))).toBe(bare);
    const again = events("remove_reaction").map((one) =>
      one.type === "reaction" ? { ...one, op: "add" as const } : one,
    );
    const reacted = run(bare, again);
    expect(reacted.byId.get(101)?.reactions).toHaveLength(1);
    expect(run(reacted, again)).toBe(reacted);
  });

  it("keeps a message's identity when an event does not touch it", () => {
    const state = known(topic(3, "lunch"), [1, 101]);
    expect(run(state, events("star")).byId.get(1)).toBe(state.byId.get(1));
  });
});
