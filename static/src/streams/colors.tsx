// The colour of a stream: one's own choice, seen by nobody else.

import { popover } from "../app/overlays";
import { streams } from "../app/state";
import { t } from "../i18n";
import { setOwn } from "./events";

/** Told apart by hue and lightness; each is legible as a sign on light and dark ground. */
export const COLORS = [
  ["#c2473d", "#d9822b", "#b8910f", "#7a8f1a", "#3f9c4c", "#2a9d8f"],
  ["#2f8fb3", "#4f7de0", "#6f63d9", "#9557c9", "#c04fa8", "#d1567e"],
  ["#8c5a3c", "#a08a60", "#6b7f63", "#5b7f8a", "#6f7480", "#8a94a0"],
].flat();

export function ColorChoice({ value, choose }: { value: string; choose(color: string): void }) {
  return (
    <fieldset class="colors">
      <legend class="sr-only">{t("stream.color")}</legend>
      {COLORS.map((color) => (
        <label key={color}>
          <input
            type="radio"
            name="color"
            aria-label={color}
            checked={value.toLowerCase() === color}
            onChange={() => choose(color)}
          />
          <span style={{ background: color }} />
        </label>
      ))}
      <label class="color-own" title={t("stream.ownColor")}>
        <input
          type="color"
          aria-label={t("stream.ownColor")}
          value={value}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      </label>
    </fieldset>
  );
}

/** The choice as a panel beside the menu that it was opened from. */
export function colorPanel(id: number) {
  return () => {
    const stream = streams.value.get(id);
    if (!stream) return null;
    return (
      <ColorChoice
        value={stream.color}
        choose={(color) => {
          popover.value = undefined;
          void setOwn(stream, "color", color);
        }}
      />
    );
  };
}
