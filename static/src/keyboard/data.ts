// The one table of shortcuts: the dispatcher, the "?" overlay and the palette all read it.

import type { Key } from "../i18n";

/** Where a key works. The keys of the compose box and of lists are handled there; they stand here to be read. */
export type Scope = "anywhere" | "messages" | "recent" | "streams" | "drafts" | "compose" | "lists";
export type Group = "basics" | "navigate" | "scroll" | "compose" | "message" | "writing" | "lists";

export interface Shortcut {
  command: string;
  /** As KeyboardEvent.key has them, modifiers before: "Shift+I", "Ctrl+K". Upper case letters mean Shift. */
  keys: readonly string[];
  label: Key;
  group: Group;
  scope: Scope;
  /** Listed in the palette too. */
  palette?: boolean;
}

export const SHORTCUTS = [
  { command: "help", keys: ["?"], label: "key.help", group: "basics", scope: "anywhere", palette: true },
  { command: "palette", keys: ["Ctrl+k"], label: "key.palette", group: "basics", scope: "anywhere" },
  { command: "search", keys: ["/"], label: "key.search", group: "basics", scope: "anywhere", palette: true },
  { command: "filterStreams", keys: ["q"], label: "key.filterStreams", group: "basics", scope: "anywhere" },
  { command: "filterPeople", keys: ["w"], label: "key.filterPeople", group: "basics", scope: "anywhere" },
  { command: "escape", keys: ["Escape", "Ctrl+["], label: "key.escape", group: "basics", scope: "anywhere" },
  { command: "mainMenu", keys: ["g"], label: "key.mainMenu", group: "basics", scope: "anywhere" },
  { command: "status", keys: [], label: "status.set", group: "basics", scope: "anywhere", palette: true },
  { command: "theme", keys: [], label: "key.theme", group: "basics", scope: "anywhere", palette: true },
  { command: "createStream", keys: [], label: "stream.create", group: "basics", scope: "anywhere", palette: true },
  { command: "markAllRead", keys: [], label: "key.markAllRead", group: "basics", scope: "anywhere", palette: true },
  { command: "settings", keys: [], label: "key.settings", group: "basics", scope: "anywhere", palette: true },
  { command: "inbox", keys: ["I"], label: "key.inbox", group: "navigate", scope: "anywhere" },
  { command: "recent", keys: ["t"], label: "key.recent", group: "navigate", scope: "anywhere" },
  { command: "feed", keys: ["a"], label: "key.feed", group: "navigate", scope: "anywhere" },
  { command: "starred", keys: ["*"], label: "key.starred", group: "navigate", scope: "anywhere" },
  { command: "directMessages", keys: ["P"], label: "key.directMessages", group: "navigate", scope: "anywhere" },
  { command: "drafts", keys: ["d"], label: "key.drafts", group: "navigate", scope: "anywhere" },
  { command: "nextTopic", keys: ["n"], label: "key.nextTopic", group: "navigate", scope: "anywhere", palette: true },
  { command: "nextDm", keys: ["p"], label: "key.nextDm", group: "navigate", scope: "anywhere", palette: true },
  { command: "nextStream", keys: ["D"], label: "key.nextStream", group: "navigate", scope: "anywhere" },
  { command: "previousStream", keys: ["A"], label: "key.previousStream", group: "navigate", scope: "anywhere" },
  {
    command: "nextFollowed",
    keys: ["N"],
    label: "key.nextFollowed",
    group: "navigate",
    scope: "anywhere",
    palette: true,
  },
  { command: "topics", keys: ["y"], label: "key.topics", group: "navigate", scope: "anywhere" },
  { command: "composeTarget", keys: ["Ctrl+."], label: "key.composeTarget", group: "navigate", scope: "anywhere" },
  { command: "back", keys: ["Alt+ArrowLeft"], label: "key.back", group: "navigate", scope: "anywhere" },
  { command: "forth", keys: ["Alt+ArrowRight"], label: "key.forth", group: "navigate", scope: "anywhere" },
  { command: "filterRecent", keys: ["t"], label: "key.filterRecent", group: "navigate", scope: "recent" },
  { command: "conversation", keys: ["s"], label: "key.conversation", group: "navigate", scope: "messages" },
  { command: "near", keys: ["z"], label: "key.near", group: "navigate", scope: "messages" },
  { command: "up", keys: ["ArrowUp", "k"], label: "key.up", group: "scroll", scope: "messages" },
  { command: "down", keys: ["ArrowDown", "j"], label: "key.down", group: "scroll", scope: "messages" },
  { command: "pageUp", keys: ["PageUp", "K", "Shift+ "], label: "key.pageUp", group: "scroll", scope: "messages" },
  { command: "pageDown", keys: ["PageDown", "J", " "], label: "key.pageDown", group: "scroll", scope: "messages" },
  { command: "first", keys: ["Home"], label: "key.first", group: "scroll", scope: "messages" },
  { command: "last", keys: ["End", "G"], label: "key.last", group: "scroll", scope: "messages" },
  { command: "reply", keys: ["r", "Enter"], label: "key.reply", group: "compose", scope: "anywhere" },
  { command: "newMessage", keys: ["c"], label: "key.newMessage", group: "compose", scope: "anywhere", palette: true },
  { command: "newDm", keys: ["x"], label: "key.newDm", group: "compose", scope: "anywhere", palette: true },
  { command: "quote", keys: [">"], label: "key.quote", group: "compose", scope: "messages" },
  { command: "forward", keys: ["<"], label: "key.forward", group: "compose", scope: "messages" },
  { command: "replySender", keys: ["R"], label: "key.replySender", group: "compose", scope: "messages" },
  { command: "mention", keys: ["@"], label: "key.mention", group: "compose", scope: "messages" },
  { command: "editLast", keys: ["ArrowLeft"], label: "key.editLast", group: "compose", scope: "messages" },
  { command: "edit", keys: ["e"], label: "key.edit", group: "message", scope: "messages" },
  { command: "star", keys: ["Ctrl+s"], label: "key.star", group: "message", scope: "messages" },
  { command: "thumbsUp", keys: ["+"], label: "key.thumbsUp", group: "message", scope: "messages" },
  { command: "joinReaction", keys: ["="], label: "key.joinReaction", group: "message", scope: "messages" },
  { command: "images", keys: ["v"], label: "key.images", group: "message", scope: "messages" },
  { command: "collapse", keys: ["-"], label: "key.collapse", group: "message", scope: "messages" },
  { command: "react", keys: [":"], label: "key.react", group: "message", scope: "messages" },
  { command: "menu", keys: ["i"], label: "key.menu", group: "message", scope: "messages" },
  { command: "profile", keys: ["u"], label: "key.profile", group: "message", scope: "messages" },
  { command: "receipts", keys: ["V"], label: "key.receipts", group: "message", scope: "messages" },
  { command: "history", keys: ["H"], label: "key.history", group: "message", scope: "messages" },
  { command: "move", keys: ["m"], label: "key.move", group: "message", scope: "messages" },
  { command: "markUnread", keys: ["U"], label: "key.markUnread", group: "message", scope: "messages" },
  { command: "muteTopic", keys: ["M"], label: "key.muteTopic", group: "message", scope: "messages" },
  { command: "send", keys: ["Ctrl+Enter"], label: "key.send", group: "writing", scope: "compose" },
  { command: "toSend", keys: ["Tab"], label: "key.toSend", group: "writing", scope: "compose" },
  { command: "newLine", keys: ["Shift+Enter"], label: "key.newLine", group: "writing", scope: "compose" },
  { command: "bold", keys: ["Ctrl+b"], label: "key.bold", group: "writing", scope: "compose" },
  { command: "italic", keys: ["Ctrl+i"], label: "key.italic", group: "writing", scope: "compose" },
  { command: "link", keys: ["Ctrl+Shift+L"], label: "key.link", group: "writing", scope: "compose" },
  { command: "strike", keys: ["Ctrl+Shift+X"], label: "key.strike", group: "writing", scope: "compose" },
  { command: "code", keys: ["Ctrl+Shift+C"], label: "key.code", group: "writing", scope: "compose" },
  { command: "quoteText", keys: ["Ctrl+Shift+Q"], label: "key.quoteText", group: "writing", scope: "compose" },
  { command: "bullets", keys: ["Ctrl+Shift+8"], label: "key.bullets", group: "writing", scope: "compose" },
  { command: "numbers", keys: ["Ctrl+Shift+7"], label: "key.numbers", group: "writing", scope: "compose" },
  { command: "pastePlain", keys: ["Ctrl+Shift+V"], label: "key.pastePlain", group: "writing", scope: "compose" },
  { command: "snippets", keys: ["Ctrl+'"], label: "snippets.open", group: "writing", scope: "compose" },
  { command: "preview", keys: ["Alt+p"], label: "key.preview", group: "writing", scope: "compose" },
  {
    command: "listMove",
    keys: ["ArrowUp", "ArrowDown", "k", "j"],
    label: "key.listMove",
    group: "lists",
    scope: "lists",
  },
  {
    command: "listAcross",
    keys: ["ArrowLeft", "ArrowRight", "h", "l"],
    label: "key.listAcross",
    group: "lists",
    scope: "lists",
  },
  { command: "listOpen", keys: ["Enter"], label: "key.listOpen", group: "lists", scope: "lists" },
  { command: "deleteDraft", keys: ["Backspace", "Delete"], label: "key.deleteDraft", group: "lists", scope: "drafts" },
  { command: "nextTab", keys: ["ArrowRight"], label: "key.nextTab", group: "lists", scope: "streams" },
  { command: "previousTab", keys: ["ArrowLeft"], label: "key.previousTab", group: "lists", scope: "streams" },
  { command: "viewStream", keys: ["V"], label: "key.viewStream", group: "lists", scope: "streams" },
  { command: "toggleStream", keys: ["S"], label: "key.toggleStream", group: "lists", scope: "streams" },
  { command: "newStream", keys: ["n"], label: "key.newStream", group: "lists", scope: "streams" },
] as const satisfies readonly Shortcut[];

