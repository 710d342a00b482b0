// A picture over the whole window, with its neighbours in the list an arrow away.

import { useRef, useState } from "preact/hooks";
import { type Overlay, overlay } from "../app/overlays";
import { Dialog } from "../dom/dialog";
import { IconButton } from "../dom/ui";
import { t } from "../i18n";
import { sideways } from "../keyboard/focus";
import { step } from "./data";

export default function Lightbox({ open }: { open: Overlay }) {
  const [at, setAt] = useState(open.kind === "lightbox" ? open.at : 0);
  const [large, setLarge] = useState(false);
  const main = useRef<HTMLButtonElement>(null);
  if (open.kind !== "lightbox") return null;
  const picture = open.pictures[at];
  if (!picture) return null;
  const count = open.pictures.length;
  const go = (by: number) => {
    setAt(step(at, by, count));
    setLarge(false);
    // The arrow that was clicked goes away at either end, and the keys with it.
    main.current?.focus();
  };
  const close = () => {
    overlay.value = undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = sideways(event.key);
    if (step) go(step);
    else if (event.key === "v") close();
    else if (event.key === "z") setLarge(!large);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label={t("lightbox.title", { name: picture.title })} onClose={close} class="lightbox" bare>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows of the whole dialog */}
      <div class="lightbox-frame" onKeyDown={onKeyDown}>
        <header class="lightbox-head">
          <span class="lightbox-name">{picture.title}</span>
          {count > 1 && <span class="lightbox-count">{t("lightbox.count", { at: at + 1, of: count })}</span>}
          <span class="spacer" />
          <a class="button" href={picture.url} target="_blank" rel="noopener noreferrer">
            {t("lightbox.open")}
          </a>
          <a class="button" href={picture.url} download={picture.title}>
            {t("lightbox.download")}
          </a>
          <IconButton icon="close" label={t("close")} onClick={close} />
        </header>
        <div class={`lightbox-stage ${large ? "large" : ""}`}>
          <button
            type="button"
            class="lightbox-picture"
            aria-pressed={large}
            aria-label={t("lightbox.zoom")}
            onClick={() => setLarge(!large)}
            // biome-ignore lint/a11y/noAutofocus: the dialog's one main control
            autoFocus
            ref={main}
          >
            <img src={picture.url} alt={picture.title} style={{ backgroundImage: `url("${picture.preview}")` }} />
          </button>
        </div>
        {at > 0 && (
          <IconButton icon="chevron" class="lightbox-back" label={t("lightbox.back")} onClick={() => go(-1)} />
        )}
        {at < count - 1 && (
          <IconButton icon="chevron" class="lightbox-next" label={t("lightbox.next")} onClick={() => go(1)} />
        )}
      </div>
    </Dialog>
  );
}
