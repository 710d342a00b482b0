// The groups of people that can be mentioned and given rights.

import type { ServerEvent } from "../api/events";
import type { ApiUserGroup } from "../api/types";

export type Groups = readonly ApiUserGroup[];

/** Those that people made, by name. */
export function ownGroups(groups: Groups): ApiUserGroup[] {
  return groups.filter((one) => !one.is_system_group).sort((a, b) => a.name.localeCompare(b.name));
}

function change(groups: Groups, id: number, to: (group: ApiUserGroup) => Partial<ApiUserGroup>): Groups {
  return groups.map((one) => (one.id === id ? { ...one, ...to(one) } : one));
}

/** Deactivated groups are forgotten: nothing here may be done with them. */
export function applyGroups(groups: Groups, event: Extract<ServerEvent, { type: "user_group" }>): Groups {
  switch (event.op) {
    case "add":
      return [...groups.filter((one) => one.id !== event.group.id), event.group];
    case "update":
      if (event.data.deactivated) return groups.filter((one) => one.id !== event.group_id);
      return change(groups, event.group_id, () => event.data);
    case "add_members":
      return change(groups, event.group_id, ({ members }) => ({
        members: [...new Set([...members, ...event.user_ids])],
      }));
    case "remove_members":
      return change(groups, event.group_id, ({ members }) => ({
        members: members.filter((id) => !event.user_ids.includes(id)),
      }));
    case "remove":
      return groups.filter((one) => one.id !== event.group_id);
    default:
      return groups;
  }
}
