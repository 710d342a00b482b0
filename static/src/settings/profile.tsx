// Oneself: name, picture, status, time zone.

import { useRef, useState } from "preact/hooks";
import { changeEmail, removeAvatar } from "../api/account";
import { updateSettings } from "../api/calls";
import { uploadAvatar } from "../api/organization";
import { signalError } from "../app/feedback";
import { overlay } from "../app/overlays";
import { isAdmin, me, people, realm, settings } from "../app/state";
import { Line, SavedForm } from "../dom/forms";
import { t } from "../i18n";
import { StatusLine } from "../people/card";
import { Avatar } from "../people/ui";
import { ProfileFieldsForm } from "../profile/ui";
import { Account } from "./account";
import { changeSetting } from "./events";

function Picture() {
  const files = useRef<HTMLInputElement>(null);
  const person = people.value.byId.get(me.value);
  if (!person) return null;
  return (
    <div class="profile-head">
      <Avatar person={person} />
      <div>
        <h3>{person.name}</h3>
        <p>{person.email}</p>
        <button type="button" class="button" onClick={() => files.current?.click()}>
          {t("settings.picture")}
        </button>
        {person.avatarUrl?.includes("/user_avatars/") && (
          <button type="button" class="button" onClick={() => void removeAvatar().catch(signalError)}>
            {t("settings.pictureRemove")}
          </button>
        )}
        <input
          ref={files}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) uploadAvatar(file).catch(signalError);
          }}
        />
      </div>
    </div>
  );
}

/** A new address counts once its owner has followed the link that is sent to it. */
function Email() {
  const known = people.value.byId.get(me.value)?.email ?? "";
  const [email, setEmail] = useState(known);
  if (realm.value.decided.email_changes_disabled === true && !isAdmin.value) return null;
  return (
    <SavedForm
      minor
      title={t("settings.email")}
      done={t("settings.emailSent")}
      unchanged={email.trim() === known}
      save={() => changeEmail(email.trim())}
    >
      <Line label={t("settings.email")} type="email" value={email} change={setEmail} />
    </SavedForm>
  );
}

export function ProfileSettings() {
  return (
    <>
      <About />
      <Email />
      <Account />
    </>
  );
}

function About() {
  const [name, setName] = useState(people.value.byId.get(me.value)?.name ?? "");
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <SavedForm done={t("settings.saved")} save={() => updateSettings({ full_name: name.trim() })}>
      <Picture />
      <StatusLine id={me.value} />
      <div>
        <button
          type="button"
          class="button"
          onClick={() => {
            overlay.value = { kind: "status" };
          }}
        >
          {t("status.set")}
        </button>
      </div>
      <Line label={t("settings.name")} longest={100} value={name} change={setName} />
      <label>
        {t("settings.timezone")}
        <select
          value={String(settings.value.timezone ?? "")}
          onChange={(event) => void changeSetting("timezone", event.currentTarget.value)}
        >
          <option value="">{t("settings.timezoneNone")}</option>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </select>
      </label>
      <ProfileFieldsForm id={me.value} />
    </SavedForm>
  );
}
