// What is to be known of the channel on the screen before one writes there.

import { currentStream } from "../app/route";
import { isSpectator } from "../app/spectator";
import { streams } from "../app/state";
import { Icon } from "../dom/ui";
import { t } from "../i18n";
import { mayAdminister } from "./access";
import { join, setArchived } from "./events";

export function ChannelNotice() {
  const id = currentStream.value;
  const stream = id === undefined ? undefined : streams.value.get(id);
  if (!stream || isSpectator || (stream.isSubscribed && !stream.isArchived)) return null;
  const revivable = stream.isArchived && mayAdminister(stream);
  return (
    <p class="notice-bar channel-notice">
      <Icon name={stream.isArchived ? "lock" : "eye"} />
      {t(stream.isArchived ? "stream.archivedHere" : "stream.notSubscribed")}
      {!stream.isArchived && (
        <button type="button" class="link-button" onClick={() => void join(stream)}>
          {t("stream.join")}
        </button>
      )}
      {revivable && (
        <button type="button" class="link-button" onClick={() => void setArchived(stream, false)}>
          {t("stream.revive")}
        </button>
      )}
    </p>
  );
}
