// The times to choose from: the usual ones, or any other.

import { openMenu, overlay } from "../app/overlays";
import { t } from "../i18n";
import { usualTimes } from "./data";
import { labelOf } from "./events";

/** `choose` gets the time in seconds. */
export function openTimeMenu(anchor: HTMLElement, label: string, choose: (at: number) => void): void {
  const usual = usualTimes(new Date()).map((date) => {
    const at = date.getTime() / 1000;
    return { label: labelOf(at), icon: "clock" as const, run: () => choose(at) };
  });
  const other = () => {
    overlay.value = { kind: "schedule", title: label, choose };
  };
  openMenu(anchor, label, [...usual, { label: t("schedule.other"), icon: "edit", run: other }]);
}
