// Everything about one stream: what it is, one's own settings for it, and who reads it.

import { useState } from "preact/hooks";
import * as organization from "../api/organization";
import type { UserId } from "../api/types";
import { signalError, withUndo } from "../app/feedback";
import { confirm, overlay, type StreamSection } from "../app/overlays";
import * as state from "../app/state";
import { rank } from "../compose/data";
import { copy } from "../dom/clipboard";
import { Dialog } from "../dom/dialog";
import { useFetched, Waiting } from "../dom/fetched";
import { SavedForm } from "../dom/forms";
import { FilterField, Icon, IconButton, Tabs } from "../dom/ui";
import { t } from "../i18n";
import type { Person } from "../people/data";
import { PeoplePicker } from "../people/picker";
import { Avatar } from "../people/ui";
import { mayAdminister, mayRemoveFrom } from "./access";
import { ColorChoice } from "./colors";
import { NOTIFY_PROPERTIES, privacyOf, privacyParams, type Stream, TOPICS_POLICIES, type TopicsPolicy } from "./data";
import { join, leave, setArchived, setOwn, toggleMuted } from "./events";
import { PrivacyChoice, StreamFields } from "./fields";
import { streamIcon } from "./icon";
import { StreamRights } from "./rights";

const SECTIONS = ["general", "personal", "people", "rights"] as const;
const SHOWN = 200;

function close(): void {
  overlay.value = undefined;
}

interface FolderProps {
  value: number | undefined;
  choose(folder: number | undefined): void;
}

