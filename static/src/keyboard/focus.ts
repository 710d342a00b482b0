// Moving the focus over the rows of a list with the arrow keys (or J and K).

/** A key handler for a list whose rows carry data-focus-row. */
export function moveFocus(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const target = event.target as HTMLElement;
  if (step === undefined || /^(input|textarea|select)$/i.test(target.tagName)) return;
  const list = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-focus-row]")];
  const at = rows.findIndex(
    (row) => row === document.activeElement || row.parentElement?.contains(document.activeElement),
  );
  const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + step))];
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/** 1 for the arrow key that leads on in the direction of the writing, -1 for the one that leads back. */
export function sideways(key: string): 1 | -1 | undefined {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  return (key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1;
}

/** Focuses a field at once if it is there, so that no key is lost; otherwise as soon as it has been drawn. */
export function focusSoon(selector: string): void {
  const focus = () => {
    const field = document.querySelector<HTMLInputElement>(selector);
    field?.focus();
    field?.select();
    return document.activeElement === field;
  };
  if (!focus()) requestAnimationFrame(focus);
}
