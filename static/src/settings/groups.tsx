// Groups of people: making them, who belongs to them, who may do what with them, taking them out of use and back.

import { useState } from "preact/hooks";
import * as organization from "../api/organization";
import type { ApiUserGroup, GroupSetting, UserId } from "../api/types";
import { signalError, withUndo } from "../app/feedback";
import { confirm } from "../app/overlays";
import { isGuest, me, people, realm } from "../app/state";
import { useSubmit } from "../dom/forms";
import { Empty, Icon, IconButton } from "../dom/ui";
import { firstRights, formerGroups, holds, mayManage, ownGroups, possibleSubgroups } from "../groups/data";
import { t } from "../i18n";
import type { Person } from "../people/data";
import { PeoplePicker } from "../people/picker";
import { Avatar } from "../people/ui";
import { Holder } from "./permissions";
import { groupName } from "./rights";

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
  const submit = useSubmit(async () => {
    try {
      await save(name.trim(), description.trim());
      if (group) return;
      setName("");
      setDescription("");
    } catch (error) {
      signalError(error);
    }
  });
  return (
    <form class="form group-about" {...submit}>
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

interface PartProps {
  group: ApiUserGroup;
  /** Whether one may change it. */
  mine: boolean;
}

function Members({ group, mine }: PartProps) {
  const [chosen, setChosen] = useState<readonly UserId[]>([]);
  const change = (changes: { add?: UserId[]; delete?: UserId[] }) =>
    organization.updateGroupMembers(group.id, changes).catch(signalError);
  const remove = ({ id, name }: Person) =>
    withUndo(
      () => organization.updateGroupMembers(group.id, { delete: [id] }),
      t("entries.removed", { name }),
      () => organization.updateGroupMembers(group.id, { add: [id] }),
    );
  const members = group.members.flatMap((id) => people.value.byId.get(id) ?? []);
  members.sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <div class="stream-add" hidden={!mine}>
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
            {mine && (
              <IconButton
                icon="close"
                label={t("groups.removePerson", { name: one.name })}
                onClick={() => void remove(one)}
              />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The groups all of whose people belong to it too. */
function Subgroups({ group, mine }: PartProps) {
  const { groups } = realm.value;
  const inside = (group.direct_subgroup_ids ?? []).flatMap((id) => groups.find((one) => one.id === id) ?? []);
  const possible = mine ? possibleSubgroups(groups, group) : [];
  const change = (changes: { add?: number[]; delete?: number[] }) =>
    void organization.updateSubgroups(group.id, changes).catch(signalError);
  if (inside.length === 0 && possible.length === 0) return null;
  return (
    <>
      <ul class="people-list">
        {inside.map((one) => (
          <li key={one.id}>
            <Icon name="people" /> <span class="spacer-name">{groupName(one)}</span>
            {mine && (
              <IconButton
                icon="close"
                label={t("groups.removePerson", { name: groupName(one) })}
                onClick={() => change({ delete: [one.id] })}
              />
            )}
          </li>
        ))}
      </ul>
      {possible.length > 0 && (
        <label class="group-add">
          {t("groups.addGroup")}
          <select value="" onChange={(event) => change({ add: [Number(event.currentTarget.value)] })}>
            <option value="">{t("groups.chooseGroup")}</option>
            {possible.map((one) => (
              <option key={one.id} value={String(one.id)}>
                {groupName(one)}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

const RIGHTS = [
  "can_mention_group",
  "can_join_group",
  "can_leave_group",
  "can_add_members_group",
  "can_remove_members_group",
  "can_manage_group",
] as const;

function Rights({ group }: { group: ApiUserGroup }) {
  return (
    <div class="form rights">
      {RIGHTS.map((right) => {
        const requirement = realm.value.groupRights[right];
        return (
          requirement && (
            <Holder
              key={right}
              label={t(`groupRight.${right}`)}
              requirement={requirement}
              current={group[right]}
              change={(to) => {
                organization.updateGroup(group.id, { [right]: to }).catch((error: unknown) => {
                  // Drawn anew, as it still is.
                  realm.value = { ...realm.peek() };
                  signalError(error);
                });
              }}
            />
          )
        );
      })}
    </div>
  );
}

/** One's own way in and out. */
function Membership({ group }: { group: ApiUserGroup }) {
  const { groups } = realm.value;
  const within = group.members.includes(me.value);
  if (!holds(groups, group[within ? "can_leave_group" : "can_join_group"], me.value)) return null;
  const changes = within ? { delete: [me.value] } : { add: [me.value] };
  return (
    <button
      type="button"
      class="button"
      onClick={() => void organization.updateGroupMembers(group.id, changes).catch(signalError)}
    >
      {t(within ? "groups.leave" : "groups.join")}
    </button>
  );
}

function Group({ group }: { group: ApiUserGroup }) {
  const [open, setOpen] = useState(false);
  const { groups, decided } = realm.value;
  const mine = mayManage(groups, group, decided.can_manage_all_groups as GroupSetting | undefined, me.value);
  const remove = () =>
    confirm(t("groups.removeTitle", { name: group.name }), t("groups.removeText"), t("groups.remove"), () => {
      void organization.deactivateGroup(group.id).catch(signalError);
    });
  return (
    <details class="group" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>@{group.name}</strong>
        <span class="group-description">{group.description}</span>
        <small>{t("groups.count", { count: group.members.length })}</small>
      </summary>
      {open && (
        <>
          {mine && (
            <About
              act={t("edit.save")}
              group={group}
              save={(name, description) => organization.updateGroup(group.id, { name, description })}
            />
          )}
          <Members group={group} mine={mine} />
          <Subgroups group={group} mine={mine} />
          {mine && <Rights group={group} />}
          <div class="form-buttons">
            <Membership group={group} />
            {mine && (
              <button type="button" class="button danger" onClick={remove}>
                {t("groups.remove")}
              </button>
            )}
          </div>
        </>
      )}
    </details>
  );
}

/** Those that are not used any more: they can come back. */
function Former() {
  const groups = formerGroups(realm.value.groups);
  if (groups.length === 0) return null;
  return (
    <section>
      <h3>{t("groups.former")}</h3>
      <ul class="people-list">
        {groups.map((one) => (
          <li key={one.id}>
            <span class="spacer-name">@{one.name}</span>
            <button
              type="button"
              class="button"
              aria-label={t("groups.reviveOf", { name: one.name })}
              onClick={() => void organization.updateGroup(one.id, { deactivated: false }).catch(signalError)}
            >
              {t("organization.reactivate")}
            </button>
          </li>
        ))}
      </ul>
    </section>
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
      {!isGuest.value && (
        <section>
          <h3>{t("groups.new")}</h3>
          <About
            act={t("groups.create")}
            save={(name, description) =>
              organization.createGroup(name, description, [me.peek()], firstRights(realm.peek().groups, me.peek()))
            }
          />
        </section>
      )}
      <Former />
    </div>
  );
}
