// The settings, by section.

import { useState } from "preact/hooks";
import { type Overlay, overlay } from "../app/overlays";
import { isAdmin, settings } from "../app/state";
import { Dialog } from "../dom/dialog";
import { Tabs } from "../dom/ui";
import { type Key, t } from "../i18n";
import { playSound, setVolume, volume } from "../notifications/events";
import { BotSettings } from "./bots";
import { changeOwn, OwnControls } from "./controls";
import { CONTROLS, SECTIONS, type Section } from "./data";
import { EmojiSettings } from "./emoji";
import { FileSettings } from "./files";
import { GroupSettings } from "./groups";
import { InvitationSettings, mayInvite } from "./invitations";
import { OrganizationSettings } from "./organization";
import { PeopleSettings } from "./people";
import { ProfileSettings } from "./profile";
import { LookControls, NotificationTable } from "./tables";

function Looks() {
  return (
    <div class="form">
      <LookControls values={settings.value} change={changeOwn} />
    </div>
  );
}

/** Whether the browser shows notifications; once refused, only its own settings can change that. */
function DesktopPermission() {
  const [state, setState] = useState("Notification" in window ? Notification.permission : "denied");
  if (state === "granted") return null;
  return (
    <p role="status">
      {t(state === "denied" ? "settings.desktopBlocked" : "settings.desktopOff")}{" "}
      {state === "default" && (
        <button
          type="button"
          class="link-button"
          onClick={() => void Notification.requestPermission().then((answer) => setState(answer))}
        >
          {t("settings.desktopAllow")}
        </button>
      )}
    </p>
  );
}

function Notifications() {
  return (
    <div class="form">
      <DesktopPermission />
      <NotificationTable values={settings.value} change={changeOwn} />
      <OwnControls list={CONTROLS.notifications} />
      <label class="check volume">
        {t("settings.volume")}
        <input
          type="range"
          max={100}
          value={volume.value}
          onChange={(event) => setVolume(Number(event.currentTarget.value))}
        />
        <button type="button" class="button" onClick={playSound}>
          {t("settings.tryOut")}
        </button>
      </label>
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
  bots: BotSettings,
  emoji: EmojiSettings,
  files: FileSettings,
  invitations: InvitationSettings,
  organization: OrganizationSettings,
};

function isForMe(section: Section): boolean {
  if (section === "invitations")
    return mayInvite("can_invite_users_group") || mayInvite("create_multiuse_invite_group");
  return section !== "organization" || isAdmin.value;
}

export default function SettingsDialog({ open }: { open: Extract<Overlay, { kind: "settings" }> }) {
  const current = open.section ?? "looks";
  const sections = SECTIONS.filter(isForMe);
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