function FolderChoice({ value, choose }: FolderProps) {
  return (
    <label>
      {t("stream.folder")}
      <select
        value={value === undefined ? "" : String(value)}
        onChange={({ currentTarget: { value: id } }) => choose(id === "" ? undefined : Number(id))}
      >
        <option value="">{t("stream.noFolder")}</option>
        {[...state.folders.value.values()].map((one) => (
          <option key={one.id} value={String(one.id)}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function TopicsChoice({ value, choose }: { value: TopicsPolicy; choose(policy: TopicsPolicy): void }) {
  return (
    <label>
      {t("stream.topics")}
      <select value={value} onChange={(event) => choose(event.currentTarget.value as TopicsPolicy)}>
        {TOPICS_POLICIES.map((one) => (
          <option key={one} value={one}>
            {t(`topics.${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Where mail to the channel goes; the server says it to who may write there. */
function Address({ stream }: { stream: Stream }) {
  const [address, setAddress] = useState("");
  const show = () => {
    organization.getStreamAddress(stream.id).then((answer) => setAddress(answer.email), signalError);
  };
  return (
    <section class="form">
      <h3>{t("stream.address")}</h3>
      <p>{t("stream.addressWhat")}</p>
      {address && <output class="api-key">{address}</output>}
      <div>
        <button type="button" class="button" onClick={address ? () => void copy(address) : show}>
          {t(address ? "stream.addressCopy" : "stream.addressShow")}
        </button>
      </div>
    </section>
  );
}

function General({ stream }: { stream: Stream }) {
  const [name, setName] = useState(stream.name);
  const [description, setDescription] = useState(stream.description);
  const [privacy, setPrivacy] = useState(privacyOf(stream));
  const [folder, setFolder] = useState(stream.folderId);
  const [topics, setTopics] = useState(stream.topicsPolicy);
  const mayEdit = mayAdminister(stream);
  const save = async () => {
    await organization.updateStream(stream.id, {
      ...(name.trim() !== stream.name && { new_name: name.trim() }),
      ...(description !== stream.description && { description }),
      ...(privacy !== privacyOf(stream) && privacyParams(privacy)),
      ...(folder !== stream.folderId && { folder_id: folder ?? null }),
      ...(topics !== stream.topicsPolicy && { topics_policy: topics }),
    });
    close();
  };
  if (!mayEdit) {
    return (
      <div class="form">
        <p>{stream.description || t("stream.noDescription")}</p>
        <p>
          <Icon name={streamIcon(stream)} /> {t(`privacy.${privacyOf(stream)}`)}
        </p>
        {stream.isSubscribed && <Address stream={stream} />}
      </div>
    );
  }
  const archive = () =>
    confirm(
      t("stream.archiveTitle", { name: stream.name }),
      t("stream.archiveText"),
      t("stream.archive"),
      () => void setArchived(stream, true),
    );
  const life = (
    <>
      {stream.isArchived ? (
        <button type="button" class="button" onClick={() => void setArchived(stream, false)}>
          {t("stream.revive")}
        </button>
      ) : (
        <button type="button" class="button danger" onClick={archive}>
          {t("stream.archive")}
        </button>
      )}
      <span class="spacer" />
    </>
  );
  return (
    <>
      <SavedForm save={save} beside={life}>
        <StreamFields name={name} setName={setName} description={description} setDescription={setDescription} />
        <PrivacyChoice value={privacy} choose={setPrivacy} />
        <TopicsChoice value={topics} choose={setTopics} />
        {state.folders.value.size > 0 && <FolderChoice value={folder} choose={setFolder} />}
      </SavedForm>
      <Address stream={stream} />
    </>
  );
}

function Personal({ stream }: { stream: Stream }) {
  if (!stream.isSubscribed) {
    return (
      <div class="form">
        <p>{t("stream.notSubscribed")}</p>
        <button type="button" class="button primary" onClick={() => void join(stream)}>
          {t("stream.join")}
        </button>
      </div>
    );
  }
  return (
    <div class="form">
      <label class="check">
        <input type="checkbox" checked={stream.isMuted} onInput={() => void toggleMuted(stream)} />
        {t("stream.mute")}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={stream.isPinned}
          onInput={() => void setOwn(stream, "pin_to_top", !stream.isPinned)}
        />
        {t("stream.pin")}
      </label>
      {NOTIFY_PROPERTIES.map((name) => (
        <label key={name}>
          {t(`notify.${name}`)}
          <select
            value={String(stream.notify[name] ?? null)}
            onChange={(event) => void setOwn(stream, name, JSON.parse(event.currentTarget.value))}
          >
            <option value="null">{t("notify.default")}</option>
            <option value="true">{t("notify.on")}</option>
            <option value="false">{t("notify.off")}</option>
          </select>
        </label>
      ))}
      <ColorChoice value={stream.color} choose={(color) => void setOwn(stream, "color", color)} />
      <div class="form-buttons">
        <button type="button" class="button danger" onClick={() => void leave(stream)}>
          {t("stream.unsubscribe")}
        </button>
      </div>
    </div>
  );
}

function People({ stream }: { stream: Stream }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<readonly UserId[]>([]);
  // The count changes with every event about who reads the stream.
  const fetched = useFetched(() => organization.getSubscribers(stream.id), [stream.id, stream.subscriberCount]);
  const ids = fetched.value?.subscribers;
  const change = async (act: (name: string, people: UserId[]) => Promise<unknown>, people: readonly UserId[]) => {
    await act(stream.name, [...people]).catch(signalError);
    fetched.again();
  };
  const remove = async ({ id: person, name }: Person) => {
    await withUndo(
      () => organization.removeSubscribers(stream.name, [person]),
      t("entries.removed", { name }),
      () => organization.addSubscribers(stream.name, [person]),
    );
    fetched.again();
  };
  if (!ids) return <Waiting of={fetched} rows={3} />;
  const people = ids.flatMap((id) => state.people.value.byId.get(id) ?? []);
  people.sort((a, b) => a.name.localeCompare(b.name));
  const found = rank(people, (one) => one.name, query, SHOWN);
  return (
    <div class="form">
      {!state.isGuest.value && (
        <div class="stream-add">
          <PeoplePicker label={t("stream.addPeople")} chosen={chosen} without={ids} change={setChosen} />
          <button
            type="button"
            class="button primary"
            disabled={chosen.length === 0}
            onClick={() => {
              void change(organization.addSubscribers, chosen);
              setChosen([]);
            }}
          >
            {t("stream.add")}
          </button>
        </div>
      )}
      <FilterField label={t("people.filter")} value={query} onChange={setQuery} />
      <p>{t("stream.members", { count: people.length })}</p>
      <ul class="people-list">
        {found.map((one) => (
          <li key={one.id}>
            <Avatar person={one} /> <span class="spacer-name">{one.name}</span>
            {mayRemoveFrom(stream) && (
              <IconButton
                icon="close"
                label={t("stream.removePerson", { name: one.name })}
                onClick={() => void remove(one)}
              />
            )}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="hint">{t("filter.none")}</p>}
      {query === "" && people.length > found.length && (
        <p class="hint">{t("people.more", { count: people.length - found.length })}</p>
      )}
    </div>
  );
}

export function StreamSettings({ id, section }: { id: number; section?: StreamSection | undefined }) {
  const [current, setCurrent] = useState<StreamSection>(section ?? "general");
  const stream = state.streams.value.get(id);
  if (!stream) return null;
  return (
    <Dialog label={stream.name} onClose={close} class="wide">
      <h2>
        <Icon name={streamIcon(stream)} /> {stream.name}
      </h2>
      <Tabs
        label={t("stream.settings")}
        tabs={SECTIONS.filter((one) => one !== "rights" || mayAdminister(stream)).map(
          (one) => [one, t(`stream.section.${one}`)] as const,
        )}
        current={current}
        choose={(one) => setCurrent(one)}
      >
        {current === "general" && <General stream={stream} />}
        {current === "personal" && <Personal stream={stream} />}
        {current === "people" && <People stream={stream} />}
        {current === "rights" && <StreamRights id={stream.id} />}
      </Tabs>
    </Dialog>
  );
}
