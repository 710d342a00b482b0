// The fields that an organisation adds to the profiles of its people.

import type { CustomProfileField } from "../api/generated";

/** The API's field types. */
export const FIELD = {
  text: 1,
  longText: 2,
  choice: 3,
  date: 4,
  link: 5,
  people: 6,
  account: 7,
  pronouns: 8,
} as const;

/** What someone filled in, by the field's id. */
export type Answers = Readonly<Record<string, { value: string; rendered_value?: string }>>;

interface FieldData {
  [key: string]: unknown;
  subtype?: string;
  url_pattern?: string;
}

function dataOf(field: CustomProfileField): FieldData {
  try {
    return (JSON.parse(field.field_data || "{}") ?? {}) as FieldData;
  } catch {
    return {};
  }
}

/** What can be chosen in a field of choices, in its order. */
export function choicesOf(field: CustomProfileField): { value: string; text: string }[] {
  const all = Object.entries(dataOf(field)) as [string, { text?: string; order?: string }][];
  return all
    .sort(([, a], [, b]) => Number(a.order ?? 0) - Number(b.order ?? 0))
    .map(([value, one]) => ({ value, text: String(one.text ?? value) }));
}

const ACCOUNTS: Record<string, string> = {
  github: "https://github.com/%(username)s",
  twitter: "https://twitter.com/%(username)s",
};

/** People that a value names: the API keeps them as a JSON list of ids. */
export function idsIn(value: string): number[] {
  try {
    const ids: unknown = JSON.parse(value);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "number") : [];
  } catch {
    return [];
  }
}

function webLink(address: string): string | undefined {
  return /^https?:\/\//i.test(address) ? address : undefined;
}

export type Shown =
  | { kind: "text"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "people"; ids: number[] };

/** How a value is shown. */
export function shownValue(field: CustomProfileField, value: string): Shown {
  switch (field.type) {
    case FIELD.choice:
      return { kind: "text", text: choicesOf(field).find((one) => one.value === value)?.text ?? value };
    case FIELD.people:
      return { kind: "people", ids: idsIn(value) };
    case FIELD.link: {
      const href = webLink(value);
      return href ? { kind: "link", text: value, href } : { kind: "text", text: value };
    }
    case FIELD.account: {
      const { subtype = "", url_pattern } = dataOf(field);
      const pattern = webLink(url_pattern ?? ACCOUNTS[subtype] ?? "");
      if (!pattern) return { kind: "text", text: value };
      return { kind: "link", text: value, href: pattern.replace("%(username)s", encodeURIComponent(value)) };
    }
    default:
      return { kind: "text", text: value };
  }
}

/** The fields that someone filled in, in the organisation's order. */
export function filledIn(fields: readonly CustomProfileField[], answers: Answers) {
  return [...fields]
    .sort((a, b) => a.order - b.order)
    .flatMap((field) => {
      const value = answers[field.id]?.value ?? "";
      return value === "" ? [] : [{ field, shown: shownValue(field, value) }];
    });
}

/** The data of a field of choices: one a line, as they were written. Those that were there keep the value that people
 * have chosen. */
export function choiceData(
  lines: string,
  known: readonly { value: string; text: string }[] = [],
): Record<string, { text: string; order: string }> {
  const texts = [...new Set(lines.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
  let next = known.reduce((free, one) => Math.max(free, Number(one.value) + 1 || 0), 0);
  const chosenBy = (text: string) => known.find((one) => one.text === text)?.value ?? String(next++);
  return Object.fromEntries(texts.map((text, i) => [chosenBy(text), { text, order: String(i + 1) }]));
}

/** The same list with what stands at `at` as many places further on. */
export function moved(order: readonly number[], at: number, by: number): number[] {
  const rest = order.filter((_, i) => i !== at);
  return [...rest.slice(0, at + by), ...order.slice(at, at + 1), ...rest.slice(at + by)];
}
