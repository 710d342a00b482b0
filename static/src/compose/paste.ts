// Rich text from elsewhere, as the Markdown that says the same.

import { fenceFor } from "./format";

interface Context {
  /** Inside a list item or table cell: blocks are lines, not paragraphs. */
  tight: boolean;
}

const SKIPPED = new Set(["SCRIPT", "STYLE", "META", "LINK", "TITLE", "HEAD", "BUTTON", "SVG"]);
const BLOCKS = new Set(
  "P DIV SECTION ARTICLE HEADER FOOTER MAIN UL OL LI BLOCKQUOTE PRE TABLE H1 H2 H3 H4 H5 H6 HR DL DT DD".split(" "),
);

/** Something that plain text would lose. Editors of code paste coloured spans: those are plain text. */
const FORMATTED = "b,strong,i,em,s,del,strike,code,pre,a[href],ul,ol,blockquote,table,h1,h2,h3,h4,h5,h6,.katex";

/** Marks cannot begin or end with a space: those stay outside. */
function marked(text: string, mark: string): string {
  const found = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  const [, before = "", inside = "", after = ""] = found ?? [];
  return inside === "" ? text : `${before}${mark}${inside}${mark}${after}`;
}

/** Word processors wrap everything in a bold element that says that it is not bold. */
const isBold = (element: HTMLElement) => !/^(normal|[1-4]00)$/.test(element.style.fontWeight);

function codeSpan(text: string): string {
  let mark = "`";
  while (text.includes(mark)) mark += "`";
  const pad = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return text === "" ? "" : `${mark}${pad}${text}${pad}${mark}`;
}

