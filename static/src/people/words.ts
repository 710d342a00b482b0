// People in words.

import { language, t } from "../i18n";
import { type Person, ROLE } from "./data";

export const ROLES = Object.values(ROLE);

export function roleName(role: number): string {
  if (role === ROLE.owner) return t("role.owner");
  if (role === ROLE.admin) return t("role.admin");
  if (role === ROLE.moderator) return t("role.moderator");
  return role === ROLE.guest ? t("role.guest") : t("role.member");
}

/** What the clock says where a person is; nothing if that is not known. */
export function localTime(person: Person, now: number, twentyFour: boolean): string {
  if (!person.timezone) return "";
  try {
    return new Intl.DateTimeFormat(language.value, {
      timeZone: person.timezone,
      hour: "numeric",
      minute: "2-digit",
      hourCycle: twentyFour ? "h23" : "h12",
    }).format(now);
  } catch {
    // A zone that this browser does not know.
    return "";
  }
}
