// The organisation: what it is called, what it decides, its people with their roles. For its administrators.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { confirm, overlay } from "../app/overlays";
import { defaults, me, people, realm } from "../app/state";
import { rank } from "../compose/data";
import { Line, Lines, SavedForm } from "../dom/forms";
import { FilterField, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { mayManage, rolesFor } from "../people/access";
import { type Person, ROLE } from "../people/data";
import { deactivate, reactivate } from "../people/manage";
import { Avatar } from "../people/ui";
import { roleName } from "../people/words";
import { Controls, Selected } from "./controls";
import { CONTROLS, ORG_TYPES, REALM_CONTROLS, type Value } from "./data";
import { ProfileFieldSettings } from "./fields";
import { DomainSettings, FolderSettings, LinkifierSettings, PlaygroundSettings } from "./lists";
import { Permissions } from "./permissions";
import { Pictures } from "./pictures";
import { LookControls, NotificationTable } from "./tables";

const SHOWN = 100;

function About() {
  const [name, setName] = useState(realm.value.name);
  const [description, setDescription] = useState(realm.value.description);
  return (
    <SavedForm done={t("settings.saved")} save={() => organization.updateRealm({ name, description })}>
      <Line label={t("organization.name")} longest={40} value={name} change={setName} />
      <Lines
        optional
        label={t("organization.description")}
        longest={1000}
        value={description}
        change={setDescription}
      />
      <Selected
        label={t("organization.type")}
        value={Number(realm.value.decided.org_type)}
        options={ORG_TYPES.map((one) => [one, t(`orgType.${one}`)] as const)}
        choose={(type) => change("org_type", type)}
      />
    </SavedForm>
  );
}

function Member({ person }: { person: Person }) {
  const setRole = (role: number) => void organization.updateUser(person.id, { role }).catch(signalError);
  return (
    <li>
      <Avatar person={person} />
      <span class="spacer-name">
        {person.name} <small>{person.email}</small>
      </span>
      {person.isActive ? (
        <>
          <select
            aria-label={t("organization.roleOf", { name: person.name })}
            value={String(person.role)}
            onChange={(event) => setRole(Number(event.currentTarget.value))}
          >
            {rolesFor(person).map((role) => (
              <option key={role} value={String(role)}>
                {roleName(role)}
              </option>
            ))}
          </select>
          {mayManage(person) && (
            <>
              <IconButton
                icon="edit"
                label={t("person.manageWho", { name: person.name })}
                onClick={() => {
                  overlay.value = { kind: "manage-person", id: person.id };
                }}
              />
              <IconButton
                icon="close"
                label={t("organization.deactivateOf", { name: person.name })}
                onClick={() => deactivate(person)}
              />
            </>
          )}
        </>
      ) : (
        <button type="button" class="button" onClick={() => reactivate(person)}>
          {t("organization.reactivate")}
        </button>
      )}
    </li>
  );
}

function Members() {
  const [query, setQuery] = useState("");
  const all = [...people.value.byId.values()].filter((one) => !one.isBot);
  all.sort((a, b) => Number(b.isActive) - Number(a.isActive) || a.name.localeCompare(b.name));
  const found = rank(all, (one) => one.name, query, SHOWN);
  return (
    <section class="form">
      <FilterField label={t("people.filter")} value={query} onChange={setQuery} />
      <ul class="people-list">
        {found.map((one) => (
          <Member key={one.id} person={one} />
        ))}
      </ul>
      {found.length === 0 && <p class="hint">{t("filter.none")}</p>}
      {query === "" && all.length > found.length && (
        <p class="hint">{t("people.more", { count: all.length - found.length })}</p>
      )}
    </section>
  );
}

function change(name: string, value: Value | boolean): void {
  organization.updateRealm({ [name]: value }).catch((error: unknown) => {
    // Drawn anew, as it still is.
    realm.value = { ...realm.peek() };
    signalError(error);
  });
}

function changeDefault(name: string, value: Value | boolean): void {
  organization.updateDefaults({ [name]: value }).catch((error: unknown) => {
    // Drawn anew, as it still is.
    defaults.value = { ...defaults.peek() };
    signalError(error);
  });
}

/** What people who are new begin with. */
function Defaults() {
  const what = { values: defaults.value, change: changeDefault };
  return (
    <div class="form">
      <p>{t("organization.defaultsWhat")}</p>
      <LookControls {...what} />
      <Controls list={CONTROLS.habits} {...what} />
      <Controls list={CONTROLS.privacy} {...what} />
      <NotificationTable {...what} />
      <Controls list={CONTROLS.notifications} {...what} />
    </div>
  );
}

interface PartProps {
  title: string;
  open?: boolean;
  children: ComponentChildren;
}

/** A part of the page, folded until it is wanted. */
function Part({ title, open, children }: PartProps) {
  const [shown, setShown] = useState(open ?? false);
  return (
    <details class="group" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        <strong>{title}</strong>
      </summary>
      {shown && <div>{children}</div>}
    </details>
  );
}

/** Closes the organisation for everyone. */
function End() {
  const end = () =>
    confirm(t("organization.endTitle"), t("organization.endText"), t("organization.endAct"), async () => {
      try {
        await organization.deactivateRealm();
        location.assign("/login/");
      } catch (error) {
        signalError(error);
      }
    });
  return (
    <div class="form">
      <p>{t("organization.endText")}</p>
      <div class="form-buttons">
        <button type="button" class="button danger" onClick={end}>
          {t("organization.endAct")}
        </button>
      </div>
    </div>
  );
}

export function OrganizationSettings() {
  const isOwner = people.value.byId.get(me.value)?.role === ROLE.owner;
  const controls = (list: keyof typeof REALM_CONTROLS) => (
    <div class="form">
      <Controls list={REALM_CONTROLS[list]} values={realm.value.decided} change={change} />
    </div>
  );
  return (
    <div class="form">
      <Part title={t("organization.about")} open>
        <About />
      </Part>
      <Part title={t("organization.pictures")}>
        <Pictures />
      </Part>
      <Part title={t("organization.messages")}>{controls("messages")}</Part>
      <Part title={t("organization.joining")}>{controls("people")}</Part>
      {isOwner && (
        <Part title={t("organization.domains")}>
          <DomainSettings />
        </Part>
      )}
      <Part title={t("organization.announcements")}>{controls("announcements")}</Part>
      <Part title={t("organization.rights")}>
        <Permissions />
      </Part>
      <Part title={t("organization.fields")}>
        <ProfileFieldSettings />
      </Part>
      <Part title={t("organization.folders")}>
        <FolderSettings />
      </Part>
      <Part title={t("organization.linkifiers")}>
        <LinkifierSettings />
      </Part>
      <Part title={t("organization.playgrounds")}>
        <PlaygroundSettings />
      </Part>
      <Part title={t("organization.defaults")}>
        <Defaults />
      </Part>
      <Part title={t("organization.people")}>
        <Members />
      </Part>
      {isOwner && (
        <Part title={t("organization.end")}>
          <End />
        </Part>
      )}
    </div>
  );
}
