// Lists that the organisation keeps: words that become links, such as numbers of tickets; places to try code; folders of
// channels.

import { useEffect, useState } from "preact/hooks";
import * as organization from "../api/organization";
import { signalError } from "../app/feedback";
import { folders, playgrounds } from "../app/state";
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

export function FolderSettings() {
  const all = [...folders.value.values()].sort((a, b) => a.order - b.order);
  return (
    <Entries
      entries={all.map((one) => ({ id: one.id, name: one.name, detail: "" }))}
      fields={[{ label: t("folder.name"), placeholder: t("folder.example") }]}
      addLabel={t("folder.add")}
      removeLabel={(name) => t("folder.remove", { name })}
      add={([name = ""]) => organization.addFolder(name, "")}
      remove={(id) => organization.updateFolder(id, { is_archived: true })}
    />
  );
}
