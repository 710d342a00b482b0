// Websites that run code of a language: which there are for a block, and where its code goes.

import type { Playground } from "../api/generated";

/** Those for the language that a block is said to be in. */
export function playgroundsFor(all: readonly Playground[], language: string | undefined): Playground[] {
  const wanted = language?.toLowerCase();
  return all.filter((one) => one.pygments_language.toLowerCase() === wanted);
}

const strict = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** How each operator of a URL template (RFC 6570) writes its one variable. */
const OPERATORS: Record<string, (code: string) => string> = {
  "": strict,
  "+": encodeURI,
  "#": (code) => `#${encodeURI(code)}`,
  ".": (code) => `.${strict(code)}`,
  "/": (code) => `/${strict(code)}`,
  ";": (code) => `;code=${strict(code)}`,
  "?": (code) => `?code=${strict(code)}`,
  "&": (code) => `&code=${strict(code)}`,
};

/** Puts the code into the template. */
export function expand(template: string, code: string): string {
  return template.replace(
    /\{([+#./;?&]?)code(?::(\d+)|\*)?\}/g,
    (whole, operator: string, most: string | undefined) =>
      OPERATORS[operator]?.(most === undefined ? code : [...code].slice(0, Number(most)).join("")) ?? whole,
  );
}
