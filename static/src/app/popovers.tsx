// Menus and the emoji picker: boxes beside what opened them.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../dom/ui";
import { characters, search } from "../emoji/data";
import { allEmoji, needEmoji } from "../emoji/events";
import { t } from "../i18n";
import { type Popover, popover } from "./overlays";

const GAP = 6;

/** Below the anchor if there is room, else above; always inside the window. */
function position(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + GAP + height <= innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - height - GAP);
  box.style.top = `${top}px`;
  box.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
}

function Menu({ items, label }: Extract<Popover, { kind: "menu" }>) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = [...(ref.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[(to + all.length) % all.length]?.focus();
  };
  return (
    <div ref={ref} class="menu" role="menu" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role says whether there is something to check
        <button
          key={item.label}
          type="button"
          role={item.checked === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={item.checked}
          class={item.danger ? "danger" : ""}
          onClick={() => {
            popover.value = undefined;
            item.run();
          }}
        >
          {item.icon ? <Icon name={item.icon} /> : <span class="icon">{item.checked && <Icon name="check" />}</span>}
          {item.label}
        </button>
      ))}
    </div>
  );
}

const COLUMNS = 8;

function EmojiPicker({ choose }: Extract<Popover, { kind: "emoji" }>) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(needEmoji, []);
  const found = search(allEmoji.value, query, 96);
  const pick = (index: number) => {
    const one = found[index];
    if (!one) return;
    popover.value = undefined;
    choose(one);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step !== undefined) setActive(Math.max(0, Math.min(found.length - 1, active + step)));
    else if (event.key === "Enter") pick(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
    grid.current?.children[active]?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div class="emoji-picker">
      <input
        // biome-ignore lint/a11y/noAutofocus: the picker opens to be typed into
        autoFocus
        ref={(element) => element?.focus()}
        type="search"
        aria-label={t("emoji.search")}
        placeholder={t("emoji.search")}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={grid} class="emoji-grid" role="listbox" tabIndex={-1} aria-label={t("emoji.list")}>
        {found.map((one, i) => (
          <button
            key={one.type + one.code}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            aria-label={one.name}
            title={`:${one.name}:`}
            onClick={() => pick(i)}
          >
            {one.url ? <img class="emoji" src={one.url} alt="" /> : characters(one.code)}
          </button>
        ))}
      </div>
      <p class="emoji-name">{found[active] ? `:${found[active]?.name}:` : t("emoji.none")}</p>
    </div>
  );
}

export function Popovers() {
  const ref = useRef<HTMLDivElement>(null);
  const open = popover.value;
  useLayoutEffect(() => {
    if (!open || !ref.current) return;
    const box = ref.current;
    position(box, open.anchor);
    const outside = (event: Event) => {
      if (!box.contains(event.target as Node)) popover.value = undefined;
    };
    addEventListener("pointerdown", outside, true);
    return () => {
      removeEventListener("pointerdown", outside, true);
      if (box.contains(document.activeElement) || document.activeElement === document.body) {
        open.anchor.focus({ preventScroll: true });
      }
    };
  }, [open]);
  if (!open) return null;
  return (
    <div ref={ref} class="popover">
      {open.kind === "menu" ? <Menu {...open} /> : <EmojiPicker {...open} />}
    </div>
  );
}
