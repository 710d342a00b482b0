// Browsing, joining, leaving and creating streams.

import { signal } from "@preact/signals";
import { overlay } from "../app/overlays";
import { hashFor } from "../app/route";
import { isSpectator } from "../app/spectator";
import { isGuest, streams } from "../app/state";
import { rank } from "../compose/data";
import { Empty, FilterField, Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import { moveFocus } from "../keyboard/focus";
import { narrowToStream } from "../narrow/data";
import { byName, type Stream } from "./data";
import { join, leave } from "./events";
import { FILTERS, filter } from "./filter";
import { StreamIcon } from "./icon";

const query = signal("");
const SHOWS: Record<(typeof FILTERS)[number], (stream: Stream) => boolean> = {
  all: (one) => !one.isArchived,
  mine: (one) => one.isSubscribed && !one.isArchived,
  others: (one) => !one.isSubscribed && !one.isArchived,
  archived: (one) => one.isArchived,
};

function StreamCard({ stream }: { stream: Stream }) {
  const toggle = () => void (stream.isSubscribed ? leave(stream) : join(stream));
  return (
    <li class="stream-card">
      <StreamIcon stream={stream} />
      <a class="stream-card-text" href={hashFor(narrowToStream(stream.id))} data-focus-row data-act="view">
        <strong class="clip">{stream.name}</strong>
        <span class="clip">{stream.description}</span>
      </a>
      {stream.subscriberCount > 0 && <small>{t("stream.members", { count: stream.subscriberCount })}</small>}
      {!isSpectator && (
        <>
          <IconButton
            icon="gear"
            label={t("stream.settingsOf", { name: stream.name })}
            onClick={() => {
              overlay.value = { kind: "stream", id: stream.id };
            }}
          />
          <button
            type="button"
            data-act="toggle"
            class={`button ${stream.isSubscribed ? "" : "primary"}`}
            onClick={toggle}
          >
            {stream.isSubscribed ? t("stream.leave") : t("stream.join")}
          </button>
        </>
      )}
    </li>
  );
}

export function StreamsView() {
  const all = [...streams.value.values()].filter(SHOWS[filter.value]).sort(byName);
  const found = rank(all, (one) => one.name, query.value, 500);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside
    <div class="page streams" onKeyDown={moveFocus}>
      <div class="chips">
        <FilterField
          label={t("streams.filter")}
          value={query.value}
          onChange={(value) => {
            query.value = value;
          }}
        />
        {FILTERS.map((one) => (
          <button
            key={one}
            type="button"
            class="chip"
            aria-pressed={filter.value === one}
            onClick={() => {
              filter.value = one;
            }}
          >
            {t(`streams.show.${one}`)}
          </button>
        ))}
        {!isGuest.value && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              overlay.value = { kind: "new-stream" };
            }}
          >
            <Icon name="plus" />
            {t("stream.create")}
          </button>
        )}
      </div>
      {found.length === 0 && (
        <Empty icon="hash" title={query.value === "" ? t(`streams.none.${filter.value}`) : t("filter.none")} />
      )}
      <ul>
        {found.map((one) => (
          <StreamCard key={one.id} stream={one} />
        ))}
      </ul>
    </div>
  );
}