export type Command = (typeof SHORTCUTS)[number]["command"];

export interface Press {
  key: string;
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
}

/** The name under which a key press stands in the table. */
export function pressName({ key, ctrl, alt, shift }: Press): string {
  const plain = ctrl && key.length === 1 ? key.toLowerCase() : key;
  const showShift = shift && (key === " " || key.length > 1);
  return `${ctrl ? "Ctrl+" : ""}${alt ? "Alt+" : ""}${showShift ? "Shift+" : ""}${plain}`;
}

/** Keys that the reader has chosen instead of those of the table. */
export type Bindings = Readonly<Partial<Record<Command, readonly string[]>>>;

/** Scopes whose keys are fixed: other parts of the client handle them. */
const FIXED_SCOPES: ReadonlySet<Scope> = new Set(["compose", "lists"]);

export function mayRebind(shortcut: Shortcut): boolean {
  return !FIXED_SCOPES.has(shortcut.scope);
}

export function keysOf(shortcut: Shortcut, bindings: Bindings): readonly string[] {
  return bindings[shortcut.command as Command] ?? shortcut.keys;
}

/** The command for a key press, if there is one in this scope. What a view means by a key goes before the rest. */
export function commandFor(press: Press, scope: Scope | undefined, bindings: Bindings = {}): Command | undefined {
  const name = pressName(press);
  const within = (wanted: Scope) =>
    SHORTCUTS.find((one) => one.scope === wanted && keysOf(one, bindings).includes(name))?.command;
  return (scope && within(scope)) ?? within("anywhere");
}

