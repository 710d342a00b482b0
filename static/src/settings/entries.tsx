// A short list of what an organisation keeps: each can be changed and moved, with a form below it for one more.

import { useState } from "preact/hooks";
import { signalError, withUndo } from "../app/feedback";
import { useSubmit } from "../dom/forms";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moved } from "../profile/data";

export interface Entry {
  id: number;
  /** What it is known by, and what else there is to say of it. */
  name: string;
  detail: string;
  /** What stands in the fields. */
  values: readonly string[];
}

interface Field {
  label: string;
  placeholder: string;
  optional?: boolean;
}

interface Props {
  entries: readonly Entry[];
  fields: readonly Field[];
  addLabel: string;
  removeLabel(name: string): string;
  add(values: string[]): Promise<unknown>;
  remove(id: number): Promise<unknown>;
  /** For lists whose entries can be changed. */
  update?(id: number, values: string[]): Promise<unknown>;
  /** For lists whose order means something. */
  reorder?(ids: number[]): Promise<unknown>;
}

interface FormProps {
  fields: readonly Field[];
  values: readonly string[];
  act: string;
  save(values: string[]): Promise<unknown>;
  cancel?(): void;
}

/** Empties itself when what is in it was saved; what was refused stays. */
export function EntryForm({ fields, values: before, act, save, cancel }: FormProps) {
  const [values, setValues] = useState<readonly string[]>(before);
  const submit = useSubmit(async () => {
    try {
      await save(values.map((one) => one.trim()));
      setValues(before);
    } catch (error) {
      signalError(error);
    }
  });
  return (
    <form class="form" {...submit}>
      {fields.map(({ label, placeholder, optional }, i) => (
        <label key={label}>
          {label}
          <input
            required={!optional}
            placeholder={placeholder}
            value={values[i]}
            onInput={(event) => setValues(values.map((one, at) => (at === i ? event.currentTarget.value : one)))}
          />
        </label>
      ))}
      <div class="form-buttons">
        {cancel && (
          <button type="button" class="button" onClick={cancel}>
            {t("cancel")}
          </button>
        )}
        <button type="submit" class="button primary">
          {act}
        </button>
      </div>
    </form>
  );
}

/** Moves one of a list up and down. */
export function Movers(props: { name: string; at: number; order: readonly number[]; move(order: number[]): void }) {
  const { name, at, order, move } = props;
  return (
    <>
      <IconButton
        icon="chevron"
        class="up"
        disabled={at === 0}
        label={t("field.up", { name })}
        onClick={() => move(moved(order, at, -1))}
      />
      <IconButton
        icon="chevron"
        class="down"
        disabled={at === order.length - 1}
        label={t("field.down", { name })}
        onClick={() => move(moved(order, at, 1))}
      />
    </>
  );
}

export function Entries({ entries, fields, addLabel, removeLabel, add, remove, update, reorder }: Props) {
  const [open, setOpen] = useState<number>();
  const order = entries.map((one) => one.id);
  return (
    <>
      <ul class="people-list">
        {entries.map((one, at) =>
          update && open === one.id ? (
            <li key={one.id}>
              <EntryForm
                fields={fields}
                values={one.values}
                act={t("edit.save")}
                cancel={() => setOpen(undefined)}
                save={async (values) => {
                  await update(one.id, values);
                  setOpen(undefined);
                }}
              />
            </li>
          ) : (
            <li key={one.id}>
              <span class="spacer-name">
                <code>{one.name}</code> <small>{one.detail}</small>
              </span>
              {reorder && (
                <Movers name={one.name} at={at} order={order} move={(ids) => void reorder(ids).catch(signalError)} />
              )}
              {update && (
                <IconButton icon="edit" label={t("entries.edit", { name: one.name })} onClick={() => setOpen(one.id)} />
              )}
              <IconButton
                icon="trash"
                label={removeLabel(one.name)}
                onClick={() =>
                  void withUndo(
                    () => remove(one.id),
                    t("entries.removed", { name: one.name }),
                    () => add([...one.values]),
                  )
                }
              />
            </li>
          ),
        )}
      </ul>
      <EntryForm fields={fields} values={fields.map(() => "")} act={addLabel} save={add} />
    </>
  );
}
