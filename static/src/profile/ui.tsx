// The organisation's own profile fields: shown on a profile, filled in by oneself.

import { useState } from "preact/hooks";
import type { CustomProfileField } from "../api/generated";
import * as organization from "../api/organization";
import type { UserId } from "../api/types";
import { signalError } from "../app/feedback";
import { isAdmin, me, people, profileFields } from "../app/state";
import { peopleNames } from "../messages/row";
import { PeoplePicker } from "../people/picker";
import { choicesOf, FIELD, filledIn, idsIn, type Shown } from "./data";

function Value({ shown }: { shown: Shown }) {
  if (shown.kind === "people") return <>{peopleNames(shown.ids)}</>;
  if (shown.kind === "text") return <>{shown.text}</>;
  return (
    <a href={shown.href} target="_blank" rel="noopener noreferrer">
      {shown.text}
    </a>
  );
}

/** Rows for a list of facts about someone; on a small profile only those meant for it. */
export function ProfileFacts({ id, summary }: { id: number; summary?: boolean }) {
  const fields = profileFields.value.filter((one) => !summary || one.display_in_profile_summary);
  const answers = people.value.byId.get(id)?.answers ?? {};
  return (
    <>
      {filledIn(fields, answers).map(({ field, shown }) => (
        <div key={field.id}>
          <dt>{field.name}</dt>
          <dd dir="auto">
            <Value shown={shown} />
          </dd>
        </div>
      ))}
    </>
  );
}

/** Filled in as one line of text. */
const LINES: ReadonlySet<number> = new Set([FIELD.text, FIELD.account, FIELD.pronouns]);

/** Oneself changes one's own profile; administrators change that of others. */
function saveAnswer(person: UserId, field: number, value: string | UserId[]): Promise<unknown> {
  if (person !== me.peek()) return organization.updateUser(person, { profile_data: [{ id: field, value }] });
  return value.length === 0 ? organization.clearProfile([field]) : organization.setProfile(field, value);
}

function Field({ person, field, value }: { person: UserId; field: CustomProfileField; value: string }) {
  const [text, setText] = useState(value);
  const save = (next: string | UserId[]) => void saveAnswer(person, field.id, next).catch(signalError);
  if (field.type === FIELD.people) {
    return (
      <div class="field">
        <span>{field.name}</span>
        <PeoplePicker label={field.name} chosen={idsIn(value)} change={(ids) => save([...ids])} />
        {field.hint && <small>{field.hint}</small>}
      </div>
    );
  }
  const common = {
    required: field.required,
    disabled: field.editable_by_user === false && !isAdmin.value,
    value: text,
    onChange: (event: { currentTarget: { value: string; reportValidity(): boolean } }) => {
      setText(event.currentTarget.value);
      if (event.currentTarget.reportValidity()) save(event.currentTarget.value.trim());
    },
  };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: one of those below is the control
    <label>
      {field.name}
      {field.type === FIELD.longText && <textarea rows={3} maxLength={500} {...common} />}
      {field.type === FIELD.choice && (
        <select {...common}>
          <option value="" />
          {choicesOf(field).map((one) => (
            <option key={one.value} value={one.value}>
              {one.text}
            </option>
          ))}
        </select>
      )}
      {field.type === FIELD.date && <input type="date" {...common} />}
      {field.type === FIELD.link && <input type="url" maxLength={200} {...common} />}
      {LINES.has(field.type) && <input maxLength={field.type === FIELD.text ? 50 : 200} {...common} />}
      {field.hint && <small>{field.hint}</small>}
    </label>
  );
}

/** Somebody's answers; each is kept as soon as it is left. */
export function ProfileFieldsForm({ id }: { id: UserId }) {
  const answers = people.value.byId.get(id)?.answers ?? {};
  return (
    <>
      {[...profileFields.value]
        .sort((a, b) => a.order - b.order)
        .map((field) => (
          <Field key={field.id} person={id} field={field} value={answers[field.id]?.value ?? ""} />
        ))}
    </>
  );
}
