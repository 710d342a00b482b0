// Everybody by name: what lists and suggestions of people begin with.

import { computed } from "@preact/signals";
import { people } from "../app/state";
import type { Person } from "./data";

const collator = new Intl.Collator();

/** Those who are here still, in alphabetical order. Sorted once, not for each key that is typed. */
export const peopleByName = computed((): readonly Person[] =>
  [...people.value.byId.values()].filter((one) => one.isActive).sort((a, b) => collator.compare(a.name, b.name)),
);
