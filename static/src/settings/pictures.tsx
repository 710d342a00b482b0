// The pictures of the organisation: what stands for it, and its logo.

import { useRef } from "preact/hooks";
import { type RealmPicture, removePicture, uploadPicture } from "../api/organization";
import { signalError } from "../app/feedback";
import { realm } from "../app/state";
import { t } from "../i18n";

/** Where each stands in what the organisation decided: its address, and whether it was uploaded ("U"). */
const FIELDS: Record<RealmPicture, readonly [string, string]> = {
  icon: ["icon_url", "icon_source"],
  logo: ["logo_url", "logo_source"],
  nightLogo: ["night_logo_url", "night_logo_source"],
};

function Picture({ which }: { which: RealmPicture }) {
  const files = useRef<HTMLInputElement>(null);
  const [address, source] = FIELDS[which];
  const { decided } = realm.value;
  const uploaded = decided[source] === "U";
  const name = t(`picture.${which}`);
  return (
    <div class="realm-picture">
      {uploaded && <img src={String(decided[address])} alt="" />}
      <span class="spacer-name">{name}</span>
      <button
        type="button"
        class="button"
        aria-label={t("picture.chooseOf", { name })}
        onClick={() => files.current?.click()}
      >
        {t("settings.picture")}
      </button>
      {uploaded && (
        <button
          type="button"
          class="button"
          aria-label={t("folder.remove", { name })}
          onClick={() => void removePicture(which).catch(signalError)}
        >
          {t("picture.remove")}
        </button>
      )}
      <input
        ref={files}
        type="file"
        accept="image/*"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = "";
          if (file) uploadPicture(which, file).catch(signalError);
        }}
      />
    </div>
  );
}

export function Pictures() {
  return (
    <div class="form">
      <Picture which="icon" />
      <Picture which="logo" />
      <Picture which="nightLogo" />
    </div>
  );
}
