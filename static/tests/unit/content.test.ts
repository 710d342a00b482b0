// @vitest-environment happy-dom

import { expect, test } from "vitest";
import { renderContent } from "../../src/messages/content";

const draw = (html: string) => renderContent(html, { me: 1, twentyFour: true, playgrounds: [] });

test("a spoiler opens by its line, and links in that line stay links", () => {
  const body =
    draw(`<div class="spoiler-block"><div class="spoiler-header"><p>as <a href="https://a.example">told</a></p>
    </div><div class="spoiler-content" aria-hidden="true"><p>the end</p></div></div>`);
  const toggle = body.querySelector<HTMLElement>(".spoiler-toggle");
  const content = body.querySelector<HTMLElement>(".spoiler-content");
  expect(toggle?.querySelector("a")).toBeNull();
  expect(body.querySelector(".spoiler-header a")).not.toBeNull();
  expect([toggle?.getAttribute("aria-label"), content?.hidden]).toEqual(["as told", true]);
  toggle?.click();
  expect([toggle?.getAttribute("aria-expanded"), content?.hidden]).toEqual(["true", false]);
});

test("a spoiler without words says what it is", () => {
  const body = draw(
    `<div class="spoiler-block"><div class="spoiler-header"></div><div class="spoiler-content"></div></div>`,
  );
  expect(body.querySelector(".spoiler-header")?.textContent).toBe("Spoiler");
});
