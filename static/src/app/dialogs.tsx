// The small dialogs about messages and people. Loaded when the first one is opened.

import { useEffect, useRef, useState } from "preact/hooks";
import * as calls from "../api/calls";
import { copy } from "../dom/clipboard";
import { Dialog, Skeleton } from "../dom/ui";
import { t } from "../i18n";
import { Shortcuts } from "../keyboard/ui";
import { renderContent } from "../messages/content";
import type { Message } from "../messages/model";
import { ReportMessage } from "../messages/report";
import { fullTime } from "../messages/time";
import { StatusLine } from "../people/card";
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
import { signalError } from "./feedback";
import { type Overlay, overlay } from "./overlays";
import { go } from "./route";
import * as state from "./state";

function close(): void {
  overlay.value = undefined;
}

function Rendered({ html }: { html: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    ref.current?.replaceChildren(renderContent(html, { me: state.me.value, twentyFour: false, playgrounds: [] }));
  }, [html]);
  return <div ref={ref} />;
}

function History({ message }: { message: Message }) {
  const [list, setList] = useState<calls.HistoryEntry[]>();
  useEffect(() => {
    calls
      .getHistory(message.id)
      .then((answer) => setList([...answer.message_history].reverse()))
      .catch(signalError);
  }, []);
  return (
    <Dialog label={t("menu.history")} onClose={close}>
      <h2>{t("menu.history")}</h2>
      {!list && <Skeleton rows={2} />}
      {list?.map((one) => (
        <article class="history" key={`${one.timestamp}`}>
          <h3>
            {state.people.value.byId.get(one.user_id ?? 0)?.name ?? ""} ·{" "}
            {fullTime(one.timestamp, state.settings.value.twenty_four_hour_time)}
          </h3>
          {one.prev_topic !== undefined && <p>{t("history.topic", { from: one.prev_topic, to: one.topic ?? "" })}</p>}
          {one.rendered_content !== undefined && <Rendered html={one.rendered_content} />}
        </article>
      ))}
    </Dialog>
  );
}

/** A message as it was written. */
function Source({ message }: { message: Message }) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    calls
      .getMessage(message.id, false)
      .then((answer) => setText(answer.message.content))
      .catch((error) => {
        close();
        signalError(error);
      });
  }, []);
  return (
    <Dialog label={t("menu.source")} onClose={close}>
      <h2>{t("menu.source")}</h2>
      {text === undefined ? (
        <Skeleton rows={2} />
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
  const [ids, setIds] = useState<number[]>();
  useEffect(() => {
    calls
      .getReadReceipts(id)
      .then((answer) => setIds(answer.user_ids))
      .catch((error) => {
        close();
        signalError(error);
      });
  }, []);
  const people = (ids ?? []).flatMap((one) => state.people.value.byId.get(one) ?? []);
  return (
    <Dialog label={t("menu.receipts")} onClose={close}>
      <h2>{t("menu.receipts")}</h2>
      {!ids && <Skeleton rows={2} />}
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
