// The compose box.

import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { renderMessage } from "../api/calls";
import { reasonOf } from "../app/feedback";
import { openEmojiPicker, openMenu, openPanel, overlay } from "../app/overlays";
import { conversation, currentStream } from "../app/route";
import { isSpectator, toLogin } from "../app/spectator";
import { callServer, me, playgrounds, realm, settings, streams, topics } from "../app/state";
import type { IconName } from "../dom/html";
import { Icon, IconButton } from "../dom/ui";
import { written } from "../emoji/events";
import { t } from "../i18n";
import { renderContent } from "../messages/content";
import type { Place } from "../messages/model";
import { peopleNames, topicName } from "../messages/row";
import { PeoplePicker } from "../people/picker";
import { openTimeMenu } from "../schedule/menu";
import { destinations } from "../streams/data";
import { StreamIcon } from "../streams/icon";
import { upload } from "../uploads/events";
import { Uploads } from "../uploads/ui";
import type { Target } from "./data";
import * as events from "./events";
import { FORMATS, type Format } from "./format";
import { Textarea, type TextareaHandle } from "./textarea";

const previewing = signal(false);
const ICONS: Record<Format, IconName> = {
  bold: "bold",
  italic: "italic",
  strike: "strike",
  link: "link",
  code: "code",
  math: "math",
  quote: "quote",
  list: "list",
  numbers: "numbers",
  spoiler: "spoiler",
};

function placeOf(target: Target): Place | undefined {
  if (target.kind === "dm") return { kind: "dm", ids: target.ids };
  return target.streamId === undefined ? undefined : { kind: "stream", streamId: target.streamId, topic: target.topic };
}

function StreamTarget({ target }: { target: Extract<Target, { kind: "stream" }> }) {
  // There may be hundreds, and they are the same for every key that is typed.
  const choices = useMemo(
    () =>
      destinations(streams.value, target.streamId).map((one) => (
        <option key={one.id} value={String(one.id)}>
          {one.name}
        </option>
      )),
    [streams.value, target.streamId],
  );
  const known = target.streamId === undefined ? [] : (topics.value.lists.get(target.streamId) ?? []);
  const stream = target.streamId === undefined ? undefined : streams.value.get(target.streamId);
  return (
    <div class="compose-target">
      {stream ? <StreamIcon stream={stream} /> : <Icon name="hash" />}
      <select
        class="compose-stream"
        aria-label={t("compose.stream")}
        value={target.streamId === undefined ? "" : String(target.streamId)}
        onChange={(event) => {
          const id = Number(event.currentTarget.value);
          events.setTarget({ ...target, streamId: id || undefined });
        }}
      >
        <option value="">{t("compose.chooseStream")}</option>
        {choices}
      </select>
      <Icon name="chevron" />
      <input
        class="compose-topic"
        aria-label={t("compose.topic")}
        placeholder={realm.value.topicsMandatory ? t("compose.topic") : topicName("")}
        maxLength={realm.value.maxTopicLength}
        list="compose-topics"
        value={target.topic}
        dir="auto"
        onInput={(event) => events.setTarget({ ...target, topic: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          events.compose.value = { ...events.compose.value, focus: events.compose.value.focus + 1 };
        }}
      />
      <datalist id="compose-topics">
        {known.slice(0, 30).map((one) => (
          <option key={one.name} value={one.name} />
        ))}
      </datalist>
    </div>
  );
}

function DmTarget({ target }: { target: Extract<Target, { kind: "dm" }> }) {
  const set = (ids: readonly number[]) => {
    const others = ids.length > 1 ? ids.filter((id) => id !== me.value) : ids;
    events.setTarget({ kind: "dm", ids: [...others].sort((a, b) => a - b) });
  };
  return (
    <div class="compose-target">
      <span class="compose-hash">
        <Icon name="people" />
      </span>
      <PeoplePicker
        label={t("compose.recipients")}
        class="compose-recipients"
        chosen={target.ids}
        change={set}
        onDone={() => {
          events.compose.value = { ...events.compose.value, focus: events.compose.value.focus + 1 };
        }}
      />
    </div>
  );
}

function Preview({ text }: { text: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (what: Node | string) => ref.current?.replaceChildren(what);
    if (text.trim() === "") return show(t("compose.previewEmpty"));
    const timer = setTimeout(async () => {
      const context = {
        me: me.value,
        twentyFour: settings.value.twenty_four_hour_time,
        playgrounds: playgrounds.value,
      };
      try {
        show(renderContent((await renderMessage(text)).rendered, context));
      } catch (error) {
        show(reasonOf(error));
      }
    }, 150);
    return () => clearTimeout(timer);
  }, [text]);
  return <section ref={ref} class="preview" aria-live="polite" aria-label={t("compose.preview")} />;
}

