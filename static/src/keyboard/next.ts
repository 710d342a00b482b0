// Which unread conversation comes next.

import type { StreamId } from "../api/types";
import { type Place, placeKey } from "../messages/model";
import type { PlaceCount } from "../unread/data";

/** Where one is: in a conversation, or only in a channel. */
export interface Here {
  place: Place | undefined;
  stream: StreamId | undefined;
}

/** The one after where one is, by channel and then by age, around the end to the start; never where one is already. */
export function nextUnread(
  unread: Iterable<PlaceCount>,
  rankOf: (id: StreamId) => number,
  here: Here,
): Place | undefined {
  const rank = ({ place }: PlaceCount) => (place.kind === "stream" ? rankOf(place.streamId) : 0);
  const sorted = [...unread].sort((a, b) => rank(a) - rank(b) || a.oldest - b.oldest);
  const key = here.place && placeKey(here.place);
  const isHere = (one: PlaceCount) => placeKey(one.place) === key;
  const from = here.stream === undefined ? 0 : rankOf(here.stream);
  const at = sorted.findIndex(isHere);
  const start = at < 0 ? sorted.findIndex((one) => rank(one) >= from) : at;
  const turned = start < 0 ? sorted : [...sorted.slice(start), ...sorted.slice(0, start)];
  return turned.find((one) => !isHere(one))?.place;
}
