// The "?" overlay: every shortcut, and a way to change it.

import { useState } from "preact/hooks";
import { overlay } from "../app/overlays";
import { Dialog } from "../dom/dialog";
import { t } from "../i18n";
import { bind, bindings, resetBindings } from "./bindings";
import { type Command, type Group, keyLabel, keysOf, mayRebind, pressName, SHORTCUTS, type Shortcut } from "./data";

const GROUPS: readonly Group[] = ["basics", "navigate", "scroll", "message", "compose", "writing", "lists"];
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta"]);

function Keys({ shortcut }: { shortcut: Shortcut }) {
  const keys = keysOf(shortcut, bindings.value);
  if (keys.length === 0) return <span class="no-key">{t("key.none")}</span>;
  return (
    <>
      {keys.map((key) => (
        <kbd key={key}>{keyLabel(key)}</kbd>
      ))}
    </>
  );
}

function KeyButton({ shortcut }: { shortcut: Shortcut }) {
  const [asking, setAsking] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!asking || MODIFIERS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    setAsking(false);
    if (event.key === "Escape") return;
    const press = { key: event.key, ctrl: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey };
    bind(shortcut.command as Command, pressName(press));
  };
  return (
    <button
      type="button"
      class="key-button"
      aria-label={t("key.changeOne", { name: t(shortcut.label) })}
      onClick={() => setAsking(true)}
      onBlur={() => setAsking(false)}
      onKeyDown={onKeyDown}
    >
      {asking ? t("key.press") : <Keys shortcut={shortcut} />}
    </button>
  );
}

export function Shortcuts() {
  const [changing, setChanging] = useState(false);
  const changed = Object.keys(bindings.value).length > 0;
  return (
    <Dialog
      label={t("key.title")}
      onClose={() => {
        overlay.value = undefined;
      }}
      class="wide"
    >
      <h2>{t("key.title")}</h2>
      <p class="shortcuts-tools">
        <button type="button" class="button" aria-pressed={changing} onClick={() => setChanging(!changing)}>
          {changing ? t("key.done") : t("key.change")}
        </button>
        {changed && (
          <button type="button" class="button" onClick={resetBindings}>
            {t("key.reset")}
          </button>
        )}
      </p>
      <div class="shortcuts">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`key.group.${group}`)}</h3>
            <dl>
              {SHORTCUTS.filter((one) => one.group === group).map((one) => (
                <div key={one.command}>
                  <dt>{t(one.label)}</dt>
                  <dd>{changing && mayRebind(one) ? <KeyButton shortcut={one} /> : <Keys shortcut={one} />}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
