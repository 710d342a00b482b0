// The profile fields that everyone can fill in: adding, ordering, taking away.

import { useState } from "preact/hooks";
import type { CustomProfileField } from "../api/generated";
import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { confirm } from "../app/overlays";
import { profileFields } from "../app/state";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";
import { choiceData, FIELD, moved } from "../profile/data";
import { Check } from "./controls";

/** Accounts elsewhere need a pattern of addresses; the kinds here need none. */
const KINDS = ["text", "longText", "choice", "date", "link", "people", "pronouns"] as const;
type Kind = (typeof KINDS)[number];

function Add() {
  const [kind, setKind] = useState<Kind>("text");
  const [name, setName] = useState("");
  const [hint, setHint] = useState("");
  const [choices, setChoices] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const data = kind === "choice" ? { field_data: choiceData(choices) } : {};
    try {
      await organization.addProfileField({ field_type: FIELD[kind], name: name.trim(), hint: hint.trim(), ...data });
      setName("");
      setHint("");
      setChoices("");
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
      <label>
        {t("groups.name")}
        <input required maxLength={40} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        {t("field.hint")}
        <input maxLength={80} value={hint} onInput={(event) => setHint(event.currentTarget.value)} />
      </label>
      {kind === "choice" && (
        <label>
          {t("field.choices")}
          <textarea required rows={4} value={choices} onInput={(event) => setChoices(event.currentTarget.value)} />
        </label>
      )}
      <div class="form-buttons">
        <button type="submit" class="button primary">
          {t("field.add")}
        </button>
      </div>
    </form>
  );
}

function Field({ field, order }: { field: CustomProfileField; order: readonly number[] }) {
  const at = order.indexOf(field.id);
  const move = (by: number) => void organization.orderProfileFields(moved(order, at, by)).catch(signalError);
  const remove = () =>
    confirm(t("field.removeTitle", { name: field.name }), t("field.removeText"), t("field.remove"), () => {
      void organization.removeProfileField(field.id).catch(signalError);
    });
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
      <IconButton
        icon="chevron"
        class="up"
        disabled={at === 0}
        label={t("field.up", { name: field.name })}
        onClick={() => move(-1)}
      />
      <IconButton
        icon="chevron"
        class="down"
        disabled={at === order.length - 1}
        label={t("field.down", { name: field.name })}
        onClick={() => move(1)}
      />
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
