// Words that become links, such as numbers of tickets.

import { useEffect, useState } from "preact/hooks";
import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";

export function LinkifierSettings() {
  const [all, setAll] = useState<readonly organization.Linkifier[]>([]);
  const [pattern, setPattern] = useState("");
  const [template, setTemplate] = useState("");
  const load = () => {
    organization.getLinkifiers().then(({ linkifiers }) => setAll(linkifiers), signalError);
  };
  useEffect(load, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await organization.addLinkifier(pattern.trim(), template.trim());
      setPattern("");
      setTemplate("");
      load();
    } catch (error) {
      signalError(error);
    }
  };
  const remove = (id: number) => void organization.removeLinkifier(id).then(load, signalError);
  return (
    <>
      <ul class="people-list">
        {all.map((one) => (
          <li key={one.id}>
            <span class="spacer-name">
              <code>{one.pattern}</code> <small>{one.url_template}</small>
            </span>
            <IconButton
              icon="trash"
              label={t("linkifier.remove", { pattern: one.pattern })}
              onClick={() => remove(one.id)}
            />
          </li>
        ))}
      </ul>
      <form class="form" onSubmit={submit}>
        <label>
          {t("linkifier.pattern")}
          <input
            required
            placeholder="#(?P<id>[0-9]+)"
            value={pattern}
            onInput={(event) => setPattern(event.currentTarget.value)}
          />
        </label>
        <label>
          {t("linkifier.template")}
          <input
            required
            placeholder="https://tickets.example.com/{id}"
            value={template}
            onInput={(event) => setTemplate(event.currentTarget.value)}
          />
        </label>
        <div class="form-buttons">
          <button type="submit" class="button primary">
            {t("linkifier.add")}
          </button>
        </div>
      </form>
    </>
  );
}
