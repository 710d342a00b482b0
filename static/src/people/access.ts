// Who may change whom.

import { me, people, realm } from "../app/state";
import { type Person, ROLE } from "./data";
import { ROLES } from "./words";

/** Whether the reader may change somebody: owners are left to owners, and bots to their own page. */
export function mayManage(person: Person): boolean {
  const mine = people.value.byId.get(me.value)?.role ?? ROLE.guest;
  return (
    realm.value.isAdmin &&
    !person.isBot &&
    person.id !== me.value &&
    (person.role !== ROLE.owner || mine === ROLE.owner)
  );
}

/** The roles that the reader may give: only owners make owners. */
export function rolesFor(person: Person): readonly number[] {
  const isOwner = people.value.byId.get(me.value)?.role === ROLE.owner;
  return ROLES.filter((role) => isOwner || role !== ROLE.owner || person.role === ROLE.owner);
}
