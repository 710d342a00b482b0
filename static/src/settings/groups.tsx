// Groups of people: making them, who belongs to them, taking them away.

import { useState } from "preact/hooks";
import * as organization from "../api/organization";
import type { ApiUserGroup, UserId } from "../api/types";
import { signalError } from "../app/feedback";
import { confirm } from "../app/overlays";
import { people, realm } from "../app/state";
import { Empty, IconButton } from "../dom/ui";
import { ownGroups } from "../groups/data";
import { t } from "../i18n";
import { PeoplePicker } from "../people/picker";
import { Avatar } from "../people/ui";

const MAX_NAME = 100;
const MAX_DESCRIPTION = 1024;

interface AboutProps {
  act: string;
  group?: ApiUserGroup;
  save(name: string, description: string): Promise<unknown>;
}

function About({ act, group, save }: AboutProps) {
  const [name, setName] = useState(group?.name ?? "");
  const [description, setDescription] = useState(group?.description ?? "");
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await save(name.trim(), description.trim());
      if (group) return;
      setName("");
      setDescription("");
    } catch (error) {
      signalError(error);
    }
  };
  return (
    <form class="form group-about" onSubmit={submit}>
      <label>
        {t("groups.name")}
        <input required maxLength={MAX_NAME} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        {t("groups.description")}
        <input
          maxLength={MAX_DESCRIPTION}
          value={description}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary">
        {act}
      </button>
    </form>
  );
}

function Members({ group }: { group: ApiUserGroup }) {
  const [chosen, setChosen] = useState<readonly UserId[]>([]);
  const change = (changes: { add?: UserId[]; delete?: UserId[] }) =>
    organization.updateGroupMembers(group.id, changes).catch(signalError);
  const members = group.members.flatMap((id) => people.value.byId.get(id) ?? []);
  members.sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <div class="stream-add">
        <PeoplePicker label={t("groups.addPeople")} chosen={chosen} without={group.members} change={setChosen} />
        <button
          type="button"
          class="button primary"
          disabled={chosen.length === 0}
          onClick={() => {
            void change({ add: [...chosen] });
            setChosen([]);
          }}
        >
          {t("stream.add")}
        </button>
      </div>
      <ul class="people-list">
        {members.map((one) => (
          <li key={one.id}>
            <Avatar person={one} /> <span class="spacer-name">{one.name}</span>
            <IconButton
              icon="close"
              label={t("groups.removePerson", { name: one.name })}
              onClick={() => void change({ delete: [one.id] })}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Group({ group }: { group: ApiUserGroup }) {
  const remove = () =>
    confirm(t("groups.removeTitle", { name: group.name }), t("groups.removeText"), t("groups.remove"), () => {
      void organization.deactivateGroup(group.id).catch(signalError);
    });
  return (
    <details class="group">
      <summary>
        <strong>@{group.name}</strong>
        <span class="group-description">{group.description}</span>
        <small>{t("groups.count", { count: group.members.length })}</small>
      </summary>
      <About
        act={t("edit.save")}
        group={group}
        save={(name, description) => organization.updateGroup(group.id, { name, description })}
      />
      <Members group={group} />
      <div class="form-buttons">
        <button type="button" class="button danger" onClick={remove}>
          {t("groups.remove")}
        </button>
      </div>
    </details>
  );
}

export function GroupSettings() {
  const groups = ownGroups(realm.value.groups);
  return (
    <div class="form">
      {groups.length === 0 && (
        <Empty icon="people" title={t("groups.none")}>
          {t("groups.what")}
        </Empty>
      )}
      {groups.map((one) => (
        <Group key={one.id} group={one} />
      ))}
      {!realm.value.isGuest && (
        <section>
          <h3>{t("groups.new")}</h3>
          <About act={t("groups.create")} save={organization.createGroup} />
        </section>
      )}
    </div>
  );
}
