// The few widgets that everything else is made of.

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { sideways } from "../keyboard/focus";
import { type IconName, iconPath } from "./html";

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={iconPath(name)} />
    </svg>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick(event: MouseEvent): void;
  class?: string;
  id?: string;
  pressed?: boolean;
  expanded?: boolean;
  disabled?: boolean;
  /** What it does, for the keyboard. */
  act?: string;
}

export function IconButton(props: IconButtonProps) {
  return (
    <button
      type="button"
      id={props.id}
      data-act={props.act}
      class={`icon-button ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

interface FilterFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  /** Where shortcuts find it. */
  id?: string;
  class?: string;
}

/** A field that narrows a list while one types. */
export function FilterField({ label, value, onChange, id, class: className }: FilterFieldProps) {
  return (
    <input
      type="search"
      id={id}
      class={className}
      aria-label={label}
      placeholder={label}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface BadgeProps {
  count: number;
  quiet?: boolean;
  mention?: boolean;
  /** Only that there is something, not how much. */
  dot?: boolean;
}

/** An unread count; nothing at zero. */
export function Badge({ count, quiet, mention, dot }: BadgeProps) {
  if (count === 0) return null;
  return (
    <span class={`badge ${quiet ? "quiet" : ""} ${dot ? "dot" : ""}`}>
      {mention && <span class="badge-at">@</span>}
      {!dot && <span aria-hidden="true">{count > 999 ? "999+" : count}</span>}
      <span class="sr-only">{t("unread.count", { count })}</span>
    </span>
  );
}

/** What a view shows when there is nothing to list. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}

/** Grey lines in the shape of what will come. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t("load.loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <div class="skeleton-row" key={i}>
          <span class="skeleton-avatar" />
          <span class="skeleton-lines">
            <span />
            <span />
          </span>
        </div>
      ))}
    </div>
  );
}

interface ListboxProps<T> {
  id: string;
  label: string;
  items: readonly T[];
  active: number;
  keyOf(item: T): string;
  choose(index: number): void;
  children(item: T): ComponentChildren;
  class?: string;
}

/** Choices for a text field that keeps the focus and moves `active` itself (aria-activedescendant is `id-index`). */
export function Listbox<T>({ id, label, items, active, keyOf, choose, children, class: name }: ListboxProps<T>) {
  return (
    <div class={name ?? "typeahead"} role="listbox" id={id} aria-label={label} tabIndex={-1}>
      {items.map((item, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled in the text field
        <div
          key={keyOf(item)}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          ref={(element) => {
            if (i === active) element?.scrollIntoView({ block: "nearest" });
          }}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(i)}
        >
          {children(item)}
        </div>
      ))}
    </div>
  );
}

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly (readonly [T, string])[];
  current: T;
  choose(tab: T): void;
  children: ComponentChildren;
}

/** Tabs over a panel; the arrow keys go from one to the next. */
export function Tabs<T extends string>({ label, tabs, current, choose, children }: TabsProps<T>) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = sideways(event.key) ?? { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex(([tab]) => tab === current);
    const next = tabs[(at + step + tabs.length) % tabs.length]?.[0];
    if (next === undefined) return;
    choose(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(([tab, text]) => (
          <button
            key={tab}
            id={`${id}-${tab}`}
            type="button"
            role="tab"
            tabIndex={tab === current ? 0 : -1}
            autofocus={tab === current}
            aria-selected={tab === current}
            aria-controls={`${id}-panel`}
            onClick={() => choose(tab)}
          >
            {text}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} class="tab-panel" role="tabpanel" aria-labelledby={`${id}-${current}`}>
        {children}
      </div>
    </div>
  );
}
