// Moving pictures in messages: they move as the reader wishes, or stand still at their first frame.

/** Values of web_animate_image_previews. */
export const ANIMATE = { always: "always", onHover: "on_hover", never: "never" } as const;

const calmness = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
const MOVES = /\.(gif|apng)$/i;

/** Lays the first frame over the picture. */
function freeze(link: HTMLAnchorElement, image: HTMLImageElement, onRequest: boolean): void {
  const frame = document.createElement("canvas");
  frame.width = image.naturalWidth;
  frame.height = image.naturalHeight;
  frame.getContext("2d")?.drawImage(image, 0, 0);
  const show = (moving: boolean) => {
    image.hidden = !moving;
    frame.hidden = moving;
  };
  show(false);
  link.append(frame);
  if (!onRequest) return;
  for (const type of ["mouseenter", "focus"]) link.addEventListener(type, () => show(true));
  for (const type of ["mouseleave", "blur"]) link.addEventListener(type, () => show(false));
}

/** Lets the moving pictures below `root` move as the reader wishes. Whose system asks for less motion sees it only on
 * request. */
export function animate(root: ParentNode, policy: unknown): void {
  if (policy === ANIMATE.always && !calmness?.matches) return;
  for (const link of root.querySelectorAll<HTMLAnchorElement>(".message_inline_image a[href]")) {
    const image = link.querySelector("img");
    if (!image || !MOVES.test(link.pathname)) continue;
    image.addEventListener("load", () => freeze(link, image, policy !== ANIMATE.never), { once: true });
  }
}
