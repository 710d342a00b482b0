// Times as the reader writes them.

import { language } from "../i18n";

/** Making a format is slow, and a screen of messages needs the same few of them over and over. */
function kept<Options, Format>(make: (language: string, options: Options) => Format): (options: Options) => Format {
  const formats = new Map<string, Format>();
  return (options) => {
    const key = language.value + JSON.stringify(options);
    const found = formats.get(key) ?? make(language.value, options);
    formats.set(key, found);
    return found;
  };
}

const formatter = kept((code, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(code, options));
const relativeFormatter = kept(
  (code, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(code, options),
);

const clock = (twentyFour: boolean): Intl.DateTimeFormatOptions => ({
  hour: "numeric",
  minute: "2-digit",
  hourCycle: twentyFour ? "h23" : "h12",
});

export function timeOfDay(seconds: number, twentyFour: boolean): string {
  return formatter(clock(twentyFour)).format(seconds * 1000);
}

export function fullTime(seconds: number, twentyFour: boolean): string {
  const date = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
  return formatter({ ...date, ...clock(twentyFour) }).format(seconds * 1000);
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Whole days between two moments, by the reader's calendar. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((startOfDay(later * 1000) - startOfDay(earlier * 1000)) / 86_400_000);
}

/** "Today", "Yesterday", "Tuesday", or the date. */
export function dayName(seconds: number, nowSeconds: number): string {
  const ago = daysBetween(seconds, nowSeconds);
  if (ago === 0 || ago === 1) {
    const words = relativeFormatter({ numeric: "auto" }).format(-ago, "day");
    return words.charAt(0).toLocaleUpperCase(language.value) + words.slice(1);
  }
  if (ago > 1 && ago < 7) return formatter({ weekday: "long" }).format(seconds * 1000);
  const sameYear = new Date(seconds * 1000).getFullYear() === new Date(nowSeconds * 1000).getFullYear();
  return formatter({ day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(seconds * 1000);
}

/** Short and relative, for lists: "5 min ago". */
export function relative(seconds: number, nowSeconds: number): string {
  const ago = Math.max(0, nowSeconds - seconds);
  const words = relativeFormatter({ numeric: "auto", style: "short" });
  if (ago < 3600) return words.format(-Math.floor(ago / 60), "minute");
  if (ago < 86_400) return words.format(-Math.floor(ago / 3600), "hour");
  return dayName(seconds, nowSeconds);
}
