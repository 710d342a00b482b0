// The widgets that settings are made of.

import type { ComponentChildren } from "preact";
import { settings } from "../app/state";
import { t } from "../i18n";
import { type Control, shownAs, type Value } from "./data";
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

/** Whose settings: one's own, the organisation's, or those that people begin with. */
export interface SettingsProps {
  values: Readonly<Record<string, unknown>>;
  change(name: string, value: Value | boolean): void;
}

interface ControlsProps extends SettingsProps {
  list: readonly Control[];
}

/** Settings as the table says. They are saved as they are changed. */
export function Controls({ list, values, change }: ControlsProps) {
  return (
    <>
      {list.map((control) => {
        const { name } = control;
        const value = shownAs(values[name]);
        if (control.kind === "check") {
          return (
            <Check key={name} checked={value === true} change={(checked) => change(name, checked)}>
              {t(control.label)}
            </Check>
          );
        }
        return (
          <Choice
            key={name}
            legend={t(control.label)}
            value={value as Value}
            options={control.options.map(([one, label]) => [one, t(label)] as const)}
            choose={(chosen) => change(name, chosen)}
          />
        );
      })}
    </>
  );
}

export const changeOwn = (name: string, value: Value | boolean) => void changeSetting(name, value);

/** The reader's own settings. */
export function OwnControls({ list }: { list: readonly Control[] }) {
  return <Controls list={list} values={settings.value} change={changeOwn} />;
}
