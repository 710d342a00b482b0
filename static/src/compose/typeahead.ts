// The choices for what is being written at the caret.

import { people, realm, settings, streams, topics } from "../app/state";
import { characters, search as searchEmoji } from "../emoji/data";
import { allEmoji, needEmoji } from "../emoji/events";
import { ownGroups } from "../groups/data";
import { language, t } from "../i18n";
import type { Place } from "../messages/model";
import { peopleByName } from "../people/names";
import { isoLocal, parseTime, timeLabel, usualTimes } from "../schedule/data";
import { byName, streamByName } from "../streams/data";
import { COMMANDS, emojiText, mentionOf, rank, streamMention, topicMention, triggerAt } from "./data";

export interface Choice {
  key: string;
  label: string;
  detail?: string;
  glyph?: string;
  image?: string;
  color?: string;
  /** What takes the place of the text from `from` to the caret. */
  text: string;
}

export interface Choices {
  from: number;
  items: Choice[];
}

const LIMIT = 8;
const LANGUAGES =
  "bash c c++ c# clojure console css diff dockerfile elixir erlang go graphql haskell html java javascript json kotlin latex lua make markdown math nginx nix ocaml perl php powershell python quote r ruby rust scala scss shell spoiler sql swift text toml typescript vim xml yaml zig".split(
    " ",
  );

function peopleChoices(query: string, silent: boolean, place: Place | undefined): Choice[] {
  const near = new Set(place?.kind === "dm" ? place.ids : []);
  const all = [...peopleByName.value].sort(
    (a, b) => Number(near.has(b.id)) - Number(near.has(a.id)) || Number(a.isBot) - Number(b.isBot),
  );
  const wildcards = silent || query === "" ? [] : ["all", "everyone", "channel", "topic"];
  const mark = silent ? "_" : "";
  const groups = ownGroups(realm.value.groups);
  return [
    ...rank(all, (one) => one.name, query, LIMIT).map((one) => ({
      key: `u${one.id}`,
      label: one.name,
      detail: people.value.status.get(one.id)?.status_text ?? one.email,
      text: mentionOf(one, all, silent),
    })),
    ...rank(groups, (one) => one.name, query, 3).map((one) => ({
      key: `g${one.id}`,
      label: one.name,
      detail: t("typeahead.group", { count: one.members.length }),
      text: `@${mark}*${one.name}* `,
    })),
    ...rank(wildcards, (one) => one, query, 2).map((one) => ({
      key: `w${one}`,
      label: one,
      detail: t("typeahead.wildcard"),
      text: `@**${one}** `,
    })),
  ].slice(0, LIMIT);
}

function commands(query: string): Choice[] {
  const all = [
    ["me", t("command.me"), "/me "],
    ["poll", t("command.poll"), "/poll "],
    ["todo", t("command.todo"), "/todo "],
    // Written out there is nothing to complete: Enter does it.
    ...COMMANDS.filter((name) => name !== query).map((name) => [name, t(`command.${name}`), `/${name}`] as const),
  ] as const;
  return rank(all, ([name]) => name, query, LIMIT).map(([name, detail, text]) => ({
    key: name,
    label: `/${name}`,
    detail,
    text,
  }));
}

/** Times as people write them, or the usual ones. */
function times(query: string): Choice[] {
  const moment = new Date();
  const typed = parseTime(query, moment, language.value);
  const dates = typed ? [typed] : query.trim() === "" ? [moment, ...usualTimes(moment)] : [];
  return dates.map((date) => ({
    key: isoLocal(date),
    label: timeLabel(date, language.value, settings.value.twenty_four_hour_time),
    text: `<time:${isoLocal(date)}> `,
  }));
}

/** The choices at the caret, or nothing. `place` is where the message goes to. */
export function choicesAt(before: string, place: Place | undefined): Choices | undefined {
  const trigger = triggerAt(before);
  if (!trigger) return undefined;
  const { from, query } = trigger;
  const found = (items: Choice[]) => (items.length > 0 ? { from, items } : undefined);
  switch (trigger.kind) {
    case "person":
      return found(peopleChoices(query, trigger.silent, place));
    case "stream": {
      const all = [...streams.value.values()].sort(
        (a, b) => Number(b.isSubscribed) - Number(a.isSubscribed) || byName(a, b),
      );
      return found(
        rank(all, (one) => one.name, query, LIMIT).map((one) => ({
          key: String(one.id),
          label: one.name,
          detail: one.description,
          color: one.color,
          glyph: "#",
          text: streamMention(one),
        })),
      );
    }
    case "topic": {
      const stream = streamByName(streams.value, trigger.stream);
      const list = stream ? (topics.value.lists.get(stream.id) ?? []) : [];
      return found(
        rank(list, (one) => one.name, query, LIMIT).map((one) => ({
          key: one.name,
          label: one.name,
          text: topicMention(trigger.stream, one.name),
        })),
      );
    }
    case "emoji":
      void needEmoji();
      return found(
        searchEmoji(allEmoji.value, query, LIMIT).map((one) => ({
          key: one.name + one.code,
          label: `:${one.name}:`,
          ...(one.url ? { image: one.url } : { glyph: characters(one.code) }),
          text: emojiText(one),
        })),
      );
    case "language":
      return found(rank(LANGUAGES, (one) => one, query, LIMIT).map((one) => ({ key: one, label: one, text: one })));
    case "time":
      return found(times(query));
    case "command":
      return found(commands(query));
  }
}
