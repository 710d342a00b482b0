// Menus and the emoji picker: boxes beside what opened them.

import { signal } from "@preact/signals";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { Icon } from "../dom/ui";
import { t } from "../i18n";
import { partMissing, signalError } from "./feedback";
import { leavePopover, type Popover, popover } from "./overlays";

const GAP = 6;

/** Puts the box below the anchor if there is room, else above, always inside the window, and shows it. It gets the
 * focus at once: the next key is meant for it. */
function position(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + GAP + height <= innerHeight;
  const rightToLeft = getComputedStyle(box).direction === "rtl";
  const left = rightToLeft ? at.right - width : at.left;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - height - GAP);
  box.style.top = `${top}px`;
  box.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
  anchor.removeAttribute("aria-busy");
  const again = box.style.visibility === "visible";
  box.style.visibility = "visible";
  if (!again) box.querySelector<HTMLElement>("input, button, a")?.focus();
}

function Menu({ items, label }: Extract<Popover, { kind: "menu" }>) {
  const ref = useRef<HTMLDivElement>(null);
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
            leavePopover();
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

/** What a box shows has not come: from the server, or as a part of the client. */
function giveUp(error: unknown): void {
  popover.value = undefined;
  if (error instanceof ApiError) signalError(error);
  else partMissing();
}

type PickerProps = Extract<Popover, { kind: "emoji" }>;
const Picker = signal<ComponentType<PickerProps> | undefined>(undefined);

/** The picker comes over the network when it is first wanted: `ready` is called when it stands. */
function EmojiPicker({ open, ready }: { open: PickerProps; ready(): void }) {
  useEffect(() => {
    if (!Picker.peek()) {
      import("../emoji/picker").then((module) => {
        Picker.value = module.default;
      }, giveUp);
    }
  }, []);
  const View = Picker.value;
  useLayoutEffect(() => {
    if (View) ready();
  }, [View]);
  return View ? <View {...open} /> : null;
}

function Panel({ open, ready }: { open: Extract<Popover, { kind: "panel" }>; ready(): void }) {
  const ref = useRef<HTMLDivElement>(null);
  const [draw, setDraw] = useState<() => ComponentChildren>();
  useEffect(() => {
    open.load().then((view) => setDraw(() => view), giveUp);
  }, [open]);
  // What it shows may grow: it must not grow out of the window.
  useLayoutEffect(() => {
    if (!draw || !ref.current) return;
    ready();
    const sizes = new ResizeObserver(ready);
    sizes.observe(ref.current);
    return () => sizes.disconnect();
  }, [draw]);
  return (
    <div ref={ref} class="panel" role="dialog" aria-label={open.label}>
      {draw?.()}
    </div>
  );
}

export function Popovers() {
  const ref = useRef<HTMLDivElement>(null);
  const open = popover.value;
  useLayoutEffect(() => {
    if (!open || !ref.current) return;
    const box = ref.current;
    // All but a modal dialog is inert while it is open: what opens from within it must be within it.
    open.anchor.closest("dialog")?.append(box);
    // What must be fetched first is not seen before it can be put in its place: nothing moves under the pointer.
    if (open.kind === "menu" || box.style.visibility === "visible") position(box, open.anchor);
    else open.anchor.setAttribute("aria-busy", "true");
    const outside = (event: Event) => {
      if (!box.contains(event.target as Node)) popover.value = undefined;
    };
    addEventListener("pointerdown", outside, true);
    return () => {
      removeEventListener("pointerdown", outside, true);
      open.anchor.removeAttribute("aria-busy");
      if (box.contains(document.activeElement) || document.activeElement === document.body) {
        open.anchor.focus({ preventScroll: true });
      }
    };
  }, [open]);
  if (!open) return null;
  const ready = () => ref.current && position(ref.current, open.anchor);
  return (
    <section key={open} ref={ref} class="popover" aria-label={open.kind === "emoji" ? t("message.react") : open.label}>
      {open.kind === "menu" && <Menu {...open} />}
      {open.kind === "emoji" && <EmojiPicker open={open} ready={ready} />}
      {open.kind === "panel" && <Panel open={open} ready={ready} />}
    </section>
  );
}
