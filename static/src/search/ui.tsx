// The search bar in the header: conditions as pills, words as text, suggestions below.

import { signal, useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { go, names, narrow } from "../app/route";
import * as state from "../app/state";
import { Badge, Icon, Listbox } from "../dom/ui";
import { type Key, t } from "../i18n";
import { focusSoon, giveFocusBack } from "../keyboard/focus";
import { placeKey } from "../messages/model";
import { conversationOf, streamOf } from "../narrow/data";
import { type Narrow, narrowKey, type Operator, type Term } from "../narrow/terms";
import { peopleByName } from "../people/names";
import { byName } from "../streams/data";
import { type Facts, operandName, parse, type Suggestion, settle, suggest, withoutLastWord } from "./data";

const pills = signal<readonly Term[]>([]);
const text = signal("");
export const searchOpen = signal(false);

const LIMIT = 10;

export function focusSearch(): void {
  searchOpen.value = true;
  focusSoon("#search");
}

/** Shows the narrow that is on the screen. A single view has a title of its own and needs no pills. */
function showCurrent(): void {
  const current = (narrow.value ?? []).filter((term) => term.operator !== "near");
  const plain = current.length < 2 && current[0]?.operator !== "search";
  const bare = plain || conversationOf(current, state.me.value) !== undefined;
  pills.value = bare ? [] : current.filter((term) => term.operator !== "search");
  const words = bare ? undefined : current.find((term) => term.operator === "search");
  text.value = words && "operand" in words ? words.operand : "";
}

function facts(): Facts {
  const own = [...state.streams.value.values()].sort(
    (a, b) => Number(b.isSubscribed) - Number(a.isSubscribed) || byName(a, b),
  );
  const stream = streamOf(pills.value);
  const lists = [...state.topics.value.lists].filter(([id]) => stream === undefined || id === stream);
  const topics = new Set(lists.flatMap(([, list]) => list.map((one) => one.name)));
  return { streams: own, people: peopleByName.value, topics: [...topics] };
}

/** How many unread messages wait behind a narrow, as far as that is known here without asking. */
function unreadBehind(target: Narrow): number {
  const counts = state.counts.value;
  const place = conversationOf(target, state.me.value);
  if (place) return counts.places.get(placeKey(place))?.count ?? 0;
  const [only, ...others] = target;
  if (!only || others.length > 0 || only.negated || !("operand" in only)) return 0;
  if (only.operator === "channel") return counts.streams.get(Number(only.operand))?.count ?? 0;
  if (only.operator !== "is") return 0;
  const known: Record<string, number> = {
    unread: counts.total,
    mentioned: counts.mentions,
    dm: counts.dms,
    starred: state.starredIds.value.size,
  };
  return known[only.operand] ?? 0;
}

const operatorName = (operator: Operator, negated = false) => `${negated ? "−" : ""}${operator}`;

function Pill({ term, remove }: { term: Term; remove(): void }) {
  return (
    <span class={`pill ${term.negated ? "negated" : ""}`}>
      <span class="pill-operator">{operatorName(term.operator, term.negated)}</span>
      {operandName(term, names)}
      <button
        type="button"
        aria-label={t("search.remove", { name: `${term.operator} ${operandName(term, names)}` })}
        onMouseDown={(event) => event.preventDefault()}
        onClick={remove}
      >
        ×
      </button>
    </span>
  );
}

function Choice({ one }: { one: Suggestion }) {
  if (!("term" in one)) {
    return (
      <>
        <span class="pill-operator">{operatorName(one.operator, one.negated)}:</span>
        <span class="choice-detail">{t(`operator.${one.operator}` as Key)}</span>
      </>
    );
  }
  return (
    <>
      <span class="pill-operator">{operatorName(one.term.operator, one.term.negated)}</span>
      <span class="choice-label">{operandName(one.term, names)}</span>
      <Badge count={unreadBehind([...pills.value, one.term])} quiet />
    </>
  );
}

/** What is in the bar as a narrow. */
const written = (): Narrow => [...pills.peek(), ...parse(text.peek(), names)];

function addPill(term: Term): void {
  const others = pills.peek().filter((one) => narrowKey([one]) !== narrowKey([term]));
  pills.value = [...others, term];
}

export function SearchBar() {
  const ref = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(-1);
  const [focused, setFocused] = useState(false);
  useSignalEffect(showCurrent);
  const found = focused ? suggest(text.value, facts(), LIMIT) : [];
  const leave = () => {
    searchOpen.value = false;
    ref.current?.blur();
  };
  const take = (index: number) => {
    const one = found[index];
    if (!one) return;
    const rest = withoutLastWord(text.value);
    const before = rest === "" ? "" : `${rest} `;
    if ("term" in one) {
      addPill(one.term);
      text.value = before;
    } else text.value = `${before}${one.negated ? "-" : ""}${one.operator}:`;
    setActive(-1);
    ref.current?.focus();
  };
  const run = () => {
    const wanted = written();
    leave();
    if (wanted.length > 0) go(wanted);
  };
  const onInput = (value: string) => {
    const { terms, rest } = settle(value, names);
    for (const term of terms) addPill(term);
    text.value = rest;
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const atStart = ref.current?.selectionStart === 0 && ref.current.selectionEnd === 0;
    if (event.key === "ArrowDown") setActive(Math.min(found.length - 1, active + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(-1, active - 1));
    else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) take(active);
    else if (event.key === "Enter") run();
    else if (event.key === "Backspace" && atStart && pills.value.length > 0) pills.value = pills.value.slice(0, -1);
    else if (event.key === "Escape") {
      leave();
      giveFocusBack(event.currentTarget as HTMLElement);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search class={`search ${searchOpen.value ? "open" : ""}`}>
      <Icon name="search" />
      <div class="search-field">
        {pills.value.map((term) => (
          <Pill
            key={narrowKey([term])}
            term={term}
            remove={() => {
              pills.value = pills.value.filter((one) => one !== term);
              ref.current?.focus();
            }}
          />
        ))}
        <input
          ref={ref}
          id="search"
          type="text"
          inputMode="search"
          autocomplete="off"
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={found.length > 0 ? "search-suggestions" : undefined}
          aria-activedescendant={active >= 0 ? `search-suggestions-${active}` : undefined}
          aria-label={t("search.label")}
          placeholder={pills.value.length > 0 ? "" : t("search.placeholder")}
          value={text.value}
          onInput={(event) => onInput(event.currentTarget.value)}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            searchOpen.value = false;
            showCurrent();
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <kbd>/</kbd>
      {found.length > 0 && (
        <Listbox
          class="typeahead below"
          id="search-suggestions"
          label={t("search.suggestions")}
          items={found}
          active={active}
          keyOf={(one) => one.key}
          choose={take}
        >
          {(one) => <Choice one={one} />}
        </Listbox>
      )}
    </search>
  );
}
