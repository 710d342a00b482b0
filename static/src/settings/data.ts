// Values of the settings that change how the page looks.

/** The API's color_scheme. */
export const SCHEME = { auto: 1, dark: 2, light: 3 } as const;

export type Theme = "auto" | "dark" | "light";

export function themeOf(colorScheme: number): Theme {
  if (colorScheme === SCHEME.dark) return "dark";
  return colorScheme === SCHEME.light ? "light" : "auto";
}

export const DENSITIES = ["compact", "normal", "roomy"] as const;
export type Density = (typeof DENSITIES)[number];

/** The density is kept by the API as a line height in percent. */
export function densityOf(lineHeight: number): Density {
  if (lineHeight < 130) return "compact";
  return lineHeight > 150 ? "roomy" : "normal";
}

export const LINE_HEIGHTS: Record<Density, number> = { compact: 122, normal: 140, roomy: 160 };
export const FONT_SIZES = [12, 14, 16, 18, 20] as const;
