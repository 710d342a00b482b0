// The groups of people that can be mentioned and given rights.

import type { ServerEvent } from "../api/events";
import type { ApiUserGroup, GroupSetting, UserId } from "../api/types";

export type Groups = readonly ApiUserGroup[];

/** Whether a person is in a group, or in one of the groups within it. */
function isMember(groups: Groups, id: number, user: UserId): boolean {
  const seen = new Set<number>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const group = groups.find((one) => one.id === next);
    if (!group || seen.has(group.id)) continue;
    if (group.members.includes(user)) return true;
    seen.add(group.id);
    open.push(...(group.direct_subgroup_ids ?? []));
  }
  return false;
}

/** Whether a right that `holder` has is a person's. */
export function holds(groups: Groups, holder: GroupSetting | undefined, user: UserId): boolean {
  if (holder === undefined) return false;
  if (typeof holder === "number") return isMember(groups, holder, user);
  return holder.direct_members.includes(user) || holder.direct_subgroups.some((id) => isMember(groups, id, user));
}

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
    case "add_subgroups":
      return change(groups, event.group_id, ({ direct_subgroup_ids = [] }) => ({
        direct_subgroup_ids: [...new Set([...direct_subgroup_ids, ...event.direct_subgroup_ids])],
      }));
    case "remove_subgroups":
      return change(groups, event.group_id, ({ direct_subgroup_ids = [] }) => ({
        direct_subgroup_ids: direct_subgroup_ids.filter((id) => !event.direct_subgroup_ids.includes(id)),
      }));
    case "remove":
      return groups.filter((one) => one.id !== event.group_id);
  }
}
