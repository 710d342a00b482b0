// The search bar in the header.

import { signal, useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { go, names, narrow } from "../app/route";
import { me, people, streams } from "../app/state";
import { Icon, Listbox } from "../dom/ui";
import { t } from "../i18n";
import { focusSoon } from "../keyboard/focus";
import { conversationOf } from "../narrow/data";
import { parse, suggest, write } from "./data";

const text = signal("");
export const searchOpen = signal(false);

export function focusSearch(): void {
  searchOpen.value = true;
  focusSoon("#search");
}

export function SearchBar() {
  const ref = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(-1);
  const [focused, setFocused] = useState(false);
  useSignalEffect(() => {
    const current = narrow.value;
    const plain = !current || current.length === 0 || conversationOf(current, me.value) || current.length === 1;
    text.value = current && !plain ? write(current, names) : "";
  });
  const streamNames = [...streams.value.values()].map((one) => one.name);
  const personNames = [...people.value.byId.values()].filter((one) => one.isActive).map((one) => one.name);
  const found = focused ? suggest(text.value, streamNames, personNames, 8) : [];
  const run = () => {
    const wanted = parse(text.value, names);
    searchOpen.value = false;
    ref.current?.blur();
    if (wanted.length > 0) go(wanted);
  };
  const take = (index: number) => {
    const one = found[index];
    if (one) text.value = one.text;
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(found.length - 1, active + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(-1, active - 1));
    else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) take(active);
    else if (event.key === "Enter") run();
    else if (event.key === "Escape") {
      searchOpen.value = false;
      ref.current?.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search class={`search ${searchOpen.value ? "open" : ""}`}>
      <Icon name="search" />
      <input
        ref={ref}
        id="search"
        type="text"
        list={undefined}
        inputMode="search"
        autocomplete="off"
        // biome-ignore lint/a11y/noRedundantRoles: a text field becomes a combobox only by its role
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="search-suggestions"
        aria-activedescendant={active >= 0 ? `search-suggestions-${active}` : undefined}
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          setActive(-1);
        }}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
      {found.length > 0 && (
        <Listbox
          class="typeahead below"
          id="search-suggestions"
          label={t("search.suggestions")}
          items={found}
          active={active}
          keyOf={(one) => one.label}
          choose={take}
        >
          {(one) => <span class="choice-label">{one.label}</span>}
        </Listbox>
      )}
    </search>
  );
}
