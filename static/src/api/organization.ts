// The calls about channels, people and the organisation.

import { request } from "./client";
import type { ApiChannelFolder, ApiUserStatus, GroupSetting, MessageId, StreamId, UserId } from "./types";

export interface StreamChanges {
  new_name?: string;
  description?: string;
  is_private?: boolean;
  is_web_public?: boolean;
  history_public_to_subscribers?: boolean;
  is_archived?: boolean;
  is_default_stream?: boolean;
  /** `null` takes it out of its folder. */
  folder_id?: number | null;
  topics_policy?: string;
  /** Rights: the group that has it, and the one that had it. */
  [right: `can_${string}`]: { new: number; old: unknown };
}

export const updateStream = (id: StreamId, changes: StreamChanges) =>
  request("PATCH", `/streams/${id}`, { ...changes });
export const getStream = (id: StreamId) => request<{ stream: Record<string, unknown> }>("GET", `/streams/${id}`);
export const archiveStream = (id: StreamId) => request("DELETE", `/streams/${id}`);
export const getSubscribers = (id: StreamId) => request<{ subscribers: UserId[] }>("GET", `/streams/${id}/members`);
export const deleteTopic = (id: StreamId, topic: string) =>
  request<{ complete: boolean }>("POST", `/streams/${id}/delete_topic`, { topic_name: topic });

export const addSubscribers = (stream: string, principals: UserId[]) =>
  request("POST", "/users/me/subscriptions", { subscriptions: [{ name: stream }], principals });
export const removeSubscribers = (stream: string, principals: UserId[]) =>
  request("DELETE", "/users/me/subscriptions", { subscriptions: [stream], principals });

export const setStatus = (status: ApiUserStatus) => request("POST", "/users/me/status", { ...status });
export const muteUser = (id: UserId) => request("POST", `/users/me/muted_users/${id}`);
export const unmuteUser = (id: UserId) => request("DELETE", `/users/me/muted_users/${id}`);

export interface UserChanges {
  full_name?: string;
  role?: number;
  /** An empty value takes the answer away. */
  profile_data?: { id: number; value: string | UserId[] }[];
}

export const updateUser = (id: UserId, changes: UserChanges) => request("PATCH", `/users/${id}`, { ...changes });
export const deactivateUser = (id: UserId) => request("DELETE", `/users/${id}`);
export const reactivateUser = (id: UserId) => request("POST", `/users/${id}/reactivate`);

export const updateRealm = (changes: Record<string, unknown>) => request("PATCH", "/realm", changes);

export interface GroupChanges {
  name?: string;
  description?: string;
  deactivated?: boolean;
  /** Rights: the group that has it, and the one that had it. */
  [right: `can_${string}`]: { new: number; old: unknown };
}

export const createGroup = (
  name: string,
  description: string,
  members: UserId[],
  rights: Readonly<Record<string, GroupSetting>>,
) => request<{ group_id?: number }>("POST", "/user_groups/create", { name, description, members, ...rights });
export const updateGroup = (id: number, changes: GroupChanges) =>
  request("PATCH", `/user_groups/${id}`, { ...changes });
export const updateSubgroups = (id: number, changes: { add?: number[]; delete?: number[] }) =>
  request("POST", `/user_groups/${id}/subgroups`, { ...changes });
export const updateGroupMembers = (id: number, changes: { add?: UserId[]; delete?: UserId[] }) =>
  request("POST", `/user_groups/${id}/members`, { ...changes });
export const deactivateGroup = (id: number) => request("POST", `/user_groups/${id}/deactivate`);

export const addEmoji = (name: string, file: File) => {
  const form = new FormData();
  form.set("filename", file, file.name);
  return request("POST", `/realm/emoji/${encodeURIComponent(name)}`, form);
};
export const removeEmoji = (name: string) => request("DELETE", `/realm/emoji/${encodeURIComponent(name)}`);

export const setProfile = (id: number, value: string | UserId[]) =>
  request("PATCH", "/users/me/profile_data", { data: [{ id, value }] });
export const clearProfile = (ids: number[]) => request("DELETE", "/users/me/profile_data", { data: ids });

export const addAlertWords = (words: string[]) =>
  request<{ alert_words: string[] }>("POST", "/users/me/alert_words", { alert_words: words });
export const removeAlertWords = (words: string[]) =>
  request<{ alert_words: string[] }>("DELETE", "/users/me/alert_words", { alert_words: words });

export const uploadAvatar = (file: File) => {
  const form = new FormData();
  form.set("file", file, file.name);
  return request<{ avatar_url: string }>("POST", "/users/me/avatar", form);
};

export const markRead = (ids: MessageId[], op: "add" | "remove") =>
  request("POST", "/messages/flags", { messages: ids, op, flag: "read" });

export interface FieldChanges {
  name?: string;
  hint?: string;
  field_data?: Record<string, unknown>;
  display_in_profile_summary?: boolean;
  required?: boolean;
  editable_by_user?: boolean;
}

