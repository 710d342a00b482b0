// Inviting people: by mail, or with a link that many can use; and the invitations that are open.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import {
  createInviteLink,
  getInvites,
  type Invite,
  resendInvite,
  revokeInvite,
  sendInvites,
} from "../api/organization";
import type { GroupSetting } from "../api/types";
import { notify, signalError } from "../app/feedback";
import { me, onEvent, people, realm } from "../app/state";
import { copy } from "../dom/clipboard";
import { IconButton, Skeleton } from "../dom/ui";
import { holds } from "../groups/data";
import { t } from "../i18n";
import { dayName } from "../messages/time";
import { ROLES, roleName } from "../people/words";

const MEMBER = 400;
const DAY_MINUTES = 24 * 60;
/** For how many days an invitation can be used; 0 is for ever. */
const LIVES = [1, 3, 10, 30, 0] as const;
const USUAL_LIFE = 10;

const invites = signal<readonly Invite[] | undefined>(undefined);

function load(): void {
  getInvites().then((answer) => {
    invites.value = answer.invites;
  }, signalError);
}

onEvent((event) => {
  if (event.type === "invites_changed" && invites.peek()) load();
});

/** Whether one may invite by mail, or make links. */
export function mayInvite(way: "can_invite_users_group" | "create_multiuse_invite_group"): boolean {
  const { decided, groups, isGuest } = realm.value;
  return !isGuest && holds(groups, decided[way] as GroupSetting | undefined, me.value);
}

function lifeName(days: number): string {
  return days === 0 ? t("invite.forever") : t("invite.days", { count: days });
}

interface ChoiceProps {
  label: string;
  value: number;
  options: readonly (readonly [number, string])[];
  choose(value: number): void;
}

function Chosen({ label, value, options, choose }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={String(value)} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {options.map(([one, name]) => (
          <option key={one} value={String(one)}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function NewInvite() {
  const [emails, setEmails] = useState("");
  const [role, setRole] = useState(MEMBER);
  const [days, setDays] = useState<number>(USUAL_LIFE);
  const [error, setError] = useState("");
  const byMail = mayInvite("can_invite_users_group");
  const terms = () => ({ invite_as: role, invite_expires_in_minutes: days === 0 ? null : days * DAY_MINUTES });
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      setError("");
      await act();
      load();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  const send = (event: Event) => {
    event.preventDefault();
    void attempt(async () => {
      await sendInvites(emails, terms());
      setEmails("");
      notify(t("invite.sent"));
    });
  };
  const link = () => attempt(async () => copy((await createInviteLink(terms())).invite_link));
  // Nobody makes others more than they are.
  const mine = people.value.byId.get(me.value)?.role ?? MEMBER;
  const roles = ROLES.filter((one) => one >= mine && (realm.value.isAdmin || one >= MEMBER));
  return (
    <form class="form" onSubmit={send}>
      {error && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      {byMail && (
        <label>
          {t("invite.emails")}
          <textarea
            required
            rows={2}
            placeholder="ada@example.com, Ben <ben@example.com>"
            value={emails}
            onInput={(event) => setEmails(event.currentTarget.value)}
          />
        </label>
      )}
      <Chosen
        label={t("invite.role")}
        value={role}
        options={roles.map((one) => [one, roleName(one)] as const)}
        choose={setRole}
      />
      <Chosen
        label={t("invite.life")}
        value={days}
        options={LIVES.map((one) => [one, lifeName(one)] as const)}
        choose={setDays}
      />
      <div class="form-buttons">
        {mayInvite("create_multiuse_invite_group") && (
          <button type="button" class="button" onClick={() => void link()}>
            {t("invite.link")}
          </button>
        )}
        <span class="spacer" />
        {byMail && (
          <button type="submit" class="button primary">
            {t("invite.send")}
          </button>
        )}
      </div>
    </form>
  );
}

function OpenInvite({ invite }: { invite: Invite }) {
  const { email, link_url: link, expiry_date: end } = invite;
  const name = email ?? t("invite.byLink");
  const attempt = (act: Promise<unknown>, said: string) => void act.then(() => notify(said), signalError).then(load);
  const by = people.value.byId.get(invite.invited_by_user_id)?.name ?? "";
  const until = end === null ? t("invite.forever") : t("invite.until", { day: dayName(end, Date.now() / 1000) });
  return (
    <li>
      <span class="spacer-name">
        {name} <small>{[roleName(invite.invited_as), by, until].join(" · ")}</small>
      </span>
      {link ? (
        <IconButton icon="link" label={t("invite.copy")} onClick={() => void copy(link)} />
      ) : (
        <IconButton
          icon="send"
          label={t("invite.resend", { name })}
          onClick={() => attempt(resendInvite(invite.id), t("invite.sent"))}
        />
      )}
      <IconButton
        icon="trash"
        label={t("invite.revoke", { name })}
        onClick={() => attempt(revokeInvite(invite), t("invite.revoked"))}
      />
    </li>
  );
}

export function InvitationSettings() {
  useEffect(load, []);
  const all = invites.value;
  return (
    <div class="form">
      <NewInvite />
      <h3>{t("invite.open")}</h3>
      {all === undefined && <Skeleton rows={2} />}
      {all?.length === 0 && <p>{t("invite.none")}</p>}
      <ul class="people-list">
        {all?.map((one) => (
          <OpenInvite key={`${one.is_multiuse}${one.id}`} invite={one} />
        ))}
      </ul>
    </div>
  );
}
