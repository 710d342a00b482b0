// Inviting people: by mail, or with a link that many can use; and the invitations that are open.

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import {
  createInviteLink,
  getInvites,
  type Invite,
  resendInvite,
  revokeInvite,
  sendInvites,
} from "../api/organization";
import type { GroupSetting } from "../api/types";
import { notify, reasonOf, signalError } from "../app/feedback";
import { isAdmin, isGuest, me, myRole, onEvent, people, realm } from "../app/state";
import { copy } from "../dom/clipboard";
import { useFetched, Waiting } from "../dom/fetched";
import { FormError } from "../dom/forms";
import { IconButton } from "../dom/ui";
import { holds } from "../groups/data";
import { t } from "../i18n";
import { dayName } from "../messages/time";
import { ROLE } from "../people/data";
import { ROLES, roleName } from "../people/words";
import { Selected } from "./controls";

const MEMBER = ROLE.member;
const DAY_MINUTES = 24 * 60;
/** For how many days an invitation can be used; 0 is for ever. */
const LIVES = [1, 3, 10, 30, 0] as const;
const USUAL_LIFE = 10;

const invites = signal<readonly Invite[] | undefined>(undefined);

async function fetchInvites(): Promise<void> {
  invites.value = (await getInvites()).invites;
}

const load = () => void fetchInvites().catch(signalError);

onEvent((event) => {
  if (event.type === "invites_changed" && invites.peek()) load();
});

/** Whether one may invite by mail, or make links. */
export function mayInvite(way: "can_invite_users_group" | "create_multiuse_invite_group"): boolean {
  const { decided, groups } = realm.value;
  return !isGuest.value && holds(groups, decided[way] as GroupSetting | undefined, me.value);
}

function lifeName(days: number): string {
  return days === 0 ? t("invite.forever") : t("invite.days", { count: days });
}

function NewInvite() {
  const [emails, setEmails] = useState("");
  const [role, setRole] = useState<number>(MEMBER);
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
      setError(reasonOf(problem));
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
  const roles = ROLES.filter((one) => one >= myRole.value && (isAdmin.value || one >= MEMBER));
  return (
    <form class="form" onSubmit={send}>
      <FormError text={error} />
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
      <Selected
        label={t("invite.role")}
        value={role}
        options={roles.map((one) => [one, roleName(one)] as const)}
        choose={(one) => setRole(Number(one))}
      />
      <Selected
        label={t("invite.life")}
        value={days}
        options={LIVES.map((one) => [one, lifeName(one)] as const)}
        choose={(one) => setDays(Number(one))}
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
  const fetched = useFetched(fetchInvites);
  const all = invites.value;
  return (
    <div class="form">
      <NewInvite />
      <h3>{t("invite.open")}</h3>
      {all === undefined && <Waiting of={fetched} rows={2} />}
      {all?.length === 0 && <p>{t("invite.none")}</p>}
      <ul class="people-list">
        {all?.map((one) => (
          <OpenInvite key={`${one.is_multiuse}${one.id}`} invite={one} />
        ))}
      </ul>
    </div>
  );
}
