// The profile fields that everyone can fill in: adding, ordering, taking away.

import { useState } from "preact/hooks";
import type { CustomProfileField } from "../api/generated";
import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { confirm } from "../app/overlays";
import { profileFields } from "../app/state";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";
import { choiceData, choicesOf, FIELD } from "../profile/data";
import { Check } from "./controls";
import { Movers } from "./entries";

/** Accounts elsewhere need a pattern of addresses; the kinds here need none. */
const KINDS = ["text", "longText", "choice", "date", "link", "people", "pronouns"] as const;
type Kind = (typeof KINDS)[number];

interface TextsProps {
  name: string;
  hint: string;
  /** One a line; of fields without choices nothing. */
  choices: string | undefined;
  change(texts: { name?: string; hint?: string; choices?: string }): void;
}

/** What a field says. */
function Texts({ name, hint, choices, change }: TextsProps) {
  return (
    <>
      <label>
        {t("groups.name")}
        <input required maxLength={40} value={name} onInput={(event) => change({ name: event.currentTarget.value })} />
      </label>
      <label>
        {t("field.hint")}
        <input maxLength={80} value={hint} onInput={(event) => change({ hint: event.currentTarget.value })} />
      </label>
      {choices !== undefined && (
        <label>
          {t("field.choices")}
          <textarea
            required
            rows={4}
            value={choices}
            onInput={(event) => change({ choices: event.currentTarget.value })}
          />
        </label>
      )}
    </>
  );
}

const NO_TEXTS = { name: "", hint: "", choices: "" };

function Add() {
  const [kind, setKind] = useState<Kind>("text");
  const [texts, setTexts] = useState(NO_TEXTS);
  const submit = async (event: Event) => {
    event.preventDefault();
    const { name, hint, choices } = texts;
    const data = kind === "choice" ? { field_data: choiceData(choices) } : {};
    try {
      await organization.addProfileField({ field_type: FIELD[kind], name: name.trim(), hint: hint.trim(), ...data });
      setTexts(NO_TEXTS);
    } catch (error) {
      signalError(error);
    }
  };
  return (
    <form class="form" onSubmit={submit}>
      <h3>{t("field.new")}</h3>
      <label>
        {t("field.kind")}
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {t(`field.kind.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <Texts
        {...texts}
        choices={kind === "choice" ? texts.choices : undefined}
        change={(changed) => setTexts({ ...texts, ...changed })}
      />
      <div class="form-buttons">
        <button type="submit" class="button primary">
          {t("field.add")}
        </button>
      </div>
    </form>
  );
}

/** Choices that stay keep the value that people have chosen. */
function Edit({ field, done }: { field: CustomProfileField; done(): void }) {
  const known = field.type === FIELD.choice ? choicesOf(field) : undefined;
  const before = { name: field.name, hint: field.hint, choices: known?.map((one) => one.text).join("\n") };
  const [texts, setTexts] = useState(before);
  const [required, setRequired] = useState(field.required ?? false);
  const [editable, setEditable] = useState(field.editable_by_user ?? true);
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      await organization.updateProfileField(field.id, {
        name: texts.name.trim(),
        hint: texts.hint.trim(),
        required,
        editable_by_user: editable,
        ...(texts.choices !== undefined && { field_data: choiceData(texts.choices, known) }),
      });
      done();
    } catch (error) {
      signalError(error);
    }
  };
  return (
    <form class="form" onSubmit={save}>
      <Texts {...texts} choices={texts.choices} change={(changed) => setTexts({ ...texts, ...changed })} />
      <Check checked={required} change={setRequired}>
        {t("field.required")}
      </Check>
      <Check checked={editable} change={setEditable}>
        {t("field.editable")}
      </Check>
      <div class="form-buttons">
        <button type="button" class="button" onClick={done}>
          {t("cancel")}
        </button>
        <button type="submit" class="button primary">
          {t("edit.save")}
        </button>
      </div>
    </form>
  );
}

function Field({ field, order }: { field: CustomProfileField; order: readonly number[] }) {
  const [editing, setEditing] = useState(false);
  const remove = () =>
    confirm(t("field.removeTitle", { name: field.name }), t("field.removeText"), t("field.remove"), () => {
      void organization.removeProfileField(field.id).catch(signalError);
    });
  if (editing) {
    return (
      <li>
        <Edit field={field} done={() => setEditing(false)} />
      </li>
    );
  }
  return (
    <li>
      <span class="spacer-name">{field.name}</span>
      <Check
        checked={field.display_in_profile_summary ?? false}
        change={(shown) =>
          void organization.updateProfileField(field.id, { display_in_profile_summary: shown }).catch(signalError)
        }
      >
        {t("field.summary")}
      </Check>
      <Movers
        name={field.name}
        at={order.indexOf(field.id)}
        order={order}
        move={(ids) => void organization.orderProfileFields(ids).catch(signalError)}
      />
      <IconButton icon="edit" label={t("entries.edit", { name: field.name })} onClick={() => setEditing(true)} />
      <IconButton icon="trash" label={t("field.removeTitle", { name: field.name })} onClick={remove} />
    </li>
  );
}

export function ProfileFieldSettings() {
  const fields = [...profileFields.value].sort((a, b) => a.order - b.order);
  const order = fields.map((one) => one.id);
  return (
    <>
      <ul class="people-list">
        {fields.map((one) => (
          <Field key={one.id} field={one} order={order} />
        ))}
      </ul>
      <Add />
    </>
  );
}
