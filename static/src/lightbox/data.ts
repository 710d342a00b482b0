// The pictures of messages, as the lightbox walks through them.

export interface Picture {
  /** The whole picture. */
  url: string;
  /** What the list shows of it, to see something until the whole is there. */
  preview: string;
  title: string;
}

/** The pictures below `root`, in order. A picture's link leads to the whole of it. */
export function picturesIn(root: ParentNode): { picture: Picture; link: HTMLElement }[] {
  return [...root.querySelectorAll<HTMLAnchorElement>(".message_inline_image a[href], .message_inline_video a[href]")]
    .filter((link) => link.querySelector("img"))
    .map((link) => ({ picture: pictureOf(link), link }));
}

function pictureOf(link: HTMLAnchorElement): Picture {
  const name = decodeURIComponent(link.pathname.split("/").at(-1) ?? "");
  return {
    url: link.href,
    preview: link.querySelector("img")?.src ?? link.href,
    title: link.title || link.getAttribute("aria-label") || name,
  };
}

/** One step further, stopping at either end. */
export function step(at: number, by: number, count: number): number {
  return Math.max(0, Math.min(count - 1, at + by));
}
