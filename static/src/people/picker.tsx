// Choosing people by name: chosen ones as pills, the rest as suggestions.

import { useId, useState } from "preact/hooks";
import type { UserId } from "../api/types";
import { people } from "../app/state";
import { rank } from "../compose/data";
import { Icon, Listbox } from "../dom/ui";
import { t } from "../i18n";
import { peopleByName } from "./names";

const SUGGESTED = 6;

interface Props {
  label: string;
  chosen: readonly UserId[];
  /** Not to be suggested. */
  without?: readonly UserId[];
  change(chosen: readonly UserId[]): void;
  class?: string;
  /** Enter with nothing to complete. */
  onDone?(): void;
}

function candidates(props: Props) {
  const taken = new Set([...props.chosen, ...(props.without ?? [])]);
  return peopleByName.value.filter((one) => !taken.has(one.id)).sort((a, b) => Number(a.isBot) - Number(b.isBot));
}

export function PeoplePicker(props: Props) {
  const { chosen, change } = props;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const id = useId();
  const found = query === "" ? [] : rank(candidates(props), (one) => one.name, query, SUGGESTED);
  const choose = (index: number) => {
    const one = found[index];
    if (!one) return;
    setQuery("");
    setActive(0);
    change([...chosen, one.id]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = Math.max(1, found.length);
    if (event.key === "Backspace" && query === "") change(chosen.slice(0, -1));
    else if (event.key === "ArrowDown") setActive((active + 1) % count);
    else if (event.key === "ArrowUp") setActive((active + count - 1) % count);
    else if (/^(Enter|Tab|,)$/.test(event.key) && found.length > 0) choose(active);
    else if (event.key === "Enter") props.onDone?.();
    else return;
    event.preventDefault();
  };
  return (
    <span class="pills">
      {chosen.map((one) => (
        <span class="pill" key={one}>
          {people.value.byId.get(one)?.name ?? t("person.unknown")}
          <button
            type="button"
            aria-label={t("compose.removePerson", { name: people.value.byId.get(one)?.name ?? "" })}
            onClick={() => change(chosen.filter((other) => other !== one))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <span class="pill-input">
        {found.length > 0 && (
          <Listbox
            id={id}
            label={t("typeahead.label")}
            items={found}
            active={active}
            keyOf={(one) => String(one.id)}
            choose={choose}
          >
            {(one) => (
              <>
                <span class="choice-label">{one.name}</span>
                <span class="choice-detail">{one.email}</span>
              </>
            )}
          </Listbox>
        )}
        <input
          class={props.class}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
          aria-label={props.label}
          placeholder={chosen.length === 0 ? props.label : ""}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </span>
    </span>
  );
}
