// The small dialogs about messages and people. Loaded when the first one is opened.

import { useEffect, useRef } from "preact/hooks";
import * as calls from "../api/calls";
import { copy } from "../dom/clipboard";
import { Dialog } from "../dom/dialog";
import { useFetched, Waiting } from "../dom/fetched";
import { t } from "../i18n";
import { Shortcuts } from "../keyboard/ui";
import { renderContent } from "../messages/content";
import { markChanges } from "../messages/difference";
import type { Message } from "../messages/model";
import { ReportMessage } from "../messages/report";
import { fullTime } from "../messages/time";
import { mayManage } from "../people/access";
import { StatusLine } from "../people/card";
import { ManagePerson } from "../people/manage";
import { StatusDialog } from "../people/status";
import { Avatar } from "../people/ui";
import { localTime, roleName } from "../people/words";
import { availability } from "../presence/data";
import { ProfileFacts } from "../profile/ui";
import { ScheduleDialog } from "../schedule/dialog";
import { NewStreamDialog } from "../streams/new";
import { StreamSettings } from "../streams/settings";
import { MoveMessages, RenameTopic } from "../topics/dialog";
import { NewWidget } from "../widgets/dialog";
import { type Overlay, overlay } from "./overlays";
import { go } from "./route";
import * as state from "./state";

function close(): void {
  overlay.value = undefined;
}

/** A version of a message, with what is new since the version before. */
function Version({ html, before }: { html: string; before: string | undefined }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { twenty_four_hour_time } = state.settings.value;
    const draw = (text: string) =>
      renderContent(text, { me: state.me.value, twentyFour: twenty_four_hour_time, playgrounds: [] });
    const body = draw(html);
    if (before !== undefined) markChanges(body, draw(before));
    ref.current?.replaceChildren(body);
  }, [html, before]);
  return <div ref={ref} />;
}

function History({ message }: { message: Message }) {
  const fetched = useFetched(() => calls.getHistory(message.id));
  const list = fetched.value && [...fetched.value.message_history].reverse();
  return (
    <Dialog label={t("menu.history")} onClose={close}>
      <h2>{t("menu.history")}</h2>
      {!list && <Waiting of={fetched} rows={2} />}
      {list?.map((one) => (
        <article class="history" key={`${one.timestamp}`}>
          <h3>
            {state.people.value.byId.get(one.user_id ?? 0)?.name ?? ""} ·{" "}
            {fullTime(one.timestamp, state.settings.value.twenty_four_hour_time)}
          </h3>
          {one.prev_topic !== undefined && <p>{t("history.topic", { from: one.prev_topic, to: one.topic ?? "" })}</p>}
          {one.rendered_content !== undefined && (
            <Version html={one.rendered_content} before={one.prev_rendered_content} />
          )}
        </article>
      ))}
    </Dialog>
  );
}

/** A message as it was written. */
function Source({ message }: { message: Message }) {
  const fetched = useFetched(() => calls.getMessage(message.id, false));
  const text = fetched.value?.message.content;
  return (
    <Dialog label={t("menu.source")} onClose={close}>
      <h2>{t("menu.source")}</h2>
      {text === undefined ? (
        <Waiting of={fetched} rows={2} />
      ) : (
        <pre class="source" dir="auto">
          {text}
        </pre>
      )}
      <div class="form-buttons">
        <button type="button" class="button" disabled={text === undefined} onClick={() => void copy(text ?? "")}>
          {t("source.copy")}
        </button>
      </div>
    </Dialog>
  );
}

function Receipts({ id }: { id: number }) {
  const fetched = useFetched(() => calls.getReadReceipts(id));
  const ids = fetched.value?.user_ids;
  const people = (ids ?? []).flatMap((one) => state.people.value.byId.get(one) ?? []);
  return (
    <Dialog label={t("menu.receipts")} onClose={close}>
      <h2>{t("menu.receipts")}</h2>
      {!ids && <Waiting of={fetched} rows={2} />}
      {ids && <p>{t("receipts.count", { count: people.length })}</p>}
      <ul class="people-list">
        {people.map((one) => (
          <li key={one.id}>
            <Avatar person={one} /> {one.name}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Confirm({ open }: { open: Extract<Overlay, { kind: "confirm" }> }) {
  const done = () => {
    overlay.value = open.back;
  };
  return (
    <Dialog label={open.title} onClose={done}>
      <div class="form">
        <h2>{open.title}</h2>
        <p>{open.text}</p>
        <div class="form-buttons">
          <button type="button" class="button" onClick={done}>
            {t("cancel")}
          </button>
          <button
            type="button"
            class="button danger"
            onClick={() => {
              done();
              open.run();
            }}
          >
            {open.act}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function Profile({ id }: { id: number }) {
  const person = state.people.value.byId.get(id);
  if (!person) return null;
  const how = availability(state.presence.value, id, state.now.value / 1000);
  const time = localTime(person, state.now.value, state.settings.value.twenty_four_hour_time);
  return (
    <Dialog label={person.name} onClose={close} class="profile">
      <div class="profile-head">
        <Avatar person={person} />
        <div>
          <h2>{person.name}</h2>
          <p>
            <span class={`presence ${how}`} aria-hidden="true" /> {t(`presence.${how}`)}
          </p>
        </div>
      </div>
      <StatusLine id={id} />
      <dl>
        <div>
          <dt>{t("profile.email")}</dt>
          <dd>{person.email}</dd>
        </div>
        <div>
          <dt>{t("profile.role")}</dt>
          <dd>{person.isBot ? t("person.bot") : roleName(person.role)}</dd>
        </div>
        {time && (
          <div>
            <dt>{t("profile.time")}</dt>
            <dd>{time}</dd>
          </div>
        )}
        <ProfileFacts id={id} />
      </dl>
      <div class="form-buttons">
        {mayManage(person) && (
          <button
            type="button"
            class="button"
            onClick={() => {
              overlay.value = { kind: "manage-person", id };
            }}
          >
            {t("person.manage")}
          </button>
        )}
        <button
          type="button"
          class="button"
          onClick={() => {
            close();
            go([{ operator: "sender", ids: [id] }]);
          }}
        >
          {t("profile.messages")}
        </button>
        <button
          type="button"
          class="button primary"
          onClick={() => {
            close();
            go({ kind: "dm", ids: [id] });
          }}
        >
          {t("profile.dm")}
        </button>
      </div>
    </Dialog>
  );
}

export default function Dialogs({ open }: { open: Overlay }) {
  switch (open.kind) {
    case "shortcuts":
      return <Shortcuts />;
    case "history":
      return <History message={open.message} />;
    case "source":
      return <Source message={open.message} />;
    case "receipts":
      return <Receipts id={open.id} />;
    case "report":
      return <ReportMessage id={open.id} close={close} />;
    case "move":
      return <MoveMessages message={open.message} close={close} />;
    case "confirm":
      return <Confirm open={open} />;
    case "profile":
      return <Profile id={open.id} />;
    case "manage-person":
      return <ManagePerson id={open.id} close={close} />;
    case "new-stream":
      return <NewStreamDialog close={close} />;
    case "stream":
      return <StreamSettings id={open.id} section={open.section} />;
    case "rename-topic":
      return <RenameTopic place={open.place} close={close} />;
    case "status":
      return <StatusDialog close={close} />;
    case "new-widget":
      return <NewWidget widget={open.widget} close={close} />;
    case "schedule":
      return <ScheduleDialog {...open} close={close} />;
    default:
      return null;
  }
}
