// What the organisation makes of text: words that become links, such as numbers of tickets, and places to try code.

import { useEffect, useState } from "preact/hooks";
import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { playgrounds } from "../app/state";
import { t } from "../i18n";
import { Entries } from "./entries";

export function LinkifierSettings() {
  const [all, setAll] = useState<readonly organization.Linkifier[]>([]);
  const load = () => organization.getLinkifiers().then(({ linkifiers }) => setAll(linkifiers), signalError);
  useEffect(() => void load(), []);
  return (
    <Entries
      entries={all.map((one) => ({ id: one.id, name: one.pattern, detail: one.url_template }))}
      fields={[
        { label: t("linkifier.pattern"), placeholder: "#(?P<id>[0-9]+)" },
        { label: t("linkifier.template"), placeholder: "https://tickets.example.com/{id}" },
      ]}
      addLabel={t("linkifier.add")}
      removeLabel={(pattern) => t("linkifier.remove", { pattern })}
      add={([pattern = "", template = ""]) => organization.addLinkifier(pattern, template).then(load)}
      remove={(id) => organization.removeLinkifier(id).then(load)}
    />
  );
}

export function PlaygroundSettings() {
  return (
    <Entries
      entries={playgrounds.value.map((one) => ({
        id: one.id,
        name: one.name,
        detail: `${one.pygments_language} · ${one.url_template}`,
      }))}
      fields={[
        { label: t("playground.name"), placeholder: "Rust playground" },
        { label: t("playground.language"), placeholder: "Rust" },
        { label: t("playground.template"), placeholder: "https://play.example.com/?code={code}" },
      ]}
      addLabel={t("playground.add")}
      removeLabel={(name) => t("playground.remove", { name })}
      add={([name = "", language = "", template = ""]) => organization.addPlayground(name, language, template)}
      remove={organization.removePlayground}
    />
  );
}
