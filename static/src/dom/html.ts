// Small helpers for building DOM by hand, without markup in strings.

export type Child = Node | string | null | undefined | false;

/** Creates an element with attributes and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

const PATHS = {
  inbox: "M3 13h5l1.5 3h5L16 13h5M5 5h14l2 8v6H3v-6z",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  feed: "M4 6h16M4 12h16M4 18h10",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zm0 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7.1",
  star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9L12 16.9l-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z",
  draft: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  hash: "M9 4L7 20M17 4l-2 16M4 9h16M3 15h16",
  lock: "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.4M17.5 14.3c2.4.6 4 2.5 4 5.7",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.5 16.5L21 21",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5c1.8 2.4 5.2 2.4 7 0M9 9.5v.5M15 9.5v.5",
  reply: "M10 7L4 12l6 5M4 12h9c4 0 7 2 7 6",
  more: "M12 6v.01M12 12v.01M12 18v.01",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  send: "M4 12L20 4l-5 16-3.5-6.5z",
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M14 5h-4M14 19h-4M14 5l-4 14",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  quote: "M5 6v12M10 8h9M10 12h9M10 16h6",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
  eye: "M2 12s3.5-6 10-6 10 6 10 6-3.5 6-10 6S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
  down: "M12 5v14M6 13l6 6 6-6",
  chevron: "M9 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7",
  mute: "M4 10v4h4l5 4V6L8 10zM17 10l4 4M21 10l-4 4",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
  help: "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 .9-1 1.7M12 16.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  alert: "M12 4l9 16H3zM12 10v4M12 17v.01",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
  chart: "M5 20V11M12 20V4M19 20v-6",
  forward: "M14 7l6 5-6 5M20 12h-9c-4 0-7 2-7 6",
  math: "M5 5h14M5 5l7 7-7 7h14",
  numbers: "M10 6h10M10 12h10M10 18h10M4 5l1-1v5M4 12h2l-2 3h2M4 18h2v3H4",
  spoiler:
    "M3 3l18 18M10 6.2c.6-.1 1.300-.2 2-.2 6.500 0 10 6 10 6a17 17 0 0 1-3 3.600M6.500 7.500C3.600 9.200 2 12 2 12s3.500 6 10 6c1.700 0 3.200-.4 4.500-1",
  strike:
    "M4 12h16M16.500 8c0-2-2-3.500-4.500-3.500S7.500 6 7.500 8M7.500 16c0 2 2 3.500 4.500 3.500s4.500-1.500 4.500-3.500",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  upload: "M12 16V4M7 9l5-5 5 5M5 20h14",
  video: "M3 7h12v10H3zM15 11l6-3v8l-6-3z",
} as const;

export type IconName = keyof typeof PATHS;

export function iconPath(name: IconName): string {
  return PATHS[name];
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon as DOM. It is decoration: name the button it is in. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
