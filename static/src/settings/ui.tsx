// The settings, by section.

import { type Overlay, overlay } from "../app/overlays";
import { realm, settings } from "../app/state";
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
  return section !== "organization" || realm.value.isAdmin;
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
