// Telling about new messages: on the desktop and by a sound.

import { signal } from "@preact/signals";
import type { ServerEvent } from "../api/events";
import { go } from "../app/route";
import * as state from "../app/state";
import { t } from "../i18n";
import { fromApi, type Message } from "../messages/model";
import { peopleNames, topicName } from "../messages/row";
import { policyOf } from "../topics/data";
import { type Telling, tellOf } from "./data";
import { type Note, SOUNDS } from "./sounds";

const SHOWN_CHARACTERS = 200;

function telling(message: Message): Telling {
  const { place, senderId, flags } = message;
  const inStream = place.kind === "stream";
  return tellOf(
    { place, senderId, flags: [...flags] },
    {
      me: state.me.peek(),
      settings: state.settings.peek(),
      stream: inStream ? state.streams.peek().get(place.streamId) : undefined,
      topicPolicy: inStream ? policyOf(state.topics.peek(), place.streamId, place.topic) : 0,
      isTopicMuted: inStream && state.isTopicMuted(place.streamId, place.topic),
      mutedUsers: state.people.peek().muted,
    },
  );
}

function plainText(html: string): string {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  // What a spoiler hides stays hidden.
  for (const hidden of body.querySelectorAll(".spoiler-content")) hidden.replaceWith("…");
  return body.textContent?.trim().slice(0, SHOWN_CHARACTERS) ?? "";
}

function title({ place, senderName }: Message): string {
  if (place.kind === "dm") return place.ids.length > 1 ? `${senderName} (${peopleNames(place.ids)})` : senderName;
  return `${senderName} · #${state.streams.peek().get(place.streamId)?.name ?? ""} › ${topicName(place.topic)}`;
}

function showOnDesktop(message: Message): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const secret = message.place.kind === "dm" && state.settings.peek().pm_content_in_desktop_notifications === false;
  const body = secret ? t("notification.secret") : plainText(message.content);
  const shown = new Notification(title(message), { body, tag: `m${message.id}`, silent: true });
  shown.onclick = () => {
    window.focus();
    go(message.place);
    shown.close();
  };
}

/** At full volume. */
const LOUDEST = 0.2;
const SOFT_START = 0.015;
const INAUDIBLE = 0.0001;
const VOLUME_KEY = "narrows:volume";
let audio: AudioContext | undefined;

/** In percent; each browser stands in a room of its own. */
export const volume = signal(Number(localStorage.getItem(VOLUME_KEY) ?? 60));

export function setVolume(percent: number): void {
  volume.value = percent;
  localStorage.setItem(VOLUME_KEY, String(percent));
}

function play(context: AudioContext, wave: OscillatorType, { pitch, to, at, length }: Note, loudness: number): void {
  const start = context.currentTime + at;
  const note = context.createOscillator();
  const gain = context.createGain();
  note.type = wave;
  note.frequency.setValueAtTime(pitch, start);
  if (to) note.frequency.exponentialRampToValueAtTime(to, start + length);
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + SOFT_START);
  gain.gain.exponentialRampToValueAtTime(INAUDIBLE, start + length);
  note.connect(gain).connect(context.destination);
  note.start(start);
  note.stop(start + length);
}

/** The sound that the reader has chosen, as loud as they want it. */
export function playSound(): void {
  const chosen = String(state.settings.peek().notification_sound ?? "zulip");
  const sound = SOUNDS[chosen];
  const loudness = (LOUDEST * volume.peek()) / 100;
  if (!sound || loudness < INAUDIBLE) return;
  audio ??= new AudioContext();
  for (const note of sound.notes) play(audio, sound.wave, note, loudness);
}

/** Tells about an event's message while the window is not being looked at. */
export function notifyOf(event: ServerEvent): void {
  if (event.type !== "message" || document.hasFocus()) return;
  const message = fromApi(event.message, state.me.peek(), event.flags);
  const { desktop, sound } = telling(message);
  if (desktop) showOnDesktop(message);
  if (sound) playSound();
}

/** Browsers ask only in answer to a click. */
export function askOnFirstClick(): void {
  if (!("Notification" in window) || Notification.permission !== "default") return;
  addEventListener("click", () => void Notification.requestPermission(), { once: true });
}
