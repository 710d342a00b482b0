// The widgets that settings are made of.

import type { ComponentChildren } from "preact";
import { settings } from "../app/state";
import { t } from "../i18n";
import type { Control, Value } from "./data";
import { changeSetting } from "./events";

interface ChoiceProps<T extends Value> {
  legend: string;
  value: T;
  options: readonly (readonly [T, string])[];
  choose(value: T): void;
}

/** One of a few values, all in sight. */
export function Choice<T extends Value>(props: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      {props.options.map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={props.legend}
            checked={props.value === value}
            onChange={() => props.choose(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Check({ checked, change, children }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onInput={(event) => change(event.currentTarget.checked)} />
      {children}
    </label>
  );
}

interface CheckProps {
  checked: boolean;
  change(checked: boolean): void;
  children: ComponentChildren;
}

/** Settings as the table says. They are saved as they are changed. */
export function Controls({ list }: { list: readonly Control[] }) {
  return (
    <>
      {list.map((control) => {
        const { name } = control;
        if (control.kind === "check") {
          return (
            <Check
              key={name}
              checked={settings.value[name] === true}
              change={(checked) => void changeSetting(name, checked)}
            >
              {t(control.label)}
            </Check>
          );
        }
        return (
          <Choice
            key={name}
            legend={t(control.label)}
            value={settings.value[name] as Value}
            options={control.options.map(([value, label]) => [value, t(label)] as const)}
            choose={(value) => void changeSetting(name, value)}
          />
        );
      })}
    </>
  );
}