/** The closed box: what one click or key opens. */
function ComposeBar() {
  const place = conversation.value;
  const label = place
    ? place.kind === "dm"
      ? t("compose.messagePeople", { names: peopleNames(place.ids) })
      : t("compose.messageTopic", {
          stream: streams.value.get(place.streamId)?.name ?? "",
          topic: topicName(place.topic),
        })
    : t("compose.newMessage");
  const open = () => {
    events.openCompose(place ? events.targetOf(place) : { kind: "stream", streamId: currentStream.value, topic: "" });
  };
  return (
    <div class="compose-bar">
      <button type="button" class="compose-open" onClick={open}>
        {label}
      </button>
      <button type="button" class="button" onClick={() => events.openCompose({ kind: "dm", ids: [] })}>
        {t("compose.newDm")}
      </button>
    </div>
  );
}

function focusMissing(root: HTMLElement | null, target: Target, area: HTMLTextAreaElement | undefined): void {
  if (target.kind === "dm" && target.ids.length === 0) root?.querySelector<HTMLElement>(".compose-recipients")?.focus();
  else if (target.kind === "stream" && target.streamId === undefined) root?.querySelector("select")?.focus();
  else if (target.kind === "stream" && target.topic === "" && document.activeElement !== area) {
    const topic = root?.querySelector<HTMLElement>(".compose-topic");
    if (document.activeElement === topic) area?.focus();
    else topic?.focus();
  } else area?.focus();
}

function problemText(problem: NonNullable<typeof events.problem.value>): string {
  switch (problem) {
    case "no-stream":
      return t("problem.noStream");
    case "no-topic":
      return t("problem.noTopic");
    case "no-recipients":
      return t("problem.noRecipients");
    case "empty":
      return t("problem.empty");
    case "uploading":
      return t("problem.uploading");
    case "too-long":
      return t("problem.tooLong", { count: realm.value.maxMessageLength });
  }
}

interface ToolsProps {
  handle: { current: TextareaHandle | undefined };
  attach(files: Iterable<File>): void;
}

