import { describe, expect, it } from "vitest";
import type { ApiUserGroup } from "../../src/api/types";
import { applyGroups, holds } from "../../src/groups/data";
import { apply, arranged, BUILT_IN, fromRegister } from "../../src/navigation/data";
import { expand, playgroundsFor } from "../../src/playgrounds/data";
import { applyFiles, sizeText } from "../../src/uploads/data";

describe("views in the sidebar", () => {
  const own = { fragment: "narrow/search/map", is_pinned: true, name: "map" };

  it("are all there until one is hidden", () => {
    expect(arranged(fromRegister([])).shown.map((one) => one.fragment)).toEqual([...BUILT_IN]);
    const { shown, hidden } = arranged(fromRegister([{ fragment: "feed", is_pinned: false, name: null }]));
    expect(shown).toHaveLength(BUILT_IN.length - 1);
    expect(hidden.map((one) => one.fragment)).toEqual(["feed"]);
  });

  it("come, change and go with events; those of one's own making stand last", () => {
    const base = { id: 1, type: "navigation_view" } as const;
    const added = apply(fromRegister([]), { ...base, op: "add", navigation_view: own });
    expect(arranged(added).shown.at(-1)).toEqual(own);
    const hidden = apply(added, { ...base, op: "update", fragment: own.fragment, data: { is_pinned: false } });
    expect(arranged(hidden).hidden).toEqual([{ ...own, is_pinned: false }]);
    expect(apply(hidden, { ...base, op: "remove", fragment: own.fragment }).size).toBe(0);
    expect(apply(fromRegister([]), { ...base, op: "update", fragment: "x", data: { name: "y" } }).size).toBe(0);
  });
});

describe("playgrounds", () => {
  const rust = { id: 1, name: "Play", pygments_language: "Rust", url_template: "https://p.example/{?code}" };

  it("are those of the block's language, however it is written", () => {
    expect(playgroundsFor([rust], "rust")).toEqual([rust]);
    expect(playgroundsFor([rust], "Python")).toEqual([]);
    expect(playgroundsFor([rust], undefined)).toEqual([]);
  });

  it.each([
    ["https://p.example/?c={code}", "https://p.example/?c=a%20b%26c%21"],
    ["https://p.example/{?code}", "https://p.example/?code=a%20b%26c%21"],
    ["https://p.example/?x=1{&code}", "https://p.example/?x=1&code=a%20b%26c%21"],
    ["https://p.example{/code}", "https://p.example/a%20b%26c%21"],
    ["https://p.example/{#code}", "https://p.example/#a%20b&c!"],
    ["https://p.example/{+code}", "https://p.example/a%20b&c!"],
    ["https://p.example/{code:3}", "https://p.example/a%20b"],
    ["https://p.example/{other}", "https://p.example/{other}"],
  ])("take the code where %s says", (template, url) => {
    expect(expand(template, "a b&c!")).toBe(url);
  });
});

describe("rights that groups hold", () => {
  const group = (id: number, members: number[], direct_subgroup_ids: number[] = []): ApiUserGroup => ({
    id,
    name: `g${id}`,
    description: "",
    members,
    direct_subgroup_ids,
    is_system_group: false,
  });
  const groups = [group(1, [7]), group(2, [], [1]), group(3, [8], [2, 3])];

  it("are those of everyone in it, and in the groups within it", () => {
    expect(holds(groups, 1, 7)).toBe(true);
    expect(holds(groups, 3, 7)).toBe(true);
    expect(holds(groups, 1, 8)).toBe(false);
    expect(holds(groups, { direct_members: [9], direct_subgroups: [2] }, 7)).toBe(true);
    expect(holds(groups, { direct_members: [9], direct_subgroups: [2] }, 9)).toBe(true);
    expect(holds(groups, undefined, 7)).toBe(false);
  });

  it("follow groups that are put into others and taken out", () => {
    const base = { id: 1, type: "user_group" as const, group_id: 1, direct_subgroup_ids: [3] };
    const added = applyGroups(groups, { ...base, op: "add_subgroups" });
    expect(holds(added, 1, 8)).toBe(true);
    expect(holds(applyGroups(added, { ...base, op: "remove_subgroups" }), 1, 8)).toBe(false);
  });
});

describe("one's files", () => {
  const file = { id: 4, name: "map.png", path_id: "2/ab/map.png", size: 1500, create_time: 0, messages: [] };
  const base = { id: 1, type: "attachment", upload_space_used: 0 } as const;

  it("follow the events", () => {
    const added = applyFiles([], { ...base, op: "add", attachment: file });
    expect(added).toEqual([file]);
    const linked = { ...file, messages: [{ id: 9, date_sent: 1 }] };
    expect(applyFiles(added, { ...base, op: "update", attachment: linked })).toEqual([linked]);
    expect(applyFiles(added, { ...base, op: "remove", attachment: { id: 4 } })).toEqual([]);
  });

  it("have a size in the unit that fits", () => {
    expect([0, 999, 1500, 2_500_000, 3e9, 5e12].map((size) => sizeText(size, "en"))).toEqual([
      "0 byte",
      "999 byte",
      "1.5 kB",
      "2.5 MB",
      "3 GB",
      "5,000 GB",
    ]);
  });
});
