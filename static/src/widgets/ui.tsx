// A poll or a to-do list inside a message.

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sendSubmessage } from "../api/later";
import { signalError } from "../app/feedback";
import { me, people } from "../app/state";
import { Icon, IconButton } from "../dom/ui";
import { t } from "../i18n";
import type { Message } from "../messages/model";
import { nextIndex, type Poll, type PollOption, type TodoList, together, widgetOf } from "./data";
import { arrived } from "./events";

type Act = (content: Record<string, unknown>) => void;

/** A line of text that is added with Enter or its button. */
function Adder({ label, add }: { label: string; add(text: string): void }) {
  const [text, setText] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    add(text.trim());
    setText("");
  };
  return (
    <form class="widget-add" onSubmit={submit}>
      <input
        aria-label={label}
        placeholder={label}
        maxLength={250}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <IconButton icon="plus" label={label} onClick={submit} />
    </form>
  );
}

/** A heading that its author can change. */
function Title({
  text,
  fallback,
  mine,
  save,
}: {
  text: string;
  fallback: string;
  mine: boolean;
  save(text: string): void;
}) {
  const [draft, setDraft] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), [draft === undefined]);
  if (draft === undefined) {
    return (
      <h3 class="widget-title">
        {text || fallback}
        {mine && <IconButton icon="edit" label={t("widget.rename")} onClick={() => setDraft(text)} />}
      </h3>
    );
  }
  const submit = (event: Event) => {
    event.preventDefault();
    if (draft.trim() !== text) save(draft.trim());
    setDraft(undefined);
  };
  return (
    <form class="widget-add" onSubmit={submit}>
      <input
        ref={input}
        aria-label={t("widget.rename")}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          setDraft(undefined);
        }}
      />
      <IconButton icon="check" label={t("edit.save")} onClick={submit} />
    </form>
  );
}

function Option({ option, most, act }: { option: PollOption; most: number; act: Act }) {
  const mine = option.voters.includes(me.value);
  const names = option.voters.map((id) => (id === me.value ? t("you") : (people.value.byId.get(id)?.name ?? "?")));
  const share = most > 0 ? Math.round((option.voters.length / most) * 100) : 0;
  return (
    <li class="poll-option">
      <button
        type="button"
        class="poll-vote"
        aria-pressed={mine}
        aria-label={t("poll.vote", { option: option.text, count: option.voters.length })}
        onClick={() => act({ type: "vote", key: option.key, vote: mine ? -1 : 1 })}
      >
        {option.voters.length}
      </button>
      <span class="poll-text">
        <span>{option.text}</span>
        <progress aria-hidden="true" max={100} value={share} />
        {names.length > 0 && <small>{names.join(", ")}</small>}
      </span>
    </li>
  );
}

function PollView({ poll, act }: { poll: Poll; act: Act }) {
  const most = Math.max(...poll.options.map((one) => one.voters.length), 0);
  const mine = poll.owner === me.value;
  return (
    <>
      <Title
        text={poll.question}
        fallback={t("poll.noQuestion")}
        mine={mine}
        save={(question) => act({ type: "question", question })}
      />
      <ul>
        {poll.options.map((one) => (
          <Option key={one.key} option={one} most={most} act={act} />
        ))}
      </ul>
      <Adder
        label={t("poll.addOption")}
        add={(option) => act({ type: "new_option", idx: nextIndex(poll, me.value), option })}
      />
    </>
  );
}

function TodoView({ list, act }: { list: TodoList; act: Act }) {
  return (
    <>
      <Title
        text={list.title}
        fallback={t("todo.untitled")}
        mine={list.owner === me.value}
        save={(title) => act({ type: "new_task_list_title", title })}
      />
      <ul>
        {list.tasks.map((one) => (
          <li key={one.key}>
            <label class={`todo-task ${one.done ? "done" : ""}`}>
              <input type="checkbox" checked={one.done} onChange={() => act({ type: "strike", key: one.key })} />
              <span>
                {one.text}
                {one.about && <small>{one.about}</small>}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <Adder
        label={t("todo.addTask")}
        add={(task) => act({ type: "new_task", key: nextIndex(list, me.value), task, desc: "", completed: false })}
      />
    </>
  );
}

function WidgetView({ message }: { message: Message }) {
  const act: Act = (content) => void sendSubmessage(message.id, content).catch(signalError);
  const widget = widgetOf(together(message.submessages, arrived.value.get(message.id) ?? []), message.senderId);
  if (!widget) return null;
  return (
    <section class={`widget ${widget.kind}`} aria-label={t(`widget.${widget.kind}`)}>
      <p class="widget-kind">
        <Icon name={widget.kind === "poll" ? "chart" : "check"} />
        {t(`widget.${widget.kind}`)}
      </p>
      {widget.kind === "poll" ? <PollView poll={widget} act={act} /> : <TodoView list={widget} act={act} />}
    </section>
  );
}

/** Draws a message's widget into its place. It follows what others do by itself. */
export function showWidget(host: HTMLElement, message: Message): void {
  render(<WidgetView message={message} />, host);
}
