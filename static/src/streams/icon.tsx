// The sign of a channel, in its colour: who can see it at a glance.

import type { IconName } from "../dom/html";
import { Icon } from "../dom/ui";

interface Seen {
  isPrivate: boolean;
  isWebPublic: boolean;
}

export function streamIcon(stream: Seen | undefined): IconName {
  if (stream?.isPrivate) return "lock";
  return stream?.isWebPublic ? "globe" : "hash";
}

export function StreamIcon({ stream }: { stream: Seen & { color: string } }) {
  return (
    <span class="stream-icon" style={{ "--stream": stream.color }}>
      <Icon name={streamIcon(stream)} />
    </span>
  );
}
