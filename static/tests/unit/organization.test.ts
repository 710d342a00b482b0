import { describe, expect, it, test } from "vitest";
import type { CustomProfileField } from "../../src/api/generated";
import type { ApiUserGroup } from "../../src/api/types";
import { emojiName } from "../../src/emoji/data";
import { applyGroups, firstRights, formerGroups, mayManage, ownGroups, possibleSubgroups } from "../../src/groups/data";
import { choiceData, choicesOf, FIELD, filledIn, moved, shownValue } from "../../src/profile/data";
import { holders, type Requirement, systemGroup } from "../../src/settings/rights";
import { streamIcon } from "../../src/streams/icon";

const group = (id: number, more: Partial<ApiUserGroup> = {}): ApiUserGroup => ({
  id,
  name: `group ${id}`,
  description: "",
  members: [],
  is_system_group: false,
  ...more,
});

describe("groups", () => {
  const two = [group(1, { members: [5] }), group(2)];

  it("follow who joins and leaves", () => {
    const joined = applyGroups(two, { id: 0, type: "user_group", op: "add_members", group_id: 1, user_ids: [5, 6] });
    expect(joined[0]?.members).toEqual([5, 6]);
    expect(joined[1]).toBe(two[1]);
    const left = applyGroups(joined, { id: 0, type: "user_group", op: "remove_members", group_id: 1, user_ids: [5] });
    expect(left[0]?.members).toEqual([6]);
  });

  it("come, change and go", () => {
    const three = applyGroups(two, { id: 0, type: "user_group", op: "add", group: group(3) });
    expect(three.map((one) => one.id)).toEqual([1, 2, 3]);
    const named = applyGroups(two, { id: 0, type: "user_group", op: "update", group_id: 2, data: { name: "crew" } });
    expect(named[1]?.name).toBe("crew");
    const gone = applyGroups(two, {
      id: 0,
      type: "user_group",
      op: "update",
      group_id: 2,
      data: { deactivated: true },
    });
    expect(ownGroups(gone).map((one) => one.id)).toEqual([1]);
    expect(formerGroups(gone).map((one) => one.id)).toEqual([2]);
    const back = applyGroups(gone, {
      id: 0,
      type: "user_group",
      op: "update",
      group_id: 2,
      data: { deactivated: false },
    });
    expect(ownGroups(back).map((one) => one.id)).toEqual([1, 2]);
  });

  it("hold other groups, but never themselves", () => {
    const three = [
      group(1, { direct_subgroup_ids: [2] }),
      group(2, { direct_subgroup_ids: [3] }),
      group(3),
      group(4, { deactivated: true }),
      group(5),
    ];
    const ids = (into: number) =>
      possibleSubgroups(three, three.find((one) => one.id === into) ?? group(0)).map((one) => one.id);
    expect(ids(3)).toEqual([5]);
    expect(ids(1)).toEqual([3, 5]);
    expect(ids(5)).toEqual([1, 2, 3]);
  });

  it("belong to who makes them, and let everyone go", () => {
    const system = [
      group(1, { is_system_group: true, name: "role:nobody" }),
      group(2, { is_system_group: true, name: "role:everyone" }),
    ];
    const rights = firstRights(system, 5);
    expect(rights.can_manage_group).toEqual({ direct_members: [5], direct_subgroups: [] });
    expect([rights.can_join_group, rights.can_leave_group, rights.can_mention_group]).toEqual([1, 2, 2]);
  });

  it("are managed by who holds the right, or the one over all groups", () => {
    const all = [group(1, { members: [5] }), group(2, { members: [6] }), group(3, { can_manage_group: 1 })];
    const mine = all[2] ?? group(0);
    expect(mayManage(all, mine, 2, 5)).toBe(true);
    expect(mayManage(all, mine, 2, 6)).toBe(true);
    expect(mayManage(all, mine, 2, 7)).toBe(false);
  });

  it("of the system are not offered", () => {
    expect(ownGroups([group(1, { is_system_group: true }), group(3, { name: "b" }), group(2, { name: "a" })])).toEqual([
      group(2, { name: "a" }),
      group(3, { name: "b" }),
    ]);
  });
});

