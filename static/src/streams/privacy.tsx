// Who may read a stream.

import type { StreamChanges } from "../api/organization";
import { t } from "../i18n";
import type { Stream } from "./data";

export const PRIVACIES = ["public", "private", "webPublic"] as const;
export type Privacy = (typeof PRIVACIES)[number];

export function privacyOf(stream: Pick<Stream, "isPrivate" | "isWebPublic">): Privacy {
  if (stream.isWebPublic) return "webPublic";
  return stream.isPrivate ? "private" : "public";
}

/** As PATCH /streams takes it. */
export function privacyParams(privacy: Privacy): StreamChanges {
  return { is_private: privacy === "private", is_web_public: privacy === "webPublic" };
}

export function PrivacyChoice({ value, choose }: { value: Privacy; choose(privacy: Privacy): void }) {
  return (
    <fieldset class="choice">
      <legend>{t("privacy.legend")}</legend>
      {PRIVACIES.map((one) => (
        <label key={one}>
          <input type="radio" name="privacy" checked={value === one} onChange={() => choose(one)} />
          <span>{t(`privacy.${one}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
