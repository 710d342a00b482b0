// Who may do what: the rights that groups hold, and which groups may hold each.

import type { ApiUserGroup } from "../api/types";
import { type Key, t } from "../i18n";

/** Which groups the server takes for a right. */
export interface Requirement {
  require_system_group: boolean;
  allow_internet_group: boolean;
  allow_nobody_group: boolean;
  allow_owners_group?: boolean;
  allow_everyone_group: boolean;
  allowed_system_groups: readonly string[];
}

/** The rights, in the order in which they are shown. */
export const RIGHTS = [
  "can_create_public_channel_group",
  "can_create_private_channel_group",
  "can_create_web_public_channel_group",
  "can_add_subscribers_group",
  "can_invite_users_group",
  "create_multiuse_invite_group",
  "can_create_groups",
  "can_manage_all_groups",
  "can_add_custom_emoji_group",
  "can_create_bots_group",
  "can_mention_many_users_group",
  "can_move_messages_between_topics_group",
  "can_move_messages_between_channels_group",
  "can_resolve_topics_group",
  "can_delete_own_message_group",
  "can_delete_any_message_group",
  "direct_message_initiator_group",
  "direct_message_permission_group",
  "can_access_all_users_group",
] as const;
export type Right = (typeof RIGHTS)[number];

const LIMITED: Record<string, keyof Requirement> = {
  "role:internet": "allow_internet_group",
  "role:nobody": "allow_nobody_group",
  "role:owners": "allow_owners_group",
  "role:everyone": "allow_everyone_group",
};

/** The groups that may hold a right: those of the system by size, then those that people made. */
export function holders(requirement: Requirement, groups: readonly ApiUserGroup[]): ApiUserGroup[] {
  const { allowed_system_groups: listed, require_system_group } = requirement;
  const fits = (group: ApiUserGroup): boolean => {
    if (group.deactivated) return false;
    if (!group.is_system_group) return !require_system_group;
    if (listed.length > 0) return listed.includes(group.name);
    const limit = LIMITED[group.name];
    // Owners are the fewest people there are: a right that nobody may hold may be theirs.
    if (group.name === "role:owners" && requirement.allow_nobody_group) return true;
    return limit === undefined || requirement[limit] === true;
  };
  const size = (group: ApiUserGroup) => (group.is_system_group ? group.id : Number.MAX_SAFE_INTEGER);
  return groups.filter(fits).sort((a, b) => size(a) - size(b) || a.name.localeCompare(b.name));
}

/** What a group is called, whoever made it. */
export function groupName(group: ApiUserGroup): string {
  const name = systemGroup(group);
  return name ? t(name) : group.name;
}

/** What a group of the system is called; one that people made has its own name. */
export function systemGroup(group: ApiUserGroup): Key | undefined {
  return group.is_system_group ? (`group.${group.name.replace("role:", "")}` as Key) : undefined;
}
