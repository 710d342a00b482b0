// Polls and to-do lists: a message's widget is what its submessages, in order, have made of it.

import type { UserId } from "../api/types";

/** One act on a widget. The first says which widget it is and what it starts with. */
export interface Submessage {
  id: number;
  sender_id: UserId;
  msg_type: string;
  /** JSON. */
  content: string;
}

export interface PollOption {
  key: string;
  text: string;
  voters: readonly UserId[];
}

export interface Poll {
  kind: "poll";
  owner: UserId;
  question: string;
  options: readonly PollOption[];
}

export interface Task {
  key: string;
  text: string;
  about: string;
  done: boolean;
}

export interface TodoList {
  kind: "todo";
  owner: UserId;
  title: string;
  tasks: readonly Task[];
}

export type Widget = Poll | TodoList;

type Json = Record<string, unknown>;

/** Options and tasks that came with the message belong to nobody. */
const CANNED = "canned";
/** As many as one person may add to one widget. */
const MOST = 1000;

const text = (value: unknown) => (typeof value === "string" ? value : "");

function isIndex(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < MOST;
}

function read(content: string): Json {
  try {
    const value: unknown = JSON.parse(content);
    return value && typeof value === "object" ? (value as Json) : {};
  } catch {
    return {};
  }
}

function addOption(poll: Poll, key: string, option: string): Poll {
  const known = poll.options.some((one) => one.key === key || one.text === option);
  return option === "" || known ? poll : { ...poll, options: [...poll.options, { key, text: option, voters: [] }] };
}

function addTask(list: TodoList, key: string, data: Json): TodoList {
  const task = { key, text: text(data.task), about: text(data.desc), done: data.completed === true };
  const known = list.tasks.some((one) => one.key === key || one.text === task.text);
  return task.text === "" || known ? list : { ...list, tasks: [...list.tasks, task] };
}

function started(first: Submessage, owner: UserId): Widget | undefined {
  const { widget_type, extra_data } = read(first.content);
  const extra = (extra_data && typeof extra_data === "object" ? extra_data : {}) as Json;
  if (widget_type === "poll") {
    const options = Array.isArray(extra.options) ? extra.options : [];
    const poll: Poll = { kind: "poll", owner, question: text(extra.question), options: [] };
    return options.reduce<Poll>((all, option, i) => addOption(all, `${CANNED},${i}`, text(option)), poll);
  }
  if (widget_type === "todo") {
    const tasks = Array.isArray(extra.tasks) ? (extra.tasks as Json[]) : [];
    const list: TodoList = { kind: "todo", owner, title: text(extra.task_list_title), tasks: [] };
    return tasks.reduce<TodoList>((all, task, i) => addTask(all, `${i},${CANNED}`, task ?? {}), list);
  }
  return undefined;
}

function vote(poll: Poll, voter: UserId, data: Json): Poll {
  if (data.vote !== 1 && data.vote !== -1) return poll;
  return {
    ...poll,
    options: poll.options.map((one) => {
      if (one.key !== data.key) return one;
      const others = one.voters.filter((id) => id !== voter);
      return { ...one, voters: data.vote === 1 ? [...others, voter] : others };
    }),
  };
}

function actOnPoll(poll: Poll, sender: UserId, data: Json): Poll {
  switch (data.type) {
    case "vote":
      return vote(poll, sender, data);
    case "new_option":
      return isIndex(data.idx) ? addOption(poll, `${sender},${data.idx}`, text(data.option)) : poll;
    case "question":
      return sender === poll.owner ? { ...poll, question: text(data.question) } : poll;
    default:
      return poll;
  }
}

function actOnList(list: TodoList, sender: UserId, data: Json): TodoList {
  switch (data.type) {
    case "new_task":
      return isIndex(data.key) ? addTask(list, `${data.key},${sender}`, data) : list;
    case "strike":
      return { ...list, tasks: list.tasks.map((one) => (one.key === data.key ? { ...one, done: !one.done } : one)) };
    case "new_task_list_title":
      return sender === list.owner ? { ...list, title: text(data.title) } : list;
    default:
      return list;
  }
}

/** The widget of a message by `owner`; nothing if it has none that is known here. */
export function widgetOf(submessages: readonly Submessage[], owner: UserId): Widget | undefined {
  const [first, ...acts] = submessages.filter((one) => one.msg_type === "widget").sort((a, b) => a.id - b.id);
  const widget = first && started(first, owner);
  if (!widget) return undefined;
  return acts.reduce<Widget>((state, { sender_id, content }) => {
    const data = read(content);
    return state.kind === "poll" ? actOnPoll(state, sender_id, data) : actOnList(state, sender_id, data);
  }, widget);
}

/** What was fetched and what came since, each act once. */
export function together(fetched: readonly Submessage[], later: readonly Submessage[]): Submessage[] {
  return [...new Map([...fetched, ...later].map((one) => [one.id, one])).values()];
}

/** The number for one's next option or task: one above those already there. */
export function nextIndex(widget: Widget, me: UserId): number {
  const keys =
    widget.kind === "poll"
      ? widget.options.map((one) => one.key.split(","))
      : widget.tasks.map((one) => one.key.split(",").reverse());
  const used = keys.filter(([who]) => who === String(me)).map(([, index]) => Number(index));
  return Math.max(0, ...used) + 1;
}

const lineList = (lines: string) =>
  lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The message that makes a poll. */
export const pollText = (question: string, options: string): string =>
  [`/poll ${question.trim()}`, ...lineList(options)].join("\n");

/** The message that makes a to-do list. A colon parts a task from what there is to say about it. */
export const todoText = (title: string, tasks: string): string =>
  [`/todo ${title.trim()}`.trim(), ...lineList(tasks)].join("\n");
