// Browsing, joining, leaving and creating streams.

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { subscribe, unsubscribe } from "../api/calls";
import { signalError } from "../app/feedback";
import { overlay } from "../app/overlays";
import { hashFor } from "../app/route";
import { realm, streams } from "../app/state";
import { rank } from "../compose/data";
import { Dialog, Icon } from "../dom/ui";
import { t } from "../i18n";
import { narrowToStream } from "../narrow/data";
import { byName, type Stream } from "./data";

const query = signal("");

function StreamCard({ stream }: { stream: Stream }) {
  const toggle = () => {
    const call = stream.isSubscribed ? unsubscribe([stream.name]) : subscribe([{ name: stream.name }]);
    call.catch(signalError);
  };
  return (
    <li class="stream-card">
      <span class="stream-icon" style={{ color: stream.color }}>
        <Icon name={stream.isPrivate ? "lock" : stream.isWebPublic ? "globe" : "hash"} />
      </span>
      <a class="stream-card-text" href={hashFor(narrowToStream(stream.id))} data-focus-row>
        <strong>{stream.name}</strong>
        <span>{stream.description}</span>
      </a>
      {stream.subscriberCount > 0 && <small>{t("stream.members", { count: stream.subscriberCount })}</small>}
      <button type="button" class={`button ${stream.isSubscribed ? "" : "primary"}`} onClick={toggle}>
        {stream.isSubscribed ? t("stream.leave") : t("stream.join")}
      </button>
    </li>
  );
}

export function StreamsView() {
  const all = [...streams.value.values()].filter((one) => !one.isArchived).sort(byName);
  return (
    <div class="page streams">
      <div class="chips">
        <input
          type="search"
          aria-label={t("streams.filter")}
          placeholder={t("streams.filter")}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
        {!realm.value.isGuest && (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              overlay.value = { kind: "new-stream" };
            }}
          >
            <Icon name="plus" />
            {t("stream.create")}
          </button>
        )}
      </div>
      <ul>
        {rank(all, (one) => one.name, query.value, 500).map((one) => (
          <StreamCard key={one.id} stream={one} />
        ))}
      </ul>
    </div>
  );
}

export function NewStreamDialog({ close }: { close(): void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const [error, setError] = useState("");
  const create = async (event: Event) => {
    event.preventDefault();
    try {
      await subscribe([{ name: name.trim(), description }], { invite_only: isPrivate });
      close();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <Dialog label={t("stream.create")} onClose={close}>
      <form class="form" onSubmit={create}>
        <h2>{t("stream.create")}</h2>
        {error && (
          <p class="form-error" role="alert">
            {error}
          </p>
        )}
        <label>
          {t("stream.name")}
          <input required maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          {t("stream.description")}
          <input maxLength={1024} value={description} onInput={(event) => setDescription(event.currentTarget.value)} />
        </label>
        <label class="check">
          <input type="checkbox" checked={isPrivate} onInput={(event) => setPrivate(event.currentTarget.checked)} />
          {t("stream.private")}
        </label>
        <div class="form-buttons">
          <button type="button" class="button" onClick={close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary">
            {t("stream.create")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
