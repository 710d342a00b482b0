// What lies over the page and wants an answer.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Toasts } from "../app/toasts";
import { t } from "../i18n";
import { IconButton } from "./ui";

interface DialogProps {
  label: string;
  onClose(): void;
  class?: string;
  /** No close button: Escape is at hand. */
  bare?: boolean;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside and gives it back. Escape and a click outside close it. Nothing
 * outside can be seen well or used, so notices are shown inside. */
export function Dialog({ label, onClose, class: name, bare, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={ref}
      class={`dialog ${name ?? ""}`}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {children}
      <Toasts />
      {!bare && <IconButton icon="close" class="dialog-close" label={t("close")} onClick={onClose} />}
    </dialog>
  );
}