function codeBlock(element: HTMLElement): string {
  const text = (element.textContent ?? "").replace(/\n$/, "");
  const holder = element.closest<HTMLElement>("[data-code-language]");
  const named = /\blang(?:uage)?-([\w+#-]+)/.exec(`${element.className} ${element.querySelector("code")?.className}`);
  const language = holder?.dataset.codeLanguage?.toLowerCase() ?? named?.[1] ?? "";
  const fence = fenceFor(text);
  return `${fence}${language}\n${text}\n${fence}`;
}

function anchor(element: HTMLAnchorElement, context: Context): string {
  const text = inline(element, context).trim();
  const to = element.getAttribute("href") ?? "";
  if (!/^(https?|mailto):/i.test(to)) return text;
  if (text === "" || text === to || text === to.replace(/\/$/, "")) return to;
  return `[${text}](${to})`;
}

function list(element: HTMLElement): string {
  const ordered = element.tagName === "OL";
  let number = Number(element.getAttribute("start") ?? 1);
  const lines: string[] = [];
  for (const item of element.children) {
    if (item.tagName === "UL" || item.tagName === "OL") lines.push(indent(list(item as HTMLElement), "  "));
    if (item.tagName !== "LI") continue;
    const marker = ordered ? `${number++}. ` : "* ";
    const body = blocks(item, { tight: true });
    lines.push(marker + indent(body, " ".repeat(marker.length)).trimStart());
  }
  return lines.join("\n");
}

const indent = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);

function table(element: HTMLElement): string {
  const rows = [...element.querySelectorAll("tr")].map((row) =>
    [...row.querySelectorAll("th,td")].map((cell) =>
      inline(cell, { tight: true }).replaceAll(/\s+/g, " ").trim().replaceAll("|", "\\|"),
    ),
  );
  const [head, ...body] = rows;
  if (!head) return "";
  if (head.length === 1 && rows.every((row) => row.length === 1)) return rows.flat().join("\n");
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

function mention(element: HTMLElement): string {
  const name = (element.textContent ?? "").replace(/^@/, "");
  const silent = element.classList.contains("silent") ? "_" : "";
  return element.classList.contains("user-group-mention") ? `@${silent}*${name}*` : `@${silent}**${name}**`;
}

function element(node: HTMLElement, context: Context): string {
  if (node.matches(".user-mention, .user-group-mention")) return mention(node);
  if (node.matches(".katex")) return `$$${node.querySelector("annotation")?.textContent ?? node.textContent}$$`;
  switch (node.tagName) {
    case "BR":
      return "\n";
    case "B":
    case "STRONG":
      return isBold(node) ? marked(inline(node, context), "**") : inline(node, context);
    case "I":
    case "EM":
      return marked(inline(node, context), "*");
    case "S":
    case "DEL":
    case "STRIKE":
      return marked(inline(node, context), "~~");
    case "CODE":
    case "KBD":
    case "SAMP":
      return codeSpan(node.textContent ?? "");
    case "A":
      return anchor(node as HTMLAnchorElement, context);
    case "IMG":
      return node.classList.contains("emoji") ? (node.getAttribute("alt") ?? "") : image(node as HTMLImageElement);
    default:
      return [...node.childNodes].some(isBlock) ? `\n${blocks(node, context)}\n` : inline(node, context);
  }
}

function image(node: HTMLImageElement): string {
  const source = node.getAttribute("src") ?? "";
  return /^https?:/i.test(source) ? `[${node.alt || source.split("/").at(-1)}](${source})` : node.alt;
}

function inline(parent: Node, context: Context): string {
  let text = "";
  for (const node of parent.childNodes) {
    if (node.nodeType === 3) text += (node.textContent ?? "").replaceAll(/[ \t\r\n\u00a0]+/g, " ");
    else if (node.nodeType === 1 && !SKIPPED.has((node as Element).tagName))
      text += element(node as HTMLElement, context);
  }
  return text;
}

const isBlock = (node: Node) => node.nodeType === 1 && BLOCKS.has((node as Element).tagName);

function block(node: HTMLElement, context: Context): string {
  const { tagName } = node;
  if (/^H[1-6]$/.test(tagName)) return `${"#".repeat(Number(tagName[1]))} ${inline(node, context).trim()}`;
  if (tagName === "UL" || tagName === "OL") return list(node);
  if (tagName === "PRE") return codeBlock(node);
  if (tagName === "TABLE") return table(node);
  if (tagName === "HR") return "---";
  if (tagName === "BLOCKQUOTE") return blocks(node, { tight: false }).replaceAll(/^/gm, "> ");
  return blocks(node, context);
}

/** The blocks of an element; runs of inline content between them are blocks too. */
function blocks(parent: Node, context: Context): string {
  const parts: string[] = [];
  let run: Node[] = [];
  const flush = () => {
    const holder = (parent.ownerDocument ?? (parent as Document)).createElement("span");
    holder.append(...run.map((node) => node.cloneNode(true)));
    run = [];
    const text = inline(holder, context)
      .split("\n")
      .map((line) => line.trim())
      .join("\n")
      .trim();
    if (text !== "") parts.push(text);
  };
  for (const node of parent.childNodes) {
    if (isBlock(node)) {
      flush();
      const text = block(node as HTMLElement, context);
      if (text.trim() !== "") parts.push(text);
    } else run.push(node);
  }
  flush();
  return parts.join(context.tight ? "\n" : "\n\n");
}

/** The Markdown of pasted HTML; nothing if plain text says as much. */
export function markdownFrom(html: string): string | undefined {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const formatted = [...body.querySelectorAll<HTMLElement>(FORMATTED)].some(
    (one) => !/^(B|STRONG)$/.test(one.tagName) || isBold(one),
  );
  return formatted ? blocks(body, { tight: false }).replaceAll(/\n{3,}/g, "\n\n") : undefined;
}

/** An address alone, which pasted over a selection makes it a link. */
export function addressIn(text: string): string | undefined {
  const trimmed = text.trim();
  return /^https?:\/\/\S+$/.test(trimmed) && URL.canParse(trimmed) ? trimmed : undefined;
}
