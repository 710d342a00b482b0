// Personal settings that change the daily look and feel.

import { overlay } from "../app/overlays";
import { settings } from "../app/state";
import { Dialog } from "../dom/ui";
import { LANGUAGES, t } from "../i18n";
import { DENSITIES, densityOf, FONT_SIZES, LINE_HEIGHTS, SCHEME, themeOf } from "./data";
import { changeSetting } from "./events";

function Choice<T extends string | number>(props: {
  legend: string;
  value: T;
  options: readonly (readonly [T, string])[];
  choose(value: T): void;
}) {
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      {props.options.map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={props.legend}
            checked={props.value === value}
            onChange={() => props.choose(value)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Check({ name, label }: { name: string; label: string }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={settings.value[name] === true}
        onInput={(event) => void changeSetting(name, event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

export default function SettingsDialog() {
  const close = () => {
    overlay.value = undefined;
  };
  const current = settings.value;
  const density = densityOf(current.web_line_height_percent ?? 140);
  return (
    <Dialog label={t("settings.title")} onClose={close}>
      <div class="form">
        <h2>{t("settings.title")}</h2>
        <Choice
          legend={t("settings.theme")}
          value={themeOf(current.color_scheme)}
          options={[
            ["auto", t("theme.auto")],
            ["light", t("theme.light")],
            ["dark", t("theme.dark")],
          ]}
          choose={(theme) => void changeSetting("color_scheme", SCHEME[theme])}
        />
        <Choice
          legend={t("settings.density")}
          value={density}
          options={DENSITIES.map((one) => [one, t(`density.${one}`)] as const)}
          choose={(one) => void changeSetting("web_line_height_percent", LINE_HEIGHTS[one])}
        />
        <Choice
          legend={t("settings.fontSize")}
          value={current.web_font_size_px ?? 15}
          options={FONT_SIZES.map((size) => [size, String(size)] as const)}
          choose={(size) => void changeSetting("web_font_size_px", size)}
        />
        <Choice
          legend={t("settings.home")}
          value={current.web_home_view}
          options={[
            ["inbox", t("view.inbox")],
            ["recent", t("view.recent")],
            ["all_messages", t("view.feed")],
          ]}
          choose={(view) => void changeSetting("web_home_view", view)}
        />
        <Choice
          legend={t("settings.language")}
          value={current.default_language}
          options={Object.entries(LANGUAGES)}
          choose={(code) => void changeSetting("default_language", code)}
        />
        <Check name="enter_sends" label={t("settings.enterSends")} />
        <Check name="twenty_four_hour_time" label={t("settings.twentyFour")} />
        <Check name="enable_desktop_notifications" label={t("settings.desktopNotifications")} />
        <div class="form-buttons">
          <button type="button" class="button primary" onClick={close}>
            {t("close")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
