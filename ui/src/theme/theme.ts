/** From the theme option to CSS properties of the element. */
import type { ColorScheme, ThemeOption } from "@openai/chatkit";

import { kebab } from "../kebab";
import { hex } from "./color";
import { addFonts } from "./fonts";
import { HOVER_SHARE, overlay, paletteOf } from "./palette";

const SANS =
  'ui-sans-serif, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji"';
const MONO =
  'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace';

/** Corners in px: small, middle, large, and of what is as round as it can be. */
const RADII = {
  pill: [8, 14, 24, 999],
  round: [6, 10, 16, 999],
  soft: [4, 6, 10, 10],
  sharp: [0, 0, 0, 0],
} as const;

const SPACES = [4, 8, 12, 16, 24, 32] as const;
const DENSITIES = { compact: 0.8, normal: 1, spacious: 1.25 } as const;

/** Put a theme's properties on an element; whatever is in it inherits them. */
export function applyTheme(element: HTMLElement, theme: ThemeOption): void {
  addFonts(theme.typography?.fontSources ?? []);
  element.dataset["colorScheme"] = theme.colorScheme ?? "light";
  for (const [name, value] of Object.entries(propertiesOf(theme))) {
    element.style.setProperty(name, value);
  }
}

/** A theme as CSS properties. */
export function propertiesOf(theme: ThemeOption): Record<string, string> {
  return {
    ...colorsOf("light", theme),
    ...colorsOf("dark", theme),
    ...shapeOf(theme),
    ...typographyOf(theme),
  };
}

/** Both schemes are there at any time: a widget may want the other one (`schemes`). */
function colorsOf(scheme: ColorScheme, { colorScheme = "light", color = {} }: ThemeOption) {
  // The page has chosen its surface for the scheme that it shows.
  const { surface, ...rest } = color;
  const palette = paletteOf(scheme, scheme === colorScheme ? { ...rest, surface } : rest);
  const entries = Object.entries(palette).map(([name, value]): [string, string] => [
    `--ck-${scheme}-${kebab(name)}`,
    hex(value as Parameters<typeof hex>[0]),
  ]);
  const { r } = overlay(scheme);
  const tone = r * 255;
  return {
    ...Object.fromEntries(entries),
    [`--ck-${scheme}-hover`]: `rgb(${tone} ${tone} ${tone} / ${HOVER_SHARE})`,
  };
}

function shapeOf({ radius = "pill", density = "normal" }: ThemeOption): Record<string, string> {
  const [s, m, l, full] = RADII[radius];
  const spaces = SPACES.map((px, index): [string, string] => [
    `--ck-space-${index + 1}`,
    `${px * DENSITIES[density]}px`,
  ]);
  return {
    ...Object.fromEntries(spaces),
    "--ck-radius-s": `${s}px`,
    "--ck-radius-m": `${m}px`,
    "--ck-radius-l": `${l}px`,
    "--ck-radius-full": `${full}px`,
    "--ck-column": "44rem",
  };
}

function typographyOf({ typography = {} }: ThemeOption): Record<string, string> {
  const { baseSize = 16, fontFamily, fontFamilyMono } = typography;
  return {
    "--ck-font": fontFamily ? `${fontFamily}, ${SANS}` : SANS,
    "--ck-font-mono": fontFamilyMono ? `${fontFamilyMono}, ${MONO}` : MONO,
    "--ck-size-s": `${baseSize * 0.875}px`,
    "--ck-size-m": `${baseSize}px`,
    "--ck-size-l": `${baseSize * 1.25}px`,
  };
}
