// Oneself: name, picture, status, time zone.

import { useRef, useState } from "preact/hooks";
import { uploadAvatar } from "../api/organization";
import { notify, signalError } from "../app/feedback";
import { overlay } from "../app/overlays";
import { me, people, settings } from "../app/state";
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

export function ProfileSettings() {
  return (
    <>
      <About />
      <Account />
    </>
  );
}

function About() {
  const [name, setName] = useState(people.value.byId.get(me.value)?.name ?? "");
  const zones = Intl.supportedValuesOf("timeZone");
  const save = async (event: Event) => {
    event.preventDefault();
    if (await changeSetting("full_name", name.trim())) notify(t("settings.saved"));
  };
  return (
    <form class="form" onSubmit={save}>
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
      <label>
        {t("settings.name")}
        <input required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
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
      <ProfileFieldsForm />
      <div class="form-buttons">
        <button type="submit" class="button primary">
          {t("edit.save")}
        </button>
      </div>
    </form>
  );
}
