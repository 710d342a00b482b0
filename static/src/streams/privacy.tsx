// Who may read a stream.

import { t } from "../i18n";
import { PRIVACIES, type Privacy } from "./data";

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
