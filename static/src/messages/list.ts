// The message list: a window of rows over a list of any length, laid out by the browser, with the row that the
// reader looks at held in place whatever comes, goes or grows above it. Knows nothing of messages but their ids.

import { lowerBound } from "./data";

/** What the list asks of its owner. */
export interface Rows {
  /** Builds the row of `id`, which follows `previous`. */
  build(id: number, previous: number | undefined): HTMLElement;
  /** Whatever the row depends on; the row is built anew when one of it is no longer the same. */
  signature(id: number, previous: number | undefined): readonly unknown[];
  onTop(): void;
  onBottom(): void;
  /** Rows that are wholly on the screen, or as much of them as fits. */
  onVisible(ids: number[], atEnd: boolean): void;
  onSelect(id: number | undefined): void;
  /** A row was built anew while it stood in the list. */
  onReplace(old: HTMLElement, row: HTMLElement, id: number): void;
}

/** Where to put the reader when a list is shown. */
export type Start = { at: "bottom" } | { at: "row"; id: number; share: number };

interface Row {
  element: HTMLElement;
  signature: readonly unknown[];
}

/** The row that stays in place. Held by its lower edge, since what stands above a message (its date, say) comes and
 * goes with the message before it; one too tall for that is held by its upper edge. */
interface Anchor {
  id: number;
  edge: "top" | "bottom";
  offset: number;
}

/** Rows kept in the document; how many come in at a time when the reader nears an end, few at first and more when
 * they are soon needed; and how many at once when history was fetched. */
const WINDOW = 120;
const FEW = 7;
const STEP = 12;
const FETCHED = 80;
/** How high a row is taken to be before it is laid out: there are only as many at first as fill the screen. */
const ROW_HEIGHT = 48;
/** How much of what is there at first stands above the row where reading goes on. */
const ABOVE = 0.4;
/** How near an end, in pixels, more is asked for; and how near they are soon needed. */
const NEAR = 900;
const SOON = 450;
const AT_BOTTOM = 24;

export class MessageList {
  private ids: readonly number[] = [];
  private start = 0;
  private end = 0;
  private rows = new Map<number, Row>();
  private anchor: Anchor | undefined;
  private stick = true;
  /** The scroll position that `anchor` was taken at. The event of a scroll comes later than the scroll. */
  private top = 0;
  private frame = 0;
  private selected: number | undefined;
  private readonly resize = new ResizeObserver(() => {
    // Who has scrolled up from the end has left it, though the event that tells is still to come.
    if (this.stick && this.scroller.scrollTop < this.top - 1) this.remember();
    this.hold();
  });

  constructor(
    private readonly scroller: HTMLElement,
    private readonly inner: HTMLElement,
    private readonly owner: Rows,
  ) {
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    this.resize.observe(inner);
    this.resize.observe(scroller);
  }

  destroy(): void {
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.inner.replaceChildren();
  }

  get atBottom(): boolean {
    return this.stick && this.end === this.ids.length;
  }

  get selectedId(): number | undefined {
    return this.selected;
  }

  rowOf(id: number): HTMLElement | undefined {
    return this.rows.get(id)?.element;
  }

  /** The rows that stand in the document. */
  *standing(): IterableIterator<[number, HTMLElement]> {
    for (const [id, { element }] of this.rows) yield [id, element];
  }

  /** Where the reader is, to come back to later. */
  get position(): Start {
    if (this.atBottom || !this.anchor) return { at: "bottom" };
    const row = this.rows.get(this.anchor.id)?.element;
    const top = row ? this.offsetOf(row, "top") : 0;
    return { at: "row", id: this.anchor.id, share: top / Math.max(1, this.scroller.clientHeight) };
  }

