// The widgets that settings are made of.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { settings, streams } from "../app/state";
import { LANGUAGES, language, t } from "../i18n";
import { SILENCE, SOUNDS, soundName } from "../notifications/sounds";
import { byName } from "../streams/data";
import { type Control, limitsWith, shownAs, spanOf, UNLIMITED, type Value } from "./data";
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

interface WordProps {
  label: string;
  value: string;
  save(text: string): void;
}

/** A short text, saved when one has done with it. */
function Word({ label, value, save }: WordProps) {
  const [text, setText] = useState(value);
  return (
    <label>
      {label}
      <input
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={() => save(text.trim())}
      />
    </label>
  );
}

interface SelectedProps {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  choose(value: Value): void;
}

/** One of more values than can all be in sight. */
export function Selected({ label, value, options, choose }: SelectedProps) {
  return (
    <label>
      {label}
      <select
        value={String(value)}
        onChange={(event) => {
          const chosen = options.find(([one]) => String(one) === event.currentTarget.value);
          if (chosen) choose(chosen[0]);
        }}
      >
        {options.map(([one, text]) => (
          <option key={one} value={String(one)}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

const NOWHERE = -1;
/** The API counts the days of the week from Monday; this one was a Monday. */
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

function spanName(seconds: number): string {
  const { count, unit } = spanOf(seconds);
  return new Intl.NumberFormat(language.value, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

function weekdays(): [number, string][] {
  const format = new Intl.DateTimeFormat(language.value, { weekday: "long", timeZone: "UTC" });
  return [0, 1, 2, 3, 4, 5, 6].map((day) => [day, format.format(A_MONDAY + day * DAY_MS)]);
}

/** What can be chosen, beside what holds now. */
const OPTIONS: Record<"limit" | "stream" | "weekday" | "language" | "sound", (current: unknown) => [Value, string][]> =
  {
    limit: (current) => [
      [UNLIMITED, t("limit.none")],
      ...limitsWith(current).map((seconds): [Value, string] => [seconds, spanName(seconds)]),
    ],
    stream: () => [
      [NOWHERE, t("realm.nowhere")],
      ...[...streams.value.values()]
        .filter((one) => !one.isArchived)
        .sort(byName)
        .map((one): [Value, string] => [one.id, one.name]),
    ],
    weekday: weekdays,
    sound: () => [
      [SILENCE, t("sound.none")],
      ...Object.keys(SOUNDS).map((name): [Value, string] => [name, soundName(name)]),
    ],
    language: (current) => {
      const known = Object.entries(LANGUAGES);
      return String(current) in LANGUAGES ? known : [...known, [String(current), String(current)]];
    },
  };

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
        if (control.kind === "text") {
          return (
            <Word
              key={`${name} ${value}`}
              label={t(control.label)}
              value={String(value)}
              save={(text) => change(name, text)}
            />
          );
        }
        if (control.kind !== "choice") {
          return (
            <Selected
              key={name}
              label={t(control.label)}
              value={value as Value}
              options={OPTIONS[control.kind](value)}
              choose={(chosen) => change(name, chosen)}
            />
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
