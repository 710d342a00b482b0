// @vitest-environment happy-dom

import { describe, expect, it } from "vitest";
import { changes, markChanges } from "../../src/messages/difference";

const words = (text: string) => text.split(" ").filter(Boolean);
const told = (before: string, after: string) =>
  changes(words(before), words(after))
    .map(({ kind, word }) => ({ same: "", added: "+", removed: "-" })[kind] + word)
    .join(" ");

describe("what an edit changed", () => {
  it("is found word by word", () => {
    expect(told("the path is steep", "the path is very steep")).toBe("the path is +very steep");
    expect(told("the old path", "the path")).toBe("the -old path");
    expect(told("we meet at noon here", "we meet at dusk here")).toBe("we meet at -noon +dusk here");
    expect(told("", "all new")).toBe("+all +new");
    expect(told("all gone", "")).toBe("-all -gone");
    expect(told("a b a b", "b a b a")).toBe("-a b a b +a");
    expect(told("as it was", "as it was")).toBe("as it was");
  });

  it("always leads from the one text to the other", () => {
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed;
    };
    const text = () => Array.from({ length: next() % 12 }, () => "abcd"[next() % 4] ?? "a");
    for (let i = 0; i < 300; i++) {
      const [before, after] = [text(), text()];
      const found = changes(before, after);
      const without = (kind: string) => found.filter((one) => one.kind !== kind).map((one) => one.word);
      expect(without("added")).toEqual(before);
      expect(without("removed")).toEqual(after);
    }
  });

  it("is too much to compare when nothing is alike in two long texts", () => {
    const long = (name: string) => Array.from({ length: 3000 }, (_, i) => `${name}${i}`);
    const found = changes(long("a"), long("b"));
    expect(found.length).toBe(6000);
    expect(found[0]).toEqual({ kind: "removed", word: "a0" });
  });
});

describe("a version of a message", () => {
  function marked(before: string, after: string): string {
    const body = (html: string) => {
      const div = document.createElement("div");
      div.innerHTML = html;
      return div;
    };
    const shown = body(after);
    markChanges(shown, body(before));
    for (const label of shown.querySelectorAll(".sr-only")) label.remove();
    return shown.innerHTML;
  }

  it("marks what came and shows what went, where it was", () => {
    expect(marked("<p>meet at noon</p>", "<p>meet at dusk</p>")).toBe("<p>meet at <del>noon</del> <ins>dusk</ins></p>");
    expect(marked("<p>one two three</p>", "<p>one</p>")).toBe("<p>one <del>two three</del></p>");
    expect(marked("<p>a</p>", "<p>a</p><ul><li>b c</li></ul>")).toBe("<p>a</p><ul><li><ins>b c</ins></li></ul>");
  });

  it("keeps its formatting", () => {
    expect(marked("<p>so it is</p>", "<p>so <strong>it</strong> was</p>")).toBe(
      "<p>so <strong>it</strong> <del>is</del> <ins>was</ins></p>",
    );
  });

  it("shows what went when nothing is left", () => {
    expect(marked("<p>gone now</p>", "<p></p>")).toBe("<p></p><del>gone now</del>");
  });
});
