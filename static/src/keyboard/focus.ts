// Moving the focus over the rows of a list with the arrow keys (or J and K).

const STEPS: Partial<Record<string, 1 | -1>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const held = (event: KeyboardEvent) => event.ctrlKey || event.metaKey || event.altKey;
const isFilter = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type === "search";

/** A key handler for a list whose rows carry data-focus-row. From the field that filters it the arrow leads into it and
 * Enter opens its first row; from the first row the arrow leads back. */
export function moveFocus(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-focus-row]")].filter((row) => row.checkVisibility());
  const target = event.target as HTMLElement;
  const step = STEPS[event.key];
  const opens = event.key === "Enter" && isFilter(target) && (target as HTMLInputElement).value !== "";
  if (held(event) || (step === undefined && !opens)) return;
  if (isFilter(target) ? event.key !== "ArrowDown" && !opens : /^(input|textarea|select)$/i.test(target.tagName))
    return;
  const at = rows.findIndex(
    (row) => row === document.activeElement || row.parentElement?.contains(document.activeElement),
  );
  const filter = at === 0 && step === -1 ? list.querySelector<HTMLElement>("input[type=search]") : undefined;
  const next = filter ?? rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + (step ?? 0)))];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  if (opens) next.click();
  else next.focus();
}

/** The same, and sideways (H and L too) to what else can be done with a row. */
export function moveAround(event: KeyboardEvent): void {
  const step = sideways({ h: "ArrowLeft", l: "ArrowRight" }[event.key] ?? event.key);
  const target = event.target as HTMLElement;
  const row = target.closest("li, tr, .chips");
  const within = step && row && !held(event) && target.matches("a, button");
  const all = within ? [...row.querySelectorAll<HTMLElement>("a, button, input")] : [];
  const shown = all.filter((one) => one.checkVisibility());
  const next = shown[shown.indexOf(target) + (step ?? 0)];
  if (!within) moveFocus(event);
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/** A key handler for a sidebar: the same over its links, but only for who came there by keyboard. Whoever clicked a link
 * reads on, and the arrows move over the messages. Escape, and following a link, lead back. */
export function moveInSidebar(clear: () => void) {
  return (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const inFilter = isFilter(target);
    const isLink = target.matches(".side-link:focus-visible");
    if (held(event) || (!inFilter && !isLink)) return;
    const sidebar = event.currentTarget as HTMLElement;
    const all = [...sidebar.querySelectorAll<HTMLElement>(".side-filter, .side-link")];
    const shown = all.filter((one) => one.checkVisibility());
    const next = shown[shown.indexOf(target) + (event.key === "ArrowUp" ? -1 : 1)];
    if (event.key === "Escape") {
      clear();
      giveFocusBack(target);
    } else if (event.key === "ArrowDown" || (event.key === "ArrowUp" && !inFilter)) next?.focus();
    else if (event.key === "Enter" && (isLink || (target as HTMLInputElement).value !== "")) {
      (isLink ? target : next)?.click();
      clear();
      target.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** 1 for the arrow key that leads on in the direction of the writing, -1 for the one that leads back. */
export function sideways(key: string): 1 | -1 | undefined {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  return (key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1;
}

/** What had the focus before a field was asked for. */
let before: Element | null = null;

/** Focuses a field at once if it is there, so that no key is lost; otherwise as soon as it has been drawn. */
export function focusSoon(selector: string): void {
  if (!document.activeElement?.matches("input")) before = document.activeElement;
  const focus = () => {
    const field = document.querySelector<HTMLInputElement>(selector);
    field?.focus();
    field?.select();
    return document.activeElement === field;
  };
  if (!focus()) requestAnimationFrame(focus);
}

/** Leaves a field for what had the focus before it was asked for. */
export function giveFocusBack(field: HTMLElement): void {
  field.blur();
  const to = before?.isConnected && before !== field ? before : document.querySelector(".row.selected");
  before = null;
  if (to instanceof HTMLElement) to.focus({ preventScroll: true });
}
