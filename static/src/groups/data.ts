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

const byName = (a: ApiUserGroup, b: ApiUserGroup) => a.name.localeCompare(b.name);

/** Those that people made and use, by name. */
export function ownGroups(groups: Groups): ApiUserGroup[] {
  return groups.filter((one) => !one.is_system_group && !one.deactivated).sort(byName);
}

/** Those that were taken out of use, by name. */
export function formerGroups(groups: Groups): ApiUserGroup[] {
  return groups.filter((one) => one.deactivated).sort(byName);
}

/** The groups that may be put into another: not itself, none that holds it already, none that is in it. */
export function possibleSubgroups(groups: Groups, into: ApiUserGroup): ApiUserGroup[] {
  const inside = (id: number): number[] => {
    const found = new Set([id]);
    for (const one of found) {
      const group = groups.find((other) => other.id === one);
      for (const next of group?.direct_subgroup_ids ?? []) found.add(next);
    }
    return [...found];
  };
  const taken = new Set(into.direct_subgroup_ids ?? []);
  return groups.filter((one) => !one.deactivated && !taken.has(one.id) && !inside(one.id).includes(into.id));
}

/** Whether one may change a group: who manages it, or all groups. */
export function mayManage(
  groups: Groups,
  group: ApiUserGroup,
  manageAll: GroupSetting | undefined,
  me: UserId,
): boolean {
  return holds(groups, group.can_manage_group, me) || holds(groups, manageAll, me);
}

/** What is decided of a group when it is made: who makes it keeps it, everyone may mention and leave it. */
export function firstRights(groups: Groups, maker: UserId): Record<string, GroupSetting> {
  const system = (name: string) => groups.find((one) => one.is_system_group && one.name === `role:${name}`)?.id;
  const makers = { direct_members: [maker], direct_subgroups: [] };
  const [nobody, everyone] = [system("nobody"), system("everyone")];
  return {
    can_manage_group: makers,
    can_add_members_group: makers,
    can_remove_members_group: makers,
    ...(nobody !== undefined && { can_join_group: nobody }),
    ...(everyone !== undefined && { can_leave_group: everyone, can_mention_group: everyone }),
  };
}

function change(groups: Groups, id: number, to: (group: ApiUserGroup) => Partial<ApiUserGroup>): Groups {
  return groups.map((one) => (one.id === id ? { ...one, ...to(one) } : one));
}

export function applyGroups(groups: Groups, event: Extract<ServerEvent, { type: "user_group" }>): Groups {
  switch (event.op) {
    case "add":
      return [...groups.filter((one) => one.id !== event.group.id), event.group];
    case "update":
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