  /** Shows another list. */
  show(ids: readonly number[], start: Start): void {
    const first = this.first;
    this.rows.clear();
    this.inner.replaceChildren();
    this.ids = ids;
    // The owner must hear of it: what acts on "the selected message" would act on one of the list before.
    if (this.selected !== undefined) this.owner.onSelect(undefined);
    this.selected = undefined;
    if (start.at === "bottom") {
      this.end = ids.length;
      this.start = Math.max(0, this.end - first);
      this.stick = true;
      this.anchor = undefined;
    } else {
      const at = Math.min(lowerBound(ids, start.id), Math.max(0, ids.length - 1));
      this.openAround(at, first);
      this.stick = false;
      const id = ids[at];
      this.anchor = id === undefined ? undefined : this.anchorAt(id, start.share);
    }
    this.reconcile();
    this.fill();
    this.top = this.scroller.scrollTop;
    this.hold();
    this.remember();
    // What is beyond the screen comes after the first picture.
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.schedule();
    });
  }

  /** How many rows to begin with. Read before anything is changed: it costs no layout then. */
  private get first(): number {
    return Math.max(STEP, Math.ceil(this.scroller.clientHeight / ROW_HEIGHT) + 2);
  }

  /** Takes over a changed list (or changed rows); what the reader looks at stays where it is. */
  update(ids: readonly number[]): void {
    if (Math.abs(this.scroller.scrollTop - this.top) >= 1) this.remember();
    const firstBefore = this.ids[this.start];
    const wasAtEnd = this.end === this.ids.length;
    this.ids = ids;
    const room = Math.max(this.first, this.end - this.start);
    if (this.stick && wasAtEnd) {
      this.end = ids.length;
      this.start = Math.max(0, this.end - room);
    } else {
      this.start = firstBefore === undefined ? 0 : Math.min(lowerBound(ids, firstBefore), ids.length);
      this.end = Math.min(ids.length, this.start + room);
      // Rows that came in above come into the document at once: without them there is nothing to scroll back to
      // when the first row, no longer the first of all, loses what stood over it.
      if (this.scroller.scrollTop < NEAR) this.start = Math.max(0, this.start - FETCHED);
    }
    this.reconcile();
    this.hold();
    this.schedule();
  }

  /** Moves the cursor by rows; starts at what is on the screen. */
  move(step: number): void {
    const from = this.selected ?? (step < 0 ? this.lastVisible() : this.anchor?.id);
    if (from === undefined) return;
    const at = lowerBound(this.ids, from) + (this.selected === undefined ? 0 : step);
    const id = this.ids[Math.max(0, Math.min(this.ids.length - 1, at))];
    if (id !== undefined) this.select(id);
  }

  select(id: number | undefined, focus = true): void {
    const before = this.selected === undefined ? undefined : this.rows.get(this.selected)?.element;
    before?.classList.remove("selected");
    before?.setAttribute("tabindex", "-1");
    this.selected = id;
    this.owner.onSelect(id);
    if (id === undefined) return;
    this.bringIntoWindow(id);
    const row = this.rows.get(id)?.element;
    if (!row) return;
    row.classList.add("selected");
    row.setAttribute("tabindex", "0");
    if (focus) row.focus({ preventScroll: true });
    this.reveal(row);
  }

  toBottom(): void {
    this.stick = true;
    const far = this.end < this.ids.length;
    this.end = this.ids.length;
    if (far) this.start = Math.max(0, this.end - this.first);
    this.reconcile();
    this.fill();
    this.hold();
    this.schedule();
  }

  toTop(): void {
    const first = this.ids[0];
    if (first === undefined) return;
    this.bringIntoWindow(first);
    this.stick = false;
    this.scroller.scrollTop = 0;
    this.remember();
    this.schedule();
  }

  page(direction: 1 | -1): void {
    this.scroller.scrollBy({ top: direction * this.scroller.clientHeight * 0.85 });
  }

  private bringIntoWindow(id: number): void {
    const at = lowerBound(this.ids, id);
    if (at >= this.start && at < this.end) return;
    this.openAround(at, this.first);
    this.stick = false;
    this.anchor = this.anchorAt(id, 1 / 3);
    this.reconcile();
    this.fill();
    this.top = this.scroller.scrollTop;
    this.hold();
    this.schedule();
  }

  /** A small window around one row; it grows when it has been painted. */
  private openAround(index: number, rows: number): void {
    this.start = Math.max(0, index - Math.ceil(rows * ABOVE));
    this.end = Math.min(this.ids.length, this.start + rows);
  }

  /** Widens a small window until the reader can be where they are wanted: rows may be low, and screens high. */
  private fill(): void {
    for (;;) {
      const height = this.scroller.clientHeight;
      const bottom = this.inner.offsetTop + this.inner.offsetHeight;
      const row = this.stick ? undefined : this.anchor && this.rows.get(this.anchor.id)?.element;
      // At the end of the list the reader cannot be further down than where the last row ends.
      const lowest = this.end === this.ids.length ? bottom - height : Number.POSITIVE_INFINITY;
      const wanted = Math.min(lowest, row && this.anchor ? row.offsetTop - this.anchor.offset : bottom - height);
      const above = wanted < 0 && this.start > 0;
      const below = wanted + height > bottom && this.end < this.ids.length;
      if (!above && !below) return;
      if (above) this.start = Math.max(0, this.start - STEP);
      if (below) this.end = Math.min(this.ids.length, this.end + STEP);
      this.reconcile();
    }
  }

  private anchorAt(id: number, share: number): Anchor {
    return { id, edge: "top", offset: share * this.scroller.clientHeight };
  }

  private reveal(row: HTMLElement): void {
    const top = this.offsetOf(row, "top");
    const room = this.scroller.clientHeight;
    if (top < 0 || row.offsetHeight > room) this.scroller.scrollTop += top - 48;
    else if (top + row.offsetHeight > room) this.scroller.scrollTop += top + row.offsetHeight - room + 16;
  }

  /** Makes the document hold exactly the rows of the window, touching only what differs. */
  private reconcile(): void {
    const keep = new Set<number>();
    let cursor = this.inner.firstElementChild;
    for (let i = this.start; i < this.end; i++) {
      const id = this.ids[i];
      if (id === undefined) continue;
      keep.add(id);
      const before = this.rows.get(id)?.element;
      const element = this.ensure(id, this.ids[i - 1]);
      // A row that was built anew stands where the old one stood.
      if (cursor === before && before) cursor = element;
      if (cursor === element) cursor = cursor.nextElementSibling;
      else this.inner.insertBefore(element, cursor);
    }
    for (const [id, row] of this.rows) {
      if (keep.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
  }

  private ensure(id: number, previous: number | undefined): HTMLElement {
    const signature = this.owner.signature(id, previous);
    const known = this.rows.get(id);
    if (known?.signature.every((part, i) => part === signature[i])) return known.element;
    const active = document.activeElement;
    const element = this.owner.build(id, previous);
    element.dataset.id = String(id);
    element.tabIndex = id === this.selected ? 0 : -1;
    element.classList.toggle("selected", id === this.selected);
    if (known) {
      known.element.replaceWith(element);
      this.owner.onReplace(known.element, element, id);
      // What is being typed into (an editor, a poll) moves from the old row to the new one, and would lose the focus.
      const focused = active === known.element ? element : active;
      if (focused instanceof HTMLElement && element.contains(focused)) focused.focus({ preventScroll: true });
    }
    this.rows.set(id, { element, signature });
    return element;
  }

  private offsetOf(element: HTMLElement, edge: Anchor["edge"]): number {
    return element.offsetTop - this.scroller.scrollTop + (edge === "bottom" ? element.offsetHeight : 0);
  }

  /** Puts the anchor row back to where it was, or the end to the bottom. */
  private hold(): void {
    if (this.stick && this.end === this.ids.length) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.top = this.scroller.scrollTop;
      return;
    }
    const row = this.anchor && this.rows.get(this.anchor.id)?.element;
    if (!row || !this.anchor) return;
    // What the reader scrolled since the anchor was taken is not to be undone.
    const { edge } = this.anchor;
    const offset = this.anchor.offset - (this.scroller.scrollTop - this.top);
    const moved = this.offsetOf(row, edge) - offset;
    if (Math.abs(moved) >= 1) this.scroller.scrollTop += moved;
    this.top = this.scroller.scrollTop;
    this.anchor = { ...this.anchor, offset: this.offsetOf(row, edge) };
  }

  private firstVisibleIndex(): number {
    const children = this.inner.children;
    let low = 0;
    let high = children.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const child = children[middle] as HTMLElement;
      if (child.offsetTop + child.offsetHeight > this.scroller.scrollTop) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private lastVisible(): number | undefined {
    return this.visible().at(-1) ?? this.anchor?.id;
  }

  private visible(): number[] {
    const found: number[] = [];
    const bottom = this.scroller.scrollTop + this.scroller.clientHeight;
    const children = this.inner.children;
    for (let i = this.firstVisibleIndex(); i < children.length; i++) {
      const child = children[i] as HTMLElement;
      if (child.offsetTop > bottom) break;
      const whole = child.offsetTop + child.offsetHeight <= bottom + AT_BOTTOM;
      if (whole || child.offsetHeight > this.scroller.clientHeight) found.push(Number(child.dataset.id));
    }
    return found;
  }

  private remember(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.top = scrollTop;
    this.stick = this.end === this.ids.length && scrollTop + clientHeight >= scrollHeight - AT_BOTTOM;
    const child = this.inner.children[this.firstVisibleIndex()] as HTMLElement | undefined;
    this.anchor = undefined;
    if (!child) return;
    const bottom = this.offsetOf(child, "bottom");
    const edge = bottom <= clientHeight ? "bottom" : "top";
    this.anchor = {
      id: Number(child.dataset.id),
      edge,
      offset: edge === "bottom" ? bottom : this.offsetOf(child, edge),
    };
  }

  private readonly onScroll = (): void => {
    this.remember();
    this.schedule();
  };

  /** Reports again what is seen, as when the window comes to the front. */
  schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.settle);
  }

  /** After a scroll or a change: shift the window if an end is near, ask for more, report what is seen. */
  private readonly settle = (): void => {
    this.frame = 0;
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (clientHeight === 0) return;
    const below = scrollHeight - clientHeight - scrollTop;
    const [before, after] = [this.start, this.ids.length - this.end];
    const wanted = (room: number) => (room >= NEAR ? 0 : room < SOON ? STEP : FEW);
    this.widen(Math.min(wanted(scrollTop), before), Math.min(wanted(below), after));
    if (scrollTop < NEAR && before === 0) this.owner.onTop();
    if (below < NEAR && after === 0) this.owner.onBottom();
    this.owner.onVisible(this.visible(), this.atBottom);
  };

  /** Takes in rows at either end with one layout for both, and lets go of what is far away at the other. */
  private widen(above: number, below: number): void {
    if (above === 0 && below === 0) return;
    if (Math.abs(this.scroller.scrollTop - this.top) >= 1) this.remember();
    this.start -= above;
    this.end += below;
    if (below === 0) this.end = Math.min(this.end, this.start + WINDOW);
    if (above === 0) this.start = Math.max(this.start, this.end - WINDOW);
    this.reconcile();
    this.hold();
    this.remember();
    this.schedule();
  }
}
