// Who may do what with a channel, besides administrators of the organisation.

import { isAdmin, me, realm } from "../app/state";
import { holds } from "../groups/data";
import type { Stream } from "./data";

/** Whether one may change a channel: its name, its rights, who may read it. */
export function mayAdminister(stream: Stream): boolean {
  return isAdmin.value || holds(realm.value.groups, stream.administrators, me.value);
}

/** Whether one may take others out of a channel. */
export function mayRemoveFrom(stream: Stream): boolean {
  return mayAdminister(stream) || holds(realm.value.groups, stream.removers, me.value);
}