/** The other command that has this key already where `command` works. */
export function conflict(bindings: Bindings, command: Command, key: string): Command | undefined {
  const scope = SHORTCUTS.find((one) => one.command === command)?.scope;
  return SHORTCUTS.find((one) => one.command !== command && one.scope === scope && keysOf(one, bindings).includes(key))
    ?.command;
}

/** Gives a command one key of the reader's choice, and takes the key from the command that had it. */
export function rebind(bindings: Bindings, command: Command, key: string): Bindings {
  const other = conflict(bindings, command, key);
  const next: Partial<Record<Command, readonly string[]>> = { ...bindings, [command]: [key] };
  const loser = SHORTCUTS.find((one) => one.command === other);
  if (loser) next[loser.command] = keysOf(loser, bindings).filter((one) => one !== key);
  return next;
}

/** Reads what was stored: only known commands, only lists of texts. */
export function parseBindings(stored: string | null): Bindings {
  try {
    const raw: unknown = JSON.parse(stored ?? "{}");
    const known = SHORTCUTS.flatMap((one) => {
      const keys = (raw as Record<string, unknown> | null)?.[one.command];
      return Array.isArray(keys) && keys.every((key) => typeof key === "string") ? [[one.command, keys] as const] : [];
    });
    return Object.fromEntries(known);
  } catch {
    return {};
  }
}

const SYMBOLS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  PageUp: "PgUp",
  PageDown: "PgDn",
  " ": "Space",
};

/** A key as it is written for people. */
export function keyLabel(key: string): string {
  const parts = key === "+" ? ["+"] : key.split(/\+(?=.)/);
  const last = parts.pop() ?? "";
  const upper = /^[A-Z]$/.test(last);
  const shown = SYMBOLS[last] ?? (last.length === 1 ? last.toUpperCase() : last);
  return [...parts, ...(upper ? ["Shift"] : []), shown].join(" + ");
}
