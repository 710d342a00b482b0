// Lists that the organisation keeps: words that become links, such as numbers of tickets; places to try code; folders of
// channels; domains to join from.

import { signal } from "@preact/signals";
import * as organization from "../api/organization";
import { signalError, withUndo } from "../app/feedback";
import { folders, onEvent, playgrounds } from "../app/state";
import { useFetched, Waiting } from "../dom/fetched";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";
import { Check } from "./controls";
import { Entries, EntryForm } from "./entries";

const linkifiers = signal<readonly organization.Linkifier[] | undefined>(undefined);
const domains = signal<readonly organization.Domain[] | undefined>(undefined);

async function loadLinkifiers(): Promise<void> {
  linkifiers.value = (await organization.getLinkifiers()).linkifiers;
}

async function loadDomains(): Promise<void> {
  domains.value = (await organization.getDomains()).domains;
}

onEvent((event) => {
  if (event.type === "realm_linkifiers" && linkifiers.peek()) void loadLinkifiers().catch(signalError);
  if (event.type === "realm_domains" && domains.peek()) void loadDomains().catch(signalError);
});

export function LinkifierSettings() {
  const fetched = useFetched(loadLinkifiers);
  if (!linkifiers.value) return <Waiting of={fetched} rows={2} />;
  return (
    <Entries
      entries={linkifiers.value.map((one) => ({
        id: one.id,
        name: one.pattern,
        detail: one.url_template,
        values: [one.pattern, one.url_template],
      }))}
      fields={[
        { label: t("linkifier.pattern"), placeholder: "#(?P<id>[0-9]+)" },
        { label: t("linkifier.template"), placeholder: "https://tickets.example.com/{id}" },
      ]}
      addLabel={t("linkifier.add")}
      removeLabel={(pattern) => t("linkifier.remove", { pattern })}
      add={([pattern = "", template = ""]) => organization.addLinkifier(pattern, template)}
      update={(id, [pattern = "", template = ""]) => organization.updateLinkifier(id, pattern, template)}
      reorder={organization.orderLinkifiers}
      remove={organization.removeLinkifier}
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
        values: [one.name, one.pygments_language, one.url_template],
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

/** The server takes an order of all folders only, so those that are put away come after the others. */
async function reorderFolders(ids: number[]): Promise<void> {
  const { channel_folders } = await organization.getFolders(true);
  const away = channel_folders.filter((one) => one.is_archived).map((one) => one.id);
  await organization.orderFolders([...ids, ...away]);
}

export function FolderSettings() {
  const all = [...folders.value.values()].sort((a, b) => a.order - b.order);
  return (
    <Entries
      entries={all.map((one) => ({
        id: one.id,
        name: one.name,
        detail: one.description,
        values: [one.name, one.description],
      }))}
      fields={[
        { label: t("folder.name"), placeholder: t("folder.example") },
        { label: t("groups.description"), placeholder: "", optional: true },
      ]}
      addLabel={t("folder.add")}
      removeLabel={(name) => t("folder.remove", { name })}
      add={([name = "", description = ""]) => organization.addFolder(name, description)}
      update={(id, [name = "", description = ""]) => organization.updateFolder(id, { name, description })}
      reorder={reorderFolders}
      remove={(id) => organization.updateFolder(id, { is_archived: true })}
    />
  );
}

/** The domains whose addresses may join, when joining is restricted to them. */
export function DomainSettings() {
  const fetched = useFetched(loadDomains);
  const remove = ({ domain, allow_subdomains }: organization.Domain) =>
    withUndo(
      () => organization.removeDomain(domain),
      t("entries.removed", { name: domain }),
      async () => {
        await organization.addDomain(domain);
        if (allow_subdomains) await organization.updateDomain(domain, true);
      },
    );
  if (!domains.value) return <Waiting of={fetched} rows={2} />;
  return (
    <>
      <p>{t("domains.what")}</p>
      <ul class="people-list">
        {domains.value.map((one) => (
          <li key={one.domain}>
            <span class="spacer-name">
              <code>{one.domain}</code>
            </span>
            <Check
              checked={one.allow_subdomains}
              change={(allowed) => void organization.updateDomain(one.domain, allowed).catch(signalError)}
            >
              {t("domains.subdomains")}
            </Check>
            <IconButton
              icon="trash"
              label={t("folder.remove", { name: one.domain })}
              onClick={() => void remove(one)}
            />
          </li>
        ))}
      </ul>
      <EntryForm
        fields={[{ label: t("domains.domain"), placeholder: "example.com" }]}
        values={[""]}
        act={t("domains.add")}
        save={([domain = ""]) => organization.addDomain(domain)}
      />
    </>
  );
}
