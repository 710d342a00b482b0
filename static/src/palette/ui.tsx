// Ctrl+K: one list over streams, topics, people, views and commands.

import { useEffect, useState } from "preact/hooks";
import { type Overlay, overlay } from "../app/overlays";
import { go, names } from "../app/route";
import * as state from "../app/state";
import { rank } from "../compose/data";
import { Dialog } from "../dom/dialog";
import type { IconName } from "../dom/html";
import { Icon, Listbox } from "../dom/ui";
import { t } from "../i18n";
import { bindings } from "../keyboard/bindings";
import { runCommand } from "../keyboard/commands";
import { type Command, keyLabel, keysOf, SHORTCUTS } from "../keyboard/data";
import { loadRecent } from "../messages/events";
import { topicName } from "../messages/row";
import { peopleByName } from "../people/names";
import { parse } from "../search/data";
import { enterStream } from "../streams/entry";
import { streamIcon } from "../streams/icon";
import { topicKey } from "../topics/data";

interface Entry {
  key: string;
  icon: IconName;
  label: string;
  detail?: string;
  color?: string;
  run(): void;
}

const LIMIT = 12;

function views(): Entry[] {
  const list: [string, IconName, string][] = [
    ["#inbox", "inbox", t("view.inbox")],
    ["#recent", "clock", t("view.recent")],
    ["#feed", "feed", t("view.feed")],
    ["#narrow/is/mentioned", "at", t("view.mentions")],
    ["#narrow/has/reaction/sender/me", "smile", t("view.reactions")],
    ["#narrow/is/starred", "star", t("view.starred")],
    ["#narrow/is/dm", "people", t("nav.dms")],
    ["#drafts", "draft", t("view.drafts")],
    ["#streams", "hash", t("streams.browse")],
  ];
  return list.map(([href, icon, label]) => ({
    key: href,
    icon,
    label,
    detail: t("palette.view"),
    run: () => go(href),
  }));
}

function streamEntries(): Entry[] {
  return [...state.streams.value.values()]
    .filter((one) => !one.isArchived)
    .sort((a, b) => Number(b.isSubscribed) - Number(a.isSubscribed))
    .map((one) => ({
      key: `s${one.id}`,
      icon: streamIcon(one),
      label: one.name,
      detail: one.description,
      color: one.color,
      run: () => void enterStream(one),
    }));
}

/** Topics that are known here: those of lists that were fetched, of messages, and of what is unread. */
function topicEntries(): Entry[] {
  const listed = [...state.topics.value.lists].flatMap(([streamId, list]) =>
    list.map((one) => ({ kind: "stream" as const, streamId, topic: one.name })),
  );
  const unread = [...state.counts.value.places.values()].map((one) => one.place);
  const read = [...state.messages.value.byId.values()].map((one) => one.place);
  const entries = new Map<string, Entry>();
  for (const place of [...listed, ...unread, ...read]) {
    if (place.kind !== "stream") continue;
    const key = `t${topicKey(place.streamId, place.topic)}`;
    const stream = state.streams.value.get(place.streamId);
    if (!stream || entries.has(key)) continue;
    entries.set(key, {
      key,
      icon: streamIcon(stream),
      label: topicName(place.topic),
      detail: `#${stream.name}`,
      color: stream.color,
      run: () => go(place),
    });
  }
  return [...entries.values()];
}

function personEntries(): Entry[] {
  return peopleByName.value.map((one) => ({
    key: `u${one.id}`,
    icon: "people",
    label: one.name,
    detail: one.email,
    run: () => go({ kind: "dm", ids: [one.id] }),
  }));
}

function commandEntries(): Entry[] {
  return SHORTCUTS.filter((one) => "palette" in one).map((one) => ({
    key: `c${one.command}`,
    icon: "chevron",
    label: t(one.label),
    detail: keysOf(one, bindings.value).slice(0, 1).map(keyLabel).join(""),
    run: () => runCommand(one.command as Command),
  }));
}

function entries(query: string): Entry[] {
  if (query.trim() === "") return [...views(), ...streamEntries().slice(0, 6)];
  const all = [...views(), ...streamEntries(), ...personEntries(), ...topicEntries(), ...commandEntries()];
  const found = rank(all, (one) => one.label, query, LIMIT);
  const search = {
    key: "search",
    icon: "search" as const,
    label: t("palette.search", { query }),
    run: () => go(parse(query, names)),
  };
  return [...found, search];
}

export default function Palette({ start }: { start: Extract<Overlay, { kind: "palette" }> }) {
  const [query, setQuery] = useState(start.query);
  const [active, setActive] = useState(0);
  useEffect(() => void loadRecent(), []);
  const list = entries(query);
  const close = () => {
    overlay.value = undefined;
  };
  const run = (index: number) => {
    close();
    list[index]?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive((active + 1) % list.length);
    else if (event.key === "ArrowUp") setActive((active + list.length - 1) % list.length);
    else if (event.key === "Enter") run(active);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label={t("palette.label")} onClose={close} class="palette" bare>
      <input
        ref={(element) => element?.focus()}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-list-${active}`}
        aria-label={t("palette.label")}
        placeholder={t("palette.placeholder")}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Listbox
        class="palette-list"
        id="palette-list"
        label={t("palette.label")}
        items={list}
        active={active}
        keyOf={(one) => one.key}
        choose={run}
      >
        {(one) => (
          <>
            <span class={one.color ? "palette-icon stream-icon" : "palette-icon"} style={{ "--stream": one.color }}>
              <Icon name={one.icon} />
            </span>
            <span class="choice-label">{one.label}</span>
            {one.detail && <span class="choice-detail">{one.detail}</span>}
          </>
        )}
      </Listbox>
    </Dialog>
  );
}
