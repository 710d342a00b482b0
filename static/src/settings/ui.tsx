// The settings, by section.

import { type Overlay, overlay } from "../app/overlays";
import { realm, settings } from "../app/state";
import { Dialog, Tabs } from "../dom/ui";
import { type Key, LANGUAGES, t } from "../i18n";
import { KINDS, settingOf, WAYS } from "../notifications/data";
import { playSound } from "../notifications/events";
import { Choice, OwnControls } from "./controls";
import {
  CONTROLS,
  DENSITIES,
  densityOf,
  FONT_SIZES,
  LINE_HEIGHTS,
  SCHEME,
  SECTIONS,
  type Section,
  themeOf,
} from "./data";
import { EmojiSettings } from "./emoji";
import { changeSetting } from "./events";
import { GroupSettings } from "./groups";
import { OrganizationSettings } from "./organization";
import { PeopleSettings } from "./people";
import { ProfileSettings } from "./profile";

function Looks() {
  const current = settings.value;
  return (
    <div class="form">
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
        value={densityOf(current.web_line_height_percent ?? LINE_HEIGHTS.normal)}
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
        legend={t("settings.language")}
        value={current.default_language}
        options={Object.entries(LANGUAGES)}
        choose={(code) => void changeSetting("default_language", code)}
      />
    </div>
  );
}

/** What happens for which messages: one table instead of twelve lines. */
function NotificationTable() {
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
                    checked={settings.value[name] === true}
                    onInput={(event) => void changeSetting(name, event.currentTarget.checked)}
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

function Notifications() {
  const asked = "Notification" in window ? Notification.permission : "denied";
  return (
    <div class="form">
      {asked !== "granted" && (
        <p>
          {t("settings.desktopOff")}{" "}
          <button type="button" class="link-button" onClick={() => void Notification.requestPermission()}>
            {t("settings.desktopAllow")}
          </button>
        </p>
      )}
      <NotificationTable />
      <div>
        <button type="button" class="button" onClick={playSound}>
          {t("settings.tryOut")}
        </button>
      </div>
      <OwnControls list={CONTROLS.notifications} />
    </div>
  );
}

function Habits() {
  return (
    <div class="form">
      <OwnControls list={CONTROLS.habits} />
      <h3>{t("settings.privacy")}</h3>
      <OwnControls list={CONTROLS.privacy} />
    </div>
  );
}

const VIEWS: Record<Section, () => preact.JSX.Element> = {
  profile: ProfileSettings,
  looks: Looks,
  habits: Habits,
  notifications: Notifications,
  people: PeopleSettings,
  groups: GroupSettings,
  emoji: EmojiSettings,
  organization: OrganizationSettings,
};

export default function SettingsDialog({ open }: { open: Extract<Overlay, { kind: "settings" }> }) {
  const current = open.section ?? "looks";
  const sections = SECTIONS.filter((one) => one !== "organization" || realm.value.isAdmin);
  const View = VIEWS[current];
  const close = () => {
    overlay.value = undefined;
  };
  return (
    <Dialog label={t("settings.title")} onClose={close} class="wide settings">
      <h2>{t("settings.title")}</h2>
      <Tabs
        label={t("settings.title")}
        tabs={sections.map((one) => [one, t(`settings.section.${one}` as Key)] as const)}
        current={current}
        choose={(section) => {
          overlay.value = { ...open, section };
        }}
      >
        <View />
      </Tabs>
    </Dialog>
  );
}
