// @vitest-environment happy-dom

import { beforeEach, expect, test } from "vitest";
import { giveFocusBack, moveAround, moveFocus } from "../../src/keyboard/focus";

HTMLElement.prototype.checkVisibility ??= () => true;

const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const here = () => document.activeElement?.id;
const element = (id: string) => document.getElementById(id) as HTMLElement;

beforeEach(() => {
  document.body.innerHTML = `
    <div id="page"><input id="filter" type="search"><textarea id="text"></textarea>
    <ul><li><a id="a" href="#a" data-focus-row>a</a></li><li><a id="b" href="#b" data-focus-row>b</a></li></ul></div>`;
  element("page").addEventListener("keydown", moveFocus);
});

test("arrows lead from the filter into the list, over it, and back", () => {
  element("filter").focus();
  press("ArrowDown");
  expect(here()).toBe("a");
  press("j");
  expect(here()).toBe("b");
  press("ArrowDown");
  expect(here()).toBe("b");
  press("k");
  press("ArrowUp");
  expect(here()).toBe("filter");
});

test("Enter in the filter opens the first row, once something is written there", () => {
  const opened: string[] = [];
  element("page").addEventListener("click", (event) => opened.push((event.target as HTMLElement).id));
  element("filter").focus();
  press("Enter");
  expect(opened).toEqual([]);
  (element("filter") as HTMLInputElement).value = "x";
  press("Enter");
  expect(opened).toEqual(["a"]);
});

test("sideways leads to what can be done with a row, in the direction of the writing", () => {
  document.body.innerHTML = `<ul id="list"><li><a id="open" href="#x" data-focus-row>x</a><button id="delete"></button></li></ul>`;
  element("list").addEventListener("keydown", moveAround);
  element("open").focus();
  for (const key of ["ArrowRight", "ArrowRight"]) press(key);
  expect(here()).toBe("delete");
  press("h");
  expect(here()).toBe("open");
  document.documentElement.dir = "rtl";
  press("ArrowLeft");
  expect(here()).toBe("delete");
  document.documentElement.dir = "ltr";
});

test("letters and arrows belong to who writes", () => {
  element("filter").focus();
  press("j");
  press("ArrowUp");
  expect(here()).toBe("filter");
  element("text").focus();
  press("ArrowDown");
  expect(here()).toBe("text");
});

test("leaving a field without having come from anywhere leads to the chosen message", () => {
  document.body.insertAdjacentHTML("beforeend", '<article id="row" class="row selected" tabindex="0"></article>');
  element("filter").focus();
  giveFocusBack(element("filter"));
  expect(here()).toBe("row");
});
