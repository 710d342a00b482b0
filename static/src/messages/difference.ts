// What an edit changed, word by word.

import { diffArrays } from "diff";
import { h } from "../dom/html";
import { t } from "../i18n";

export interface Change {
  kind: "same" | "added" | "removed";
  word: string;
}

/** Two texts that are further apart than this many words are told as one gone and another come. */
const MOST_CHANGES = 1_000;

const all = (words: readonly string[], kind: Change["kind"]): Change[] => words.map((word) => ({ kind, word }));

/** A shortest way from one text to the other. */
export function changes(before: readonly string[], after: readonly string[]): Change[] {
  const parts = diffArrays([...before], [...after], { maxEditLength: MOST_CHANGES });
  if (!parts) return [...all(before, "removed"), ...all(after, "added")];
  return parts.flatMap(({ value, added, removed }) => all(value, added ? "added" : removed ? "removed" : "same"));
}

function textsIn(root: Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  return texts;
}

const wordsIn = (text: string): string[] => text.match(/\S+/g) ?? [];

const mark = (tag: "ins" | "del", words: string): HTMLElement =>
  h(tag, {}, h("span", { class: "sr-only" }, t(tag === "ins" ? "history.added" : "history.removed")), words);

/** Neighbours that changed in the same way stand in one mark. */
function pieces(list: readonly Change[]): (HTMLElement | string)[] {
  const result: (HTMLElement | string)[] = [];
  for (let i = 0; i < list.length; ) {
    const kind = list[i]?.kind;
    const from = i;
    while (i < list.length && list[i]?.kind === kind) i++;
    const words = list
      .slice(from, i)
      .map((one) => one.word)
      .join(" ");
    result.push(kind === "same" ? words : mark(kind === "added" ? "ins" : "del", words));
    if (i < list.length) result.push(" ");
  }
  return result;
}

/** Marks in the body of a message what came since `before`, and puts in what went. */
export function markChanges(body: HTMLElement, before: HTMLElement): void {
  const texts = textsIn(body).filter((text) => text.data.trim() !== "");
  const list = changes(
    textsIn(before).flatMap((text) => wordsIn(text.data)),
    texts.flatMap((text) => wordsIn(text.data)),
  );
  let at = 0;
  texts.forEach((text, i) => {
    const from = at;
    let left = wordsIn(text.data).length;
    const isLast = i === texts.length - 1;
    while (at < list.length && (left > 0 || isLast)) {
      if (list[at]?.kind !== "removed") left--;
      at++;
    }
    const part = list.slice(from, at);
    if (part.every((one) => one.kind === "same")) return;
    const [, lead = "", , trail = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text.data) ?? [];
    text.replaceWith(lead, ...pieces(part), trail);
  });
  const gone = list.slice(at);
  if (gone.length > 0) body.append(...pieces(gone));
}
