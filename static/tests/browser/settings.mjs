// Ways into the settings.

import { closeAll, goTo } from "./harness.mjs";

/** Opens a section of the settings by the keyboard. */
export async function settings(page, section) {
  await closeAll(page);
  await goTo(page, "#inbox");
  await page.locator("#main").focus();
  await page.keyboard.press("g");
  await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await dialog.getByRole("tab", { name: section, exact: true }).click();
  return dialog;
}

/** Unfolds a part of the settings of the organisation. */
export async function part(page, title) {
  const dialog = await settings(page, "Organisation");
  const found = dialog.locator("details").filter({ has: page.locator("summary", { hasText: title }) });
  await found.locator("summary").click();
  return found;
}
