// What the formatting buttons and keys do to a text and its selection.

export interface Selection {
  text: string;
  start: number;
  end: number;
}

/** Puts marks around the selection, or takes them away if they are there. */
export function wrap({ text, start, end }: Selection, mark: string, closing = mark): Selection {
  const inside = text.slice(start, end);
  const around = text.slice(start - mark.length, start) === mark && text.slice(end, end + closing.length) === closing;
  if (around && !isPartOfLonger(text, start - mark.length, mark)) {
    const bare = text.slice(0, start - mark.length) + inside + text.slice(end + closing.length);
    return { text: bare, start: start - mark.length, end: end - mark.length };
  }
  const wrapped = text.slice(0, start) + mark + inside + closing + text.slice(end);
  return { text: wrapped, start: start + mark.length, end: end + mark.length };
}

/** "*" inside "**" is not the mark of italics; inside "***" it is. */
function isPartOfLonger(text: string, at: number, mark: string): boolean {
  if (mark !== "*") return false;
  let length = 0;
  while (text[at - length] === "*") length += 1;
  return length === 2;
}

/** Puts a prefix before every line of the selection, or takes it away if all have it. */
export function prefixLines({ text, start, end }: Selection, prefix: string): Selection {
  return eachLine({ text, start, end }, (lines) => {
    const all = lines.every((line) => line.startsWith(prefix));
    return lines.map((line) => (all ? line.slice(prefix.length) : prefix + line));
  });
}

const NUMBERED = /^\d+\. /;

/** Numbers the lines of the selection, or takes the numbers away if all have one. */
export function numberLines(selection: Selection): Selection {
  return eachLine(selection, (lines) => {
    const all = lines.every((line) => NUMBERED.test(line));
    return lines.map((line, i) => (all ? line.replace(NUMBERED, "") : `${i + 1}. ${line}`));
  });
}

function eachLine({ text, start, end }: Selection, change: (lines: string[]) => string[]): Selection {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const changed = change(text.slice(from, end).split("\n")).join("\n");
  return { text: text.slice(0, from) + changed + text.slice(end), start: from, end: from + changed.length };
}

/** Puts the selection between two lines of their own. `cursor` is where to go on in the first of them. */
export function fence({ text, start, end }: Selection, first: string, last: string, cursor = first.length): Selection {
  const before = start > 0 && text[start - 1] !== "\n" ? "\n" : "";
  const after = end < text.length && text[end] !== "\n" ? "\n" : "";
  const block = `${before}${first}\n${text.slice(start, end)}\n${last}${after}`;
  const at = start + before.length + cursor;
  return { text: text.slice(0, start) + block + text.slice(end), start: at, end: at };
}

/** A fence longer than any inside the content. */
export function fenceFor(content: string): string {
  let mark = "```";
  while (content.includes(mark)) mark += "`";
  return mark;
}

/** Makes the selection a link; the address is selected, to be typed over. */
export function link({ text, start, end }: Selection, address = ""): Selection {
  const inside = text.slice(start, end);
  const to = address || "url";
  const made = `[${inside}](${to})`;
  const at = start + inside.length + 3;
  const next = text.slice(0, start) + made + text.slice(end);
  if (address) return { text: next, start: start + made.length, end: start + made.length };
  return inside === ""
    ? { text: next, start: start + 1, end: start + 1 }
    : { text: next, start: at, end: at + to.length };
}

export const FORMATS = [
  "bold",
  "italic",
  "strike",
  "link",
  "code",
  "math",
  "quote",
  "list",
  "numbers",
  "spoiler",
] as const;
export type Format = (typeof FORMATS)[number];

export function formatted(selection: Selection, kind: Format): Selection {
  const inside = selection.text.slice(selection.start, selection.end);
  const manyLines = inside.includes("\n");
  switch (kind) {
    case "bold":
      return wrap(selection, "**");
    case "italic":
      return wrap(selection, "*");
    case "strike":
      return wrap(selection, "~~");
    case "link":
      return link(selection);
    case "code":
      return manyLines ? fence(selection, fenceFor(inside), fenceFor(inside)) : wrap(selection, "`");
    case "math":
      return manyLines ? fence(selection, "```math", "```") : wrap(selection, "$$");
    case "quote":
      return manyLines ? fence(selection, `${fenceFor(inside)}quote`, fenceFor(inside)) : prefixLines(selection, "> ");
    case "list":
      return prefixLines(selection, "* ");
    case "numbers":
      return numberLines(selection);
    case "spoiler":
      return fence(selection, `${fenceFor(inside)}spoiler `, fenceFor(inside));
  }
}

const ITEM = /^(\s*)(?:([*+-])|(\d+)\.) +(\S?)/;

/** What Enter does inside a list: the next item, or out of the list from an empty one. */
export function continueList({ text, start, end }: Selection): Selection | undefined {
  if (start !== end) return undefined;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const item = ITEM.exec(text.slice(from, start));
  if (!item) return undefined;
  const [, indent = "", bullet, number, content] = item;
  if (!content) return { text: text.slice(0, from) + text.slice(start), start: from, end: from };
  const marker = `\n${indent}${bullet ?? `${Number(number) + 1}.`} `;
  const at = start + marker.length;
  return { text: text.slice(0, start) + marker + text.slice(start), start: at, end: at };
}
