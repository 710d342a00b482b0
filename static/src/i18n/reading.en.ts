// English, for reading and finding.

export const readingEn = {
  "fold.collapsed": "Collapsed. Show it",
  "fold.less": "Show less",
  "fold.more": "Show all of it",
  "lightbox.back": "Picture before",
  "lightbox.count": "{at} of {of}",
  "lightbox.download": "Download",
  "lightbox.next": "Next picture",
  "lightbox.open": "Open in a tab",
  "lightbox.title": "Picture: {name}",
  "lightbox.zoom": "Full size",
  "menu.collapse": "Collapse",
  "menu.expand": "Show again",
} as const;
