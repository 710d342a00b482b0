// @vitest-environment happy-dom

import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { MessageList, type Rows } from "../../src/messages/list";

beforeAll(() => {
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});

afterEach(() => document.body.replaceChildren());

function make(changes: Partial<Rows> = {}) {
  const scroller = document.createElement("div");
  const inner = document.createElement("div");
  scroller.append(inner);
  document.body.append(scroller);
  const owner: Rows = {
    build: () => document.createElement("article"),
    signature: (id) => [id],
    onTop() {},
    onBottom() {},
    onVisible() {},
    onSelect() {},
    onReplace() {},
    ...changes,
  };
  return { list: new MessageList(scroller, inner, owner), inner };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test("the window of rows stays small, whatever the length of the list", () => {
  const { list, inner } = make();
  list.show(upTo(100_000), { at: "bottom" });
  expect(inner.children.length).toBeLessThanOrEqual(240);
  expect((inner.lastElementChild as HTMLElement).dataset.id).toBe("100000");
  list.show(upTo(100_000), { at: "row", id: 5000, share: 0.3 });
  expect(inner.children.length).toBeLessThanOrEqual(240);
  expect(list.rowOf(5000)).toBeDefined();
});

test("another list has no selection left from the one before", () => {
  const onSelect = vi.fn();
  const { list } = make({ onSelect });
  list.show([1, 2, 3], { at: "bottom" });
  list.select(2);
  list.show([7, 8], { at: "bottom" });
  expect(list.selectedId).toBeUndefined();
  expect(onSelect).toHaveBeenLastCalledWith(undefined);
});

test("only rows whose inputs changed are built anew", () => {
  const build = vi.fn((_id: number) => document.createElement("article"));
  const version = new Map([[2, "a"]]);
  const { list } = make({ build, signature: (id) => [id, version.get(id)] });
  list.show([1, 2, 3], { at: "bottom" });
  build.mockClear();
  version.set(2, "b");
  list.update([1, 2, 3, 4]);
  expect(build.mock.calls.map(([id]) => id)).toEqual([2, 4]);
});
