// Settings that stand in groups of their own: how everything looks, and what is told in which way. One's own, and those
// that people who are new begin with.

import { LANGUAGES, t } from "../i18n";
import { KINDS, settingOf, WAYS } from "../notifications/data";
import { Choice, Controls, type SettingsProps as Props } from "./controls";
import { CONTROLS, DENSITIES, densityOf, FONT_SIZES, LINE_HEIGHTS, SCHEME, themeOf } from "./data";

export function LookControls({ values, change }: Props) {
  return (
    <>
      <Choice
        legend={t("settings.theme")}
        value={themeOf(Number(values.color_scheme))}
        options={[
          ["auto", t("theme.auto")],
          ["light", t("theme.light")],
          ["dark", t("theme.dark")],
        ]}
        choose={(theme) => change("color_scheme", SCHEME[theme])}
      />
      <Choice
        legend={t("settings.density")}
        value={densityOf(Number(values.web_line_height_percent ?? LINE_HEIGHTS.normal))}
        options={DENSITIES.map((one) => [one, t(`density.${one}`)] as const)}
        choose={(one) => change("web_line_height_percent", LINE_HEIGHTS[one])}
      />
      <Choice
        legend={t("settings.fontSize")}
        value={Number(values.web_font_size_px ?? 15)}
        options={FONT_SIZES.map((size) => [size, String(size)] as const)}
        choose={(size) => change("web_font_size_px", size)}
      />
      <Choice
        legend={t("settings.language")}
        value={String(values.default_language)}
        options={Object.entries(LANGUAGES)}
        choose={(code) => change("default_language", code)}
      />
      <Controls list={CONTROLS.looks} values={values} change={change} />
    </>
  );
}

/** What happens for which messages: one table instead of twelve lines. */
export function NotificationTable({ values, change }: Props) {
  return (
    <table class="settings-table">
      <thead>
        <tr>
          <td />
          {WAYS.map((way) => (
            <th key={way} scope="col">
              {t(`settings.way.${way}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {KINDS.map((kind) => (
          <tr key={kind}>
            <th scope="row">{t(`settings.kind.${kind}`)}</th>
            {WAYS.map((way) => {
              const name = settingOf(kind, way);
              return (
                <td key={way}>
                  <input
                    type="checkbox"
                    aria-label={`${t(`settings.kind.${kind}`)}: ${t(`settings.way.${way}`)}`}
                    checked={values[name] === true}
                    onInput={(event) => change(name, event.currentTarget.checked)}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
