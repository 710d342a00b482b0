// Who may do what, chosen from groups.

import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { realm } from "../app/state";
import { t } from "../i18n";
import { groupName, holders, type Requirement, RIGHTS } from "./rights";

interface HolderProps {
  label: string;
  requirement: Requirement;
  /** The group's id; anything else names people one by one. */
  current: unknown;
  /** Says in words of the API who is to have it instead of whom. */
  change(to: { new: number; old: unknown }): void;
}

/** Chooses the group that has a right. */
export function Holder({ label, requirement, current, change }: HolderProps) {
  return (
    <label>
      {label}
      <select
        value={typeof current === "number" ? String(current) : ""}
        onChange={(event) => change({ new: Number(event.currentTarget.value), old: current })}
      >
        {typeof current !== "number" && (
          <option value="" disabled>
            {t("group.chosen")}
          </option>
        )}
        {holders(requirement, realm.value.groups).map((one) => (
          <option key={one.id} value={String(one.id)}>
            {groupName(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Permissions() {
  const { rights, decided } = realm.value;
  return (
    <div class="form rights">
      {RIGHTS.map((right) => {
        const requirement = rights[right];
        if (!requirement) return null;
        const change = (to: { new: number; old: unknown }) => {
          organization.updateRealm({ [right]: to }).catch((error: unknown) => {
            // Drawn anew, as it still is.
            realm.value = { ...realm.peek() };
            signalError(error);
          });
        };
        return (
          <Holder
            key={right}
            label={t(`right.${right}`)}
            requirement={requirement}
            current={decided[right]}
            change={change}
          />
        );
      })}
    </div>
  );
}
