// Who may do what, chosen from groups.

import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { realm } from "../app/state";
import { t } from "../i18n";
import { holders, RIGHTS, type Right, systemGroup } from "./rights";

function Holder({ right }: { right: Right }) {
  const { groups, rights, decided } = realm.value;
  const requirement = rights[right];
  if (!requirement) return null;
  const current = decided[right];
  const set = (id: number) =>
    organization.updateRealm({ [right]: { new: id, old: current } }).catch((error: unknown) => {
      // Drawn anew, as it still is.
      realm.value = { ...realm.peek() };
      signalError(error);
    });
  return (
    <label>
      {t(`right.${right}`)}
      <select
        value={typeof current === "number" ? String(current) : ""}
        onChange={(event) => void set(Number(event.currentTarget.value))}
      >
        {typeof current !== "number" && (
          <option value="" disabled>
            {t("group.chosen")}
          </option>
        )}
        {holders(requirement, groups).map((one) => {
          const name = systemGroup(one);
          return (
            <option key={one.id} value={String(one.id)}>
              {name ? t(name) : one.name}
            </option>
          );
        })}
      </select>
    </label>
  );
}

export function Permissions() {
  return (
    <div class="form rights">
      {RIGHTS.map((right) => (
        <Holder key={right} right={right} />
      ))}
    </div>
  );
}
