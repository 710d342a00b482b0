// The card of a person, beside their name: who it is, whether they are here, and what one can do.

import * as organization from "../api/organization";
import { withUndo } from "../app/feedback";
import { leavePopover, type MenuItem, overlay } from "../app/overlays";
import { go } from "../app/route";
import * as state from "../app/state";
import { mentionOf } from "../compose/data";
import { compose, openCompose, setText } from "../compose/events";
import { Icon } from "../dom/ui";
import { characters } from "../emoji/data";
import { t } from "../i18n";
import { availability } from "../presence/data";
import { mayManage } from "./access";
import type { Person } from "./data";
import { Avatar } from "./ui";
import { localTime, roleName } from "./words";

function mention(person: Person): void {
  if (!compose.peek().open) openCompose(compose.peek().target);
  const { text } = compose.peek();
  const space = text === "" || /\s$/.test(text) ? "" : " ";
  setText(`${text}${space}${mentionOf(person, state.people.peek().byId.values(), false)}`);
  compose.value = { ...compose.peek(), focus: compose.peek().focus + 1 };
}

/** Muting hides what someone writes; it can be undone. */
export function setMuted(person: Person, muted: boolean): Promise<void> {
  const set = (to: boolean) => (to ? organization.muteUser : organization.unmuteUser)(person.id);
  const said = t(muted ? "person.mutedNow" : "person.unmutedNow", { name: person.name });
  return withUndo(
    () => set(muted),
    said,
    () => set(!muted),
  );
}

function acts(person: Person): MenuItem[] {
  const { id } = person;
  const me = id === state.me.value;
  const muted = state.people.value.muted.has(id);
  const list: MenuItem[] = [
    { label: me ? t("person.notes") : t("profile.dm"), icon: "send", run: () => go({ kind: "dm", ids: [id] }) },
    { label: t("profile.messages"), icon: "search", run: () => go([{ operator: "sender", ids: [id] }]) },
    {
      label: t("person.profile"),
      icon: "people",
      run: () => {
        overlay.value = { kind: "profile", id };
      },
    },
  ];
  if (me) {
    list.push({
      label: t("status.set"),
      icon: "smile",
      run: () => {
        overlay.value = { kind: "status" };
      },
    });
  } else {
    list.push({ label: t("person.mention"), icon: "at", run: () => mention(person) });
    list.push({
      label: muted ? t("person.unmute") : t("person.mute"),
      icon: "mute",
      run: () => void setMuted(person, !muted),
    });
  }
  if (mayManage(person)) {
    list.push({
      label: t("person.manage"),
      icon: "gear",
      run: () => {
        overlay.value = { kind: "manage-person", id };
      },
    });
  }
  return list;
}

export function StatusLine({ id }: { id: number }) {
  const status = state.people.value.status.get(id);
  if (!status?.status_text && !status?.emoji_code) return null;
  const glyph = status.reaction_type === "unicode_emoji" && status.emoji_code ? characters(status.emoji_code) : "";
  return (
    <p class="card-status">
      {glyph && (
        <span class="emoji" role="img" aria-label={status.emoji_name}>
          {glyph}
        </span>
      )}
      {status.status_text}
    </p>
  );
}

export function UserCard({ id }: { id: number }) {
  const person = state.people.value.byId.get(id);
  if (!person) return <p class="card">{t("person.unknown")}</p>;
  const how = availability(state.presence.value, id, state.now.value / 1000);
  const time = localTime(person, state.now.value, state.settings.value.twenty_four_hour_time);
  return (
    <div class="card">
      <div class="profile-head">
        <Avatar person={person} />
        <div>
          <h2>{person.name}</h2>
          <p>
            <span class={`presence ${how}`} aria-hidden="true" />{" "}
            {person.isActive ? t(`presence.${how}`) : t("person.deactivated")}
          </p>
        </div>
      </div>
      <StatusLine id={id} />
      <p class="card-facts">
        {person.isBot ? t("person.bot") : roleName(person.role)} · {person.email}
        {time && ` · ${t("person.time", { time })}`}
      </p>
      <div class="menu">
        {acts(person).map((item) => (
          <button
            key={item.label}
            type="button"
            onClick={() => {
              leavePopover();
              item.run();
            }}
          >
            {item.icon && <Icon name={item.icon} />}
            {item.label}
          </button>
        ))}
      </div>
    </div>
  );
}