export const addProfileField = (field: FieldChanges & { field_type: number }) =>
  request("POST", "/realm/profile_fields", { ...field });
export const updateProfileField = (id: number, changes: FieldChanges) =>
  request("PATCH", `/realm/profile_fields/${id}`, { ...changes });
export const orderProfileFields = (order: number[]) => request("PATCH", "/realm/profile_fields", { order });
export const removeProfileField = (id: number) => request("DELETE", `/realm/profile_fields/${id}`);

export interface Linkifier {
  id: number;
  pattern: string;
  url_template: string;
}

export const getLinkifiers = () => request<{ linkifiers: Linkifier[] }>("GET", "/realm/linkifiers");
export const addLinkifier = (pattern: string, url_template: string) =>
  request("POST", "/realm/filters", { pattern, url_template });
export const updateLinkifier = (id: number, pattern: string, url_template: string) =>
  request("PATCH", `/realm/filters/${id}`, { pattern, url_template });
export const orderLinkifiers = (ordered_linkifier_ids: number[]) =>
  request("PATCH", "/realm/linkifiers", { ordered_linkifier_ids });
export const removeLinkifier = (id: number) => request("DELETE", `/realm/filters/${id}`);

export const addPlayground = (name: string, pygments_language: string, url_template: string) =>
  request("POST", "/realm/playgrounds", { name, pygments_language, url_template });
export const removePlayground = (id: number) => request("DELETE", `/realm/playgrounds/${id}`);

export const updateDefaults = (changes: Record<string, unknown>) =>
  request("PATCH", "/realm/user_settings_defaults", changes);

export interface Invite {
  id: number;
  invited_as: number;
  invited_by_user_id: UserId;
  /** In seconds; `null` is never. */
  expiry_date: number | null;
  is_multiuse: boolean;
  /** Of an invitation by mail. */
  email?: string;
  /** Of a link for everybody. */
  link_url?: string;
}

export interface InviteTerms {
  invite_as: number;
  /** `null` is for ever. */
  invite_expires_in_minutes: number | null;
}

/** Who comes is subscribed to what everybody new is. */
const USUAL = { stream_ids: [], include_realm_default_subscriptions: true };

export const getInvites = () => request<{ invites: Invite[] }>("GET", "/invites");
export const sendInvites = (invitee_emails: string, terms: InviteTerms) =>
  request("POST", "/invites", { invitee_emails, ...terms, ...USUAL });
export const createInviteLink = (terms: InviteTerms) =>
  request<{ invite_link: string }>("POST", "/invites/multiuse", { ...terms, ...USUAL });
export const resendInvite = (id: number) => request("POST", `/invites/${id}/resend`);
export const revokeInvite = ({ id, is_multiuse }: Invite) =>
  request("DELETE", is_multiuse ? `/invites/multiuse/${id}` : `/invites/${id}`);

export interface FolderChanges {
  name?: string;
  description?: string;
  is_archived?: boolean;
}

export const addFolder = (name: string, description: string) =>
  request("POST", "/channel_folders/create", { name, description });
export const updateFolder = (id: number, changes: FolderChanges) =>
  request("PATCH", `/channel_folders/${id}`, { ...changes });
export const getFolders = (include_archived: boolean) =>
  request<{ channel_folders: ApiChannelFolder[] }>("GET", "/channel_folders", { include_archived });
export const orderFolders = (order: number[]) => request("PATCH", "/channel_folders", { order });

export interface Domain {
  domain: string;
  allow_subdomains: boolean;
}

export const getDomains = () => request<{ domains: Domain[] }>("GET", "/realm/domains");
export const addDomain = (domain: string) => request("POST", "/realm/domains", { domain });
export const updateDomain = (domain: string, allow_subdomains: boolean) =>
  request("PATCH", `/realm/domains/${encodeURIComponent(domain)}`, { allow_subdomains });
export const removeDomain = (domain: string) => request("DELETE", `/realm/domains/${encodeURIComponent(domain)}`);

/** Pictures of the organisation: what stands for it, and its logo on light and dark pages. */
export type RealmPicture = "icon" | "logo" | "nightLogo";

const pictureOf = (which: RealmPicture) =>
  which === "icon" ? (["/realm/icon", {}] as const) : (["/realm/logo", { night: which === "nightLogo" }] as const);

export function uploadPicture(which: RealmPicture, file: File) {
  const [path, params] = pictureOf(which);
  const form = new FormData();
  form.set("file", file, file.name);
  for (const [name, value] of Object.entries(params)) form.set(name, JSON.stringify(value));
  return request("POST", path, form);
}
export function removePicture(which: RealmPicture) {
  const [path, params] = pictureOf(which);
  return request("DELETE", path, { ...params });
}

export const deactivateRealm = () => request("POST", "/realm/deactivate");

export const getStreamAddress = (id: StreamId) => request<{ email: string }>("GET", `/streams/${id}/email_address`);