/** The buttons below the text: formatting, what can be put in, preview. */
function Tools({ handle, attach }: ToolsProps) {
  const files = useRef<HTMLInputElement>(null);
  const insert = (text: string) => handle.current?.insert(text);
  return (
    <>
      <span class="compose-formats">
        {FORMATS.map((format) => (
          <IconButton
            key={format}
            icon={ICONS[format]}
            label={t(`format.${format}`)}
            onClick={() => handle.current?.format(format)}
          />
        ))}
      </span>
      <IconButton
        icon="smile"
        label={t("compose.emoji")}
        onClick={(event) =>
          openEmojiPicker(event.currentTarget as HTMLElement, (one) => insert(`${written(one)} `), true)
        }
      />
      <IconButton icon="clock" label={t("compose.time")} onClick={() => handle.current?.startTypeahead("<time:")} />
      <IconButton icon="clip" label={t("compose.attach")} onClick={() => files.current?.click()} />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          attach([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      {callServer.value && (
        <IconButton
          icon="video"
          label={t("compose.call")}
          onClick={(event) =>
            openMenu(event.currentTarget as HTMLElement, t("compose.call"), [
              { label: t("compose.callVideo"), icon: "video", run: () => insert(`${events.callLink(false)} `) },
              { label: t("compose.callVoice"), icon: "mute", run: () => insert(`${events.callLink(true)} `) },
            ])
          }
        />
      )}
      <IconButton
        icon="more"
        id="compose-more"
        label={t("compose.more")}
        onClick={(event) =>
          openMenu(event.currentTarget as HTMLElement, t("compose.more"), [
            { label: t("compose.poll"), icon: "chart", run: () => openDialog("poll") },
            { label: t("compose.todo"), icon: "check", run: () => openDialog("todo") },
            { label: t("snippets.open"), icon: "clip", run: () => openSnippets(insert) },
          ])
        }
      />
      <IconButton
        icon="eye"
        id="compose-preview"
        label={t("compose.preview")}
        pressed={previewing.value}
        onClick={() => {
          previewing.value = !previewing.value;
        }}
      />
    </>
  );
}

function openDialog(widget: "poll" | "todo"): void {
  overlay.value = { kind: "new-widget", widget };
}

function openSnippets(insert: (text: string) => void): void {
  const anchor = document.getElementById("compose-more");
  if (!anchor) return;
  openPanel(anchor, t("snippets.open"), async () => {
    const { snippetPanel } = await import("../snippets/ui");
    return snippetPanel({ text: events.compose.peek().text, insert });
  });
}

/** What keys do anywhere in the box, not only in the text. */
function boxKey(event: KeyboardEvent, handle: TextareaHandle | undefined): boolean {
  if (event.altKey && event.code === "KeyP") {
    previewing.value = !previewing.value;
    // The text is hidden behind its preview: the button keeps the keyboard here.
    if (previewing.value) document.getElementById("compose-preview")?.focus();
    else queueMicrotask(() => handle?.element.focus());
  } else if ((event.ctrlKey || event.metaKey) && event.key === "'") {
    openSnippets((text) => handle?.insert(text));
  } else if (event.key === "Tab" && !event.shiftKey && event.target === handle?.element) {
    // The buttons between are there on the way back.
    document.getElementById("compose-send")?.focus();
  } else return false;
  return true;
}

function OpenCompose() {
  const { target, text, focus } = events.compose.value;
  const root = useRef<HTMLElement>(null);
  const handle = useRef<TextareaHandle | undefined>(undefined);
  // Before the next key can arrive, or it would be taken for a shortcut.
  useLayoutEffect(() => {
    if (focus > 0) focusMissing(root.current, target, handle.current?.element);
  }, [focus]);
  useSignalEffect(() => {
    if (!events.compose.value.open) previewing.value = false;
  });
  const submit = () => {
    if (events.send()) previewing.value = false;
  };
  const attach = (files: Iterable<File>) => {
    const at = handle.current?.element.selectionEnd ?? text.length;
    upload(
      files,
      events.composeSink(() => at),
    );
  };
  const onDrop = (event: DragEvent) => {
    const dropped = [...(event.dataTransfer?.files ?? [])];
    if (dropped.length === 0) return;
    event.preventDefault();
    attach(dropped);
  };
  const left = realm.value.maxMessageLength - text.length;
  return (
    <section
      ref={root}
      class="compose"
      aria-label={t("compose.label")}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
      onKeyDown={(event) => {
        if (!boxKey(event, handle.current)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div class="compose-head">
        {target.kind === "stream" ? <StreamTarget target={target} /> : <DmTarget target={target} />}
        <IconButton icon="close" label={t("compose.close")} onClick={events.closeCompose} />
      </div>
      {events.problem.value && (
        <p class="compose-problem" role="alert">
          {problemText(events.problem.value)}
        </p>
      )}
      {previewing.value && <Preview text={text} />}
      <div hidden={previewing.value}>
        <Textarea
          value={text}
          label={t("compose.text")}
          placeholder={t("compose.placeholder")}
          place={placeOf(target)}
          onChange={events.setText}
          onSubmit={submit}
          onEscape={events.closeCompose}
          onFiles={attach}
          handle={(one) => {
            handle.current = one;
          }}
        />
      </div>
      <Uploads />
      <div class="compose-tools" role="toolbar" aria-label={t("compose.tools")}>
        <Tools handle={handle} attach={attach} />
        <span class="spacer" />
        {left < 500 && <span class={`compose-left ${left < 0 ? "over" : ""}`}>{left}</span>}
        <span class="send-group">
          <button type="button" id="compose-send" class="button primary" onClick={submit}>
            <Icon name="send" />
            {t("compose.send")}
          </button>
          <IconButton
            icon="chevron"
            class="send-later"
            label={t("schedule.menu")}
            onClick={(event) =>
              openTimeMenu(event.currentTarget as HTMLElement, t("schedule.menu"), (at) => void events.sendLater(at))
            }
          />
        </span>
      </div>
    </section>
  );
}

/** What stands in the place of the box for who cannot write. */
function LogInBar() {
  return (
    <div class="compose-bar log-in-bar">
      <p>{t("spectator.here")}</p>
      <button type="button" class="button primary" onClick={toLogin}>
        {t("spectator.logIn")}
      </button>
    </div>
  );
}

export function ComposeBox() {
  const { open } = events.compose.value;
  const before = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  // Read before the box takes the focus; what it was opened from may itself be gone when it closes.
  if (open && !wasOpen.current) before.current = document.activeElement;
  wasOpen.current = open;
  useLayoutEffect(() => {
    if (open || !before.current || document.activeElement !== document.body) return;
    const to = before.current.isConnected ? before.current : document.querySelector(".compose-open");
    if (to instanceof HTMLElement) to.focus({ preventScroll: true });
  }, [open]);
  if (isSpectator) return <LogInBar />;
  return open ? <OpenCompose /> : <ComposeBar />;
}
