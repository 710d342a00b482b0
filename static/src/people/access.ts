// Who may change whom.

import { isAdmin, me, myRole } from "../app/state";
import { type Person, ROLE } from "./data";
import { ROLES } from "./words";

/** Whether the reader may change somebody: owners are left to owners, and bots to their own page. */
export function mayManage(person: Person): boolean {
  const others = !person.isBot && person.id !== me.value;
  return isAdmin.value && others && (person.role !== ROLE.owner || myRole.value === ROLE.owner);
}

/** The roles that the reader may give: only owners make owners. */
export function rolesFor(person: Person): readonly number[] {
  const isOwner = myRole.value === ROLE.owner;
  return ROLES.filter((role) => isOwner || role !== ROLE.owner || person.role === ROLE.owner);
}
