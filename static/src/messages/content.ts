// What the client adds to the server's rendered HTML: emoji glyphs, local times, mentions of oneself, spoilers,
// copy buttons. The HTML comes from the server's renderer, which builds it and lets nothing else through.

import type { Playground } from "../api/generated";
import { openMenu } from "../app/overlays";
import { h, icon } from "../dom/html";
import { characters } from "../emoji/data";
import { t } from "../i18n";
import { expand, playgroundsFor } from "../playgrounds/data";
import { animate } from "./animation";
import { fullTime } from "./time";

export interface ContentContext {
  me: number;
  twentyFour: boolean;
  /** web_animate_image_previews. */
  animation?: unknown;
  playgrounds: readonly Playground[];
}

/** A message that is nothing but emoji shows them large. */
function isOnlyEmoji(body: HTMLElement): boolean {
  const [only] = body.children;
  if (body.children.length !== 1 || only?.tagName !== "P" || only.children.length === 0) return false;
  return [...only.childNodes].every((node) =>
    node instanceof Element ? node.classList.contains("emoji") : node.textContent?.trim() === "",
  );
}

function showEmoji(root: ParentNode): void {
  for (const span of root.querySelectorAll<HTMLElement>("span.emoji")) {
    const code = /\bemoji-([0-9a-f-]+)\b/.exec(span.className)?.[1];
    const glyph = code ? characters(code) : "";
    if (glyph) span.textContent = glyph;
  }
}

function showTimes(root: ParentNode, twentyFour: boolean): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at)) continue;
    element.title = element.textContent ?? "";
    element.textContent = fullTime(at / 1000, twentyFour);
  }
}

function markOwnMentions(root: ParentNode, me: number): void {
  for (const mention of root.querySelectorAll<HTMLElement>(".user-mention, .topic-mention, .user-group-mention")) {
    const id = mention.dataset.userId;
    if (id === String(me) || id === "*" || mention.classList.contains("topic-mention")) {
      mention.classList.add("mention-me");
    }
    if (id && id !== "*") {
      mention.tabIndex = 0;
      mention.setAttribute("role", "button");
    }
  }
}

function makeSpoilers(root: ParentNode): void {
  for (const block of root.querySelectorAll<HTMLElement>(".spoiler-block")) {
    const header = block.querySelector<HTMLElement>(".spoiler-header");
    const body = block.querySelector<HTMLElement>(".spoiler-content");
    if (!header || !body) continue;
    if (header.textContent?.trim() === "") header.textContent = t("message.spoiler");
    // Beside the words, not around them: there may be links among them.
    const named = { "aria-expanded": "false", "aria-label": header.textContent?.trim() ?? "" };
    const toggle = h("button", { type: "button", class: "spoiler-toggle", ...named }, icon("chevron"));
    header.replaceChildren(h("div", {}, ...header.childNodes), toggle);
    body.hidden = true;
    body.removeAttribute("aria-hidden");
    toggle.addEventListener("click", () => {
      body.hidden = !body.hidden;
      toggle.setAttribute("aria-expanded", String(!body.hidden));
    });
  }
}

const codeOf = (block: HTMLElement) => block.querySelector("code")?.textContent ?? "";

/** Opens the code elsewhere: at once if there is one place for it, else where the reader chooses. */
function playgroundButton(block: HTMLElement, fitting: readonly Playground[]): HTMLElement {
  const visit = (one: Playground) => void open(expand(one.url_template, codeOf(block)), "_blank", "noopener");
  const [only] = fitting;
  const label = fitting.length === 1 && only ? t("playground.tryIn", { name: only.name }) : t("playground.try");
  const button = h("button", { type: "button", class: "try-code", title: label, "aria-label": label }, icon("forward"));
  button.addEventListener("click", () => {
    if (fitting.length === 1 && only) return visit(only);
    openMenu(
      button,
      label,
      fitting.map((one) => ({ label: one.name, run: () => visit(one) })),
    );
  });
  return button;
}

function addCodeButtons(root: ParentNode, playgrounds: readonly Playground[]): void {
  for (const block of root.querySelectorAll<HTMLElement>(".codehilite")) {
    const fitting = playgroundsFor(playgrounds, block.dataset.codeLanguage);
    const button = h("button", { type: "button", class: "copy-code", "aria-label": t("message.copyCode") }, t("copy"));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(codeOf(block));
      button.textContent = t("copied");
      setTimeout(() => {
        button.textContent = t("copy");
      }, 1500);
    });
    const tools = h("div", { class: "code-tools" }, fitting.length > 0 && playgroundButton(block, fitting), button);
    block.append(tools);
  }
}

/** Style attributes of formulas are refused by the page's policy when parsed; set by hand they are allowed. */
function layOutFormulas(root: ParentNode): void {
  if (root.querySelector(".katex")) void import("katex/dist/katex.min.css");
  for (const part of root.querySelectorAll<HTMLElement>(".katex [style]")) {
    part.style.cssText = part.getAttribute("style") ?? "";
  }
}

function tameLinks(root: ParentNode): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    const narrow = href.indexOf("#narrow/");
    if (narrow >= 0 && link.origin === location.origin) link.setAttribute("href", href.slice(narrow));
    else if (!href.startsWith("#")) {
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
  }
  for (const image of root.querySelectorAll("img")) image.loading = "lazy";
}

/** Builds the body of a message from its rendered HTML. */
export function renderContent(html: string, context: ContentContext): HTMLElement {
  const body = h("div", { class: "content", dir: "auto" });
  body.innerHTML = html;
  body.classList.toggle("only-emoji", isOnlyEmoji(body));
  showEmoji(body);
  showTimes(body, context.twentyFour);
  markOwnMentions(body, context.me);
  makeSpoilers(body);
  addCodeButtons(body, context.playgrounds);
  layOutFormulas(body);
  tameLinks(body);
  animate(body, context.animation);
  return body;
}

/** What a message looks like until the server has rendered it: paragraphs of plain text. */
export function echoHtml(raw: string): string {
  const safe = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return raw
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${safe(paragraph).replaceAll("\n", "<br>")}</p>`)
    .join("\n");
}
