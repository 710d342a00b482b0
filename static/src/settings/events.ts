// Makes the page look as the settings say, and changes settings.

import { effect, signal } from "@preact/signals";
import { updateSettings } from "../api/calls";
import type { ServerEvent } from "../api/events";
import type { Register } from "../api/types";
import { signalError } from "../app/feedback";
import { phase, settings } from "../app/state";
import { setLanguage } from "../i18n";
import { densityOf, SCHEME, themeOf } from "./data";

const THEME_KEY = "narrows:theme";

/** Follows the settings for as long as the page lives. The theme is remembered here, to be right from the first paint. */
export function followSettings(): void {
  const root = document.documentElement;
  root.dataset.theme = localStorage.getItem(THEME_KEY) ?? "auto";
  effect(() => {
    if (phase.value !== "ready") return;
    const { color_scheme, web_font_size_px, web_line_height_percent, default_language, fluid_layout_width } =
      settings.value;
    root.dataset.theme = themeOf(color_scheme);
    root.dataset.width = fluid_layout_width ? "fluid" : "fixed";
    root.dataset.density = densityOf(web_line_height_percent ?? 140);
    root.style.setProperty("--font-size", `${web_font_size_px ?? 15}px`);
    localStorage.setItem(THEME_KEY, root.dataset.theme);
    void setLanguage(default_language);
  });
}

/** Changes a setting at once here, then on the server; puts it back if the server refuses. Says whether it holds. */
export async function changeSetting(name: string, value: unknown): Promise<boolean> {
  const before = settings.peek()[name];
  settings.value = { ...settings.peek(), [name]: value };
  try {
    await updateSettings({ [name]: value });
    return true;
  } catch (error) {
    settings.value = { ...settings.peek(), [name]: before };
    signalError(error);
    return false;
  }
}

/** From light to dark, or back. */
export function swapTheme(): void {
  const theme = themeOf(settings.peek().color_scheme);
  const isDark = theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  void changeSetting("color_scheme", isDark ? SCHEME.light : SCHEME.dark);
}

// ---- alert words ----

export const alertWords = signal<readonly string[]>([]);

export function loadAlertWords(state: Register): void {
  alertWords.value = state.alert_words ?? [];
}

export function applyAlertWords(event: ServerEvent): void {
  if (event.type === "alert_words") alertWords.value = event.alert_words;
}
