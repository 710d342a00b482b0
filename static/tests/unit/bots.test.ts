import { describe, expect, it } from "vitest";
import { apply, type Bot, botsFrom, botType, configFile, inOrder, mayMake } from "../../src/bots/data";

const bot = (id: number, more: Partial<Bot> = {}): Bot => ({
  user_id: id,
  full_name: `Bot ${id}`,
  email: `bot${id}@example.com`,
  bot_type: 1,
  is_active: true,
  api_key: "key",
  owner_id: 7,
  ...more,
});

describe("bots", () => {
  const two = botsFrom([bot(2), bot(1)]);

  it("come, change and go to others", () => {
    const three = apply(two, { id: 0, type: "realm_bot", op: "add", bot: bot(3) });
    expect([...three.keys()]).toEqual([2, 1, 3]);
    const renewed = apply(two, { id: 0, type: "realm_bot", op: "update", bot: { user_id: 1, api_key: "new" } });
    expect(renewed.get(1)).toEqual(bot(1, { api_key: "new" }));
    expect(apply(two, { id: 0, type: "realm_bot", op: "update", bot: { user_id: 9, full_name: "?" } })).toBe(two);
    expect([...apply(two, { id: 0, type: "realm_bot", op: "delete", bot: { user_id: 2 } }).keys()]).toEqual([1]);
  });

  it("stand by name, those that were deactivated last", () => {
    const all = botsFrom([bot(3, { is_active: false, full_name: "A" }), bot(2), bot(1)]);
    expect(inOrder(all).map((one) => one.user_id)).toEqual([1, 2, 3]);
  });

  it("are made as the organisation allows", () => {
    expect(mayMake(1, false, false)).toEqual(["generic", "webhook"]);
    expect(mayMake(2, false, false)).toEqual(["webhook"]);
    expect(mayMake(3, false, false)).toEqual([]);
    expect(mayMake(3, true, false)).toEqual(["generic", "webhook"]);
    expect(mayMake(1, false, true)).toEqual([]);
  });

  it("have a kind, and a file to log in with", () => {
    expect(botType(2)).toBe("webhook");
    expect(botType(null)).toBeUndefined();
    expect(configFile(bot(1), "https://chat.example.com")).toBe(
      "[api]\nemail=bot1@example.com\nkey=key\nsite=https://chat.example.com\n",
    );
  });
});