describe("profile fields", () => {
  const field = (type: number, data: unknown = "", more: Partial<CustomProfileField> = {}): CustomProfileField => ({
    id: type,
    type,
    order: type,
    name: `field ${type}`,
    hint: "",
    field_data: data === "" ? "" : JSON.stringify(data),
    required: false,
    editable_by_user: true,
    ...more,
  });

  it("show choices by their text, in their order", () => {
    const choice = field(FIELD.choice, { b: { text: "Blue", order: "2" }, r: { text: "Red", order: "1" } });
    expect(choicesOf(choice).map((one) => one.value)).toEqual(["r", "b"]);
    expect(shownValue(choice, "b")).toEqual({ kind: "text", text: "Blue" });
    expect(shownValue(choice, "gone")).toEqual({ kind: "text", text: "gone" });
  });

  it("link to the web and nowhere else", () => {
    const link = field(FIELD.link);
    expect(shownValue(link, "https://example.com/a").kind).toBe("link");
    expect(shownValue(link, "javascript:alert(1)").kind).toBe("text");
    const account = field(FIELD.account, { subtype: "github" });
    expect(shownValue(account, "a/b")).toEqual({ kind: "link", text: "a/b", href: "https://github.com/a%2Fb" });
    const bad = field(FIELD.account, { subtype: "custom", url_pattern: "javascript:%(username)s" });
    expect(shownValue(bad, "x").kind).toBe("text");
  });

  it("name people, and survive nonsense", () => {
    expect(shownValue(field(FIELD.people), "[4,5]")).toEqual({ kind: "people", ids: [4, 5] });
    expect(shownValue(field(FIELD.people), "nobody")).toEqual({ kind: "people", ids: [] });
    expect(choicesOf(field(FIELD.choice, "", { field_data: "{" }))).toEqual([]);
  });

  it("are listed in the organisation's order, without the empty ones", () => {
    const fields = [field(FIELD.longText, "", { order: 2 }), field(FIELD.text, "", { order: 1 }), field(FIELD.date)];
    const answers = { 1: { value: "one" }, 2: { value: "two" }, 4: { value: "" } };
    expect(filledIn(fields, answers).map((one) => one.field.id)).toEqual([1, 2]);
  });
});

test("an emoji's name is made of what the server takes", () => {
  expect(emojiName("  Party Parrot (1) ")).toBe("party_parrot_1");
  expect(emojiName("Ünder__score")).toBe("nder_score");
});

describe("rights", () => {
  const names = ["nobody", "owners", "administrators", "moderators", "fullmembers", "members", "everyone", "internet"];
  const system = names.map((name, i) => group(i + 1, { name: `role:${name}`, is_system_group: true }));
  const all = [group(11, { name: "crew" }), group(10, { name: "anglers" }), ...system];
  const requirement: Requirement = {
    require_system_group: false,
    allow_internet_group: false,
    allow_nobody_group: false,
    allow_owners_group: false,
    allow_everyone_group: false,
    allowed_system_groups: [],
  };
  const named = (more: Partial<Requirement>) => holders({ ...requirement, ...more }, all).map((one) => one.name);
  const usual = ["role:administrators", "role:moderators", "role:fullmembers", "role:members"];

  it("are held by the groups that the server takes, one's own last", () => {
    expect(named({})).toEqual([...usual, "anglers", "crew"]);
    expect(named({ require_system_group: true })).toEqual(usual);
    expect(named({ require_system_group: true, allow_everyone_group: true })).toEqual([...usual, "role:everyone"]);
    expect(named({ require_system_group: true, allow_nobody_group: true })).toEqual([
      "role:nobody",
      "role:owners",
      ...usual,
    ]);
  });

  it("are limited to a list where there is one", () => {
    const list = ["role:everyone", "role:members"];
    expect(named({ require_system_group: true, allowed_system_groups: list })).toEqual([
      "role:members",
      "role:everyone",
    ]);
  });

  it("name the groups of the system in the reader's language", () => {
    expect(systemGroup(system[1] ?? group(0))).toBe("group.owners");
    expect(systemGroup(group(10))).toBeUndefined();
  });
});

describe("profile fields in the making", () => {
  it("have choices as they were written, once each", () => {
    expect(choiceData(" tea \n\ncoffee\ntea")).toEqual({
      0: { text: "tea", order: "1" },
      1: { text: "coffee", order: "2" },
    });
    const known = [
      { value: "0", text: "tea" },
      { value: "1", text: "coffee" },
    ];
    expect(choiceData("milk\ncoffee", known)).toEqual({
      2: { text: "milk", order: "1" },
      1: { text: "coffee", order: "2" },
    });
  });

  it("move by a place", () => {
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3]);
    expect(moved([1, 2, 3], 2, -1)).toEqual([1, 3, 2]);
  });
});

test("the sign of a channel says who can see it", () => {
  expect(streamIcon({ isPrivate: true, isWebPublic: false })).toBe("lock");
  expect(streamIcon({ isPrivate: false, isWebPublic: true })).toBe("globe");
  expect(streamIcon({ isPrivate: false, isWebPublic: false })).toBe("hash");
  expect(streamIcon(undefined)).toBe("hash");
});
