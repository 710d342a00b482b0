// Copying to the clipboard, said aloud.

import { notify } from "../app/feedback";
import { t } from "../i18n";

export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  notify(t("copied"));
}
