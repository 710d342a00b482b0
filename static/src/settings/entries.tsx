// A short list of what an organisation keeps, with a form below it for one more.

import { useState } from "preact/hooks";
import { signalError } from "../app/feedback";
import { IconButton } from "../dom/ui";

interface Entry {
  id: number;
  /** What it is known by, and what else there is to say of it. */
  name: string;
  detail: string;
}

interface Field {
  label: string;
  placeholder: string;
}

interface Props {
  entries: readonly Entry[];
  fields: readonly Field[];
  addLabel: string;
  removeLabel(name: string): string;
  add(values: string[]): Promise<unknown>;
  remove(id: number): Promise<unknown>;
}

export function Entries({ entries, fields, addLabel, removeLabel, add, remove }: Props) {
  const empty = fields.map(() => "");
  const [values, setValues] = useState<readonly string[]>(empty);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await add(values.map((one) => one.trim()));
      setValues(empty);
    } catch (error) {
      signalError(error);
    }
  };
  return (
    <>
      <ul class="people-list">
        {entries.map((one) => (
          <li key={one.id}>
            <span class="spacer-name">
              <code>{one.name}</code> <small>{one.detail}</small>
            </span>
            <IconButton
              icon="trash"
              label={removeLabel(one.name)}
              onClick={() => void remove(one.id).catch(signalError)}
            />
          </li>
        ))}
      </ul>
      <form class="form" onSubmit={submit}>
        {fields.map(({ label, placeholder }, i) => (
          <label key={label}>
            {label}
            <input
              required
              placeholder={placeholder}
              value={values[i]}
              onInput={(event) => setValues(values.map((one, at) => (at === i ? event.currentTarget.value : one)))}
            />
          </label>
        ))}
        <div class="form-buttons">
          <button type="submit" class="button primary">
            {addLabel}
          </button>
        </div>
      </form>
    </>
  );
}
