// The emoji picker: one's favourites, the groups of Unicode, the organisation's own, and a search over all names.

import { useEffect, useRef, useState } from "preact/hooks";
import { type Popover, popover } from "../app/overlays";
import { Icon } from "../dom/ui";
import { type Key, t } from "../i18n";
import { sideways } from "../keyboard/focus";
import { characters, type Emoji, emojiKey, frequent, ofGroup, search, TONES, toned } from "./data";
import { allEmoji, needEmoji, picks, rememberPick, setTone, tone } from "./events";
import { GROUPS, type Group } from "./groups";

const COLUMNS = 8;
const FAVOURITES = 40;
const FOUND = 96;

type Tab = "frequent" | "realm" | Group;

/** What stands on the tabs. */
const SIGNS: Record<Group, string> = {
  smileys: "1f642",
  people: "1f44b",
  animals: "1f43b",
  food: "1f34e",
  travel: "1f3e0",
  activities: "26bd",
  objects: "1f4a1",
  symbols: "1f523",
  flags: "1f3c1",
};

function emojiOf(tab: Tab): Emoji[] {
  if (tab === "frequent") return frequent(allEmoji.value, picks.value, FAVOURITES);
  if (tab === "realm") return allEmoji.value.filter((one) => one.type !== "unicode_emoji");
  return ofGroup(allEmoji.value, GROUPS[tab]);
}

function tabs(): Tab[] {
  const own = allEmoji.value.some((one) => one.type !== "unicode_emoji");
  return ["frequent", ...(own ? (["realm"] as const) : []), ...(Object.keys(GROUPS) as Group[])];
}

const tabLabel = (tab: Tab) => t(`emoji.group.${tab}` as Key);

function Tabs({ current, choose }: { current: Tab | undefined; choose(tab: Tab): void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = sideways(event.key);
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")];
    const next = all[(all.indexOf(document.activeElement as HTMLElement) + step + all.length) % all.length];
    next?.focus();
    next?.click();
  };
  return (
    <div class="emoji-tabs" role="tablist" tabIndex={-1} aria-label={t("emoji.groups")} onKeyDown={onKeyDown}>
      {tabs().map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          tabIndex={tab === (current ?? "frequent") ? 0 : -1}
          aria-selected={tab === current}
          aria-label={tabLabel(tab)}
          title={tabLabel(tab)}
          onClick={() => choose(tab)}
        >
          {tab === "frequent" && <Icon name="clock" />}
          {tab === "realm" && <Icon name="star" />}
          {tab in SIGNS && characters(SIGNS[tab as Group])}
        </button>
      ))}
    </div>
  );
}

/** A hand in each skin tone. */
function Tones() {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = sideways(event.key);
    if (step === undefined) return;
    event.preventDefault();
    const next = (tone.value + step + TONES.length) % TONES.length;
    setTone(next);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=radio]")[next]?.focus();
  };
  return (
    <div class="emoji-tones" role="radiogroup" tabIndex={-1} aria-label={t("emoji.tone")} onKeyDown={onKeyDown}>
      {TONES.map((one, i) => (
        // biome-ignore lint/a11y/useSemanticElements: a row of pictures of which one is pressed
        <button
          key={one}
          type="button"
          role="radio"
          tabIndex={i === tone.value ? 0 : -1}
          aria-checked={i === tone.value}
          aria-label={t(`emoji.tone.${i}` as Key)}
          title={t(`emoji.tone.${i}` as Key)}
          onClick={() => setTone(i)}
        >
          {`\u{270b}${one}`}
        </button>
      ))}
    </div>
  );
}

export default function EmojiPicker({ choose, tones }: Extract<Popover, { kind: "emoji" }>) {
  const [query, setQuery] = useState("");
  const [tab, setTab] = useState<Tab>("frequent");
  const [active, setActive] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => void needEmoji(), []);
  const found = query === "" ? emojiOf(tab) : search(allEmoji.value, query, FOUND);
  const pick = (index: number) => {
    const one = found[index];
    if (!one) return;
    popover.value = undefined;
    rememberPick(one);
    choose(one);
  };
  const latest = useRef(pick);
  latest.current = pick;
  const move = (to: number) => {
    const next = Math.max(0, Math.min(found.length - 1, to));
    setActive(next);
    grid.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = sideways(event.key) ?? { ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    // Sideways belongs to the text while there is some.
    if (step !== undefined && !(query !== "" && Math.abs(step) === 1 && active === 0)) move(active + step);
    // Not before the names are there: what is meant may not be among the few that are built in.
    else if (event.key === "Enter") void needEmoji().then(() => latest.current(active));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const show = (next: Tab) => {
    setTab(next);
    setQuery("");
    setActive(0);
    grid.current?.scrollTo(0, 0);
  };
  const current = found[active];
  return (
    <div class="emoji-picker">
      <input
        type="search"
        aria-controls="emoji-grid"
        aria-activedescendant={current ? `emoji-${active}` : undefined}
        aria-label={t("emoji.search")}
        placeholder={t("emoji.search")}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Tabs current={query === "" ? tab : undefined} choose={show} />
      <div
        ref={grid}
        id="emoji-grid"
        class="emoji-grid"
        role="listbox"
        tabIndex={-1}
        aria-label={query === "" ? tabLabel(tab) : t("emoji.list")}
      >
        {found.map((one, i) => (
          <button
            key={emojiKey(one)}
            id={`emoji-${i}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            aria-label={one.name.replaceAll("_", " ")}
            title={`:${one.name}:`}
            onClick={() => pick(i)}
          >
            {one.url ? (
              <img class="emoji" src={one.url} alt="" loading="lazy" />
            ) : (
              (tones && toned(one.code, TONES[tone.value] ?? "")) || characters(one.code)
            )}
          </button>
        ))}
      </div>
      <div class="emoji-foot">
        <p class="emoji-name" aria-live="polite">
          {current ? `:${current.name}:` : t("emoji.none")}
        </p>
        {tones && <Tones />}
      </div>
    </div>
  );
}
