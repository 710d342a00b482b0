// What administrators change of other people: their name, their role, what their profile says, their account.

import { useState } from "preact/hooks";
import * as organization from "../api/organization";
import type { UserId } from "../api/types";
import { signalError, withUndo } from "../app/feedback";
import { confirm } from "../app/overlays";
import { people } from "../app/state";
import { Dialog } from "../dom/dialog";
import { Line, SavedForm } from "../dom/forms";
import { t } from "../i18n";
import { ProfileFieldsForm } from "../profile/ui";
import { Selected } from "../settings/controls";
import { rolesFor } from "./access";
import type { Person } from "./data";
import { roleName } from "./words";

export const reactivate = (person: Person) => void organization.reactivateUser(person.id).catch(signalError);

/** Taking someone's account away: it can be given back, so undoing is offered beside asking. */
export function deactivate(person: Person): void {
  confirm(
    t("organization.deactivateTitle", { name: person.name }),
    t("organization.deactivateText"),
    t("organization.deactivate"),
    () =>
      void withUndo(
        () => organization.deactivateUser(person.id),
        t("organization.deactivated", { name: person.name }),
        () => organization.reactivateUser(person.id),
      ),
  );
}

function Account({ person }: { person: Person }) {
  const [name, setName] = useState(person.name);
  const [role, setRole] = useState(person.role);
  const save = () =>
    organization.updateUser(person.id, {
      ...(name.trim() !== person.name && { full_name: name.trim() }),
      ...(role !== person.role && { role }),
    });
  const end = person.isActive ? (
    <button type="button" class="button danger" onClick={() => deactivate(person)}>
      {t("organization.deactivate")}
    </button>
  ) : (
    <button type="button" class="button" onClick={() => reactivate(person)}>
      {t("organization.reactivate")}
    </button>
  );
  const beside = (
    <>
      {end}
      <span class="spacer" />
    </>
  );
  return (
    <SavedForm done={t("settings.saved")} save={save} beside={beside}>
      <Line label={t("settings.name")} longest={100} value={name} change={setName} />
      <Selected
        label={t("profile.role")}
        value={role}
        options={rolesFor(person).map((one) => [one, roleName(one)] as const)}
        choose={(one) => setRole(Number(one))}
      />
    </SavedForm>
  );
}

export function ManagePerson({ id, close }: { id: UserId; close(): void }) {
  const person = people.value.byId.get(id);
  if (!person) return null;
  const title = t("person.manageWho", { name: person.name });
  return (
    <Dialog label={title} onClose={close}>
      <h2>{title}</h2>
      <div class="form">
        <Account person={person} />
        <ProfileFieldsForm id={id} />
      </div>
    </Dialog>
  );
}
