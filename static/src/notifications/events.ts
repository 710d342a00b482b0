// Telling about new messages: on the desktop and by a sound.

import type { ServerEvent } from "../api/events";
import { go } from "../app/route";
import * as state from "../app/state";
import { t } from "../i18n";
import { fromApi, type Message } from "../messages/model";
import { peopleNames, topicName } from "../messages/row";
import { policyOf } from "../topics/data";
import { type Telling, tellOf } from "./data";

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

/** Pitch in hertz and start in seconds of each note. */
const NOTES = [
  [660, 0],
  [880, 0.11],
] as const;
const NOTE_SECONDS = 0.28;
const LOUDNESS = 0.12;
let audio: AudioContext | undefined;

/** Two soft notes. They are made here: nothing is fetched, and nothing waits. */
export function playSound(): void {
  audio ??= new AudioContext();
  const now = audio.currentTime;
  for (const [pitch, start] of NOTES) {
    const note = audio.createOscillator();
    const volume = audio.createGain();
    note.frequency.value = pitch;
    volume.gain.setValueAtTime(0, now + start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, now + start + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + start + NOTE_SECONDS);
    note.connect(volume).connect(audio.destination);
    note.start(now + start);
    note.stop(now + start + NOTE_SECONDS);
  }
}

/** Tells about an event's message while the window is not being looked at. */
export function notifyOf(event: ServerEvent): void {
  if (event.type !== "message" || document.hasFocus()) return;
  const message = fromApi(event.message, state.me.peek(), event.flags);
  const { desktop, sound } = telling(message);
  if (desktop) showOnDesktop(message);
  if (sound && state.settings.peek().notification_sound !== "none") playSound();
}

/** Browsers ask only in answer to a click. */
export function askOnFirstClick(): void {
  if (!("Notification" in window) || Notification.permission !== "default") return;
  addEventListener("click", () => void Notification.requestPermission(), { once: true });
}
