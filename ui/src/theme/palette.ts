/** Every colour of the interface, from the few that a page chooses. */
import type { ColorOption, ColorScheme } from "@openai/chatkit";

import { BLACK, contrast, legible, mixed, toOklch, toRgb, WHITE, type Rgb } from "./color";
import { parsed } from "./css-color";

/** Colours by what they are for. */
export interface Palette {
  text: Rgb;
  textMuted: Rgb;
  surface: Rgb;
  surfaceRaised: Rgb;
  surfaceSunken: Rgb;
  /** Edges of controls: without them one would not see where they are. */
  border: Rgb;
  /** Lines that only order what is seen anyway. */
  line: Rgb;
  accent: Rgb;
  onAccent: Rgb;
  link: Rgb;
  danger: Rgb;
  warning: Rgb;
  success: Rgb;
  info: Rgb;
  discovery: Rgb;
  focus: Rgb;
}

/** Least contrasts (WCAG 2.2: 1.4.3 for text, 1.4.11 for controls). */
export const TEXT_CONTRAST = 4.5;
export const CONTROL_CONTRAST = 3;

/** How much of the overlay colour lies over what the pointer is on. */
export const HOVER_SHARE = 0.07;

/** Part of the accent in bubbles and menus, for each of its levels. */
const ACCENT_SHARES = [0, 0.05, 0.1, 0.18] as const;

/** Most chroma of the greys, at tint 9. */
const MOST_TINT = 0.045;

/** Lightness of what text stands on, and of text. */
const LIGHTNESS = {
  light: { surface: 1, raised: 0.965, sunken: 0.98, text: 0.2, muted: 0.5, line: 0.91 },
  dark: { surface: 0.235, raised: 0.31, sunken: 0.195, text: 0.95, muted: 0.74, line: 0.36 },
} as const;

/** By one step of shade everything gets darker by this. */
const SHADE_STEP = { light: 0.014, dark: 0.02 } as const;

/** Hues that mean something, wherever they are. */
const MEANINGS = {
  danger: { c: 0.2, h: 27 },
  warning: { c: 0.13, h: 65 },
  success: { c: 0.14, h: 152 },
  info: { c: 0.17, h: 255 },
  discovery: { c: 0.19, h: 300 },
} as const;

/** What is laid over a surface under the pointer. */
export function overlay(scheme: ColorScheme): Rgb {
  return scheme === "dark" ? WHITE : BLACK;
}

/** The colours of a scheme. What the page chooses keeps its hue; it gets lighter or darker if it must. */
export function paletteOf(scheme: ColorScheme, options: ColorOption): Palette {
  const grey = greysOf(scheme, options.grayscale);
  const { surface, raised, sunken } = surfacesOf(scheme, options, grey);
  const under = (color: Rgb): Rgb => mixed(overlay(scheme), color, HOVER_SHARE);
  const grounds = [surface, raised, sunken, under(surface), under(raised), under(sunken)];
  const readable = (color: Rgb): Rgb => legible(color, grounds, TEXT_CONTRAST);
  const visible = (color: Rgb): Rgb => legible(color, grounds, CONTROL_CONTRAST);

  const chosenText = colorOf(options.surface?.foreground, surface);
  const text = readable(chosenText ?? grey(LIGHTNESS[scheme].text));
  const meaning = (name: keyof typeof MEANINGS): Rgb =>
    readable(toRgb({ l: scheme === "dark" ? 0.76 : 0.5, ...MEANINGS[name] }));
  const chosenAccent = colorOf(options.accent?.primary, surface);
  const { accent, onAccent } = accentOf(chosenAccent ?? text, grounds);
  const info = meaning("info");
  return {
    text,
    textMuted: readable(chosenText ? mixed(text, surface, 0.7) : grey(LIGHTNESS[scheme].muted)),
    surface,
    surfaceRaised: raised,
    surfaceSunken: sunken,
    border: visible(mixed(text, surface, 0.4)),
    line: mixed(text, surface, scheme === "dark" ? 0.16 : 0.11),
    accent,
    onAccent,
    link: chosenAccent === null ? info : readable(chosenAccent),
    danger: meaning("danger"),
    warning: meaning("warning"),
    success: meaning("success"),
    info,
    discovery: meaning("discovery"),
    focus: chosenAccent === null ? info : visible(chosenAccent),
  };
}

type Greys = (lightness: number) => Rgb;

function greysOf(scheme: ColorScheme, option: ColorOption["grayscale"]): Greys {
  const { hue = 0, tint = 0, shade = 0 } = option ?? {};
  const chroma = (MOST_TINT * tint) / 9;
  return (lightness) => {
    const l = Math.min(1, Math.max(0, lightness - SHADE_STEP[scheme] * shade));
    // Near white and black there is little chroma to be had; full tint there would look dirty.
    return toRgb({ l, c: chroma * Math.min(1, 4 * (1 - l) + 0.25), h: hue });
  };
}

interface Surfaces {
  surface: Rgb;
  raised: Rgb;
  sunken: Rgb;
}

function surfacesOf(scheme: ColorScheme, options: ColorOption, grey: Greys): Surfaces {
  const { surface, raised, sunken } = LIGHTNESS[scheme];
  const base = scheme === "dark" ? BLACK : WHITE;
  const chosen = colorOf(options.surface?.background, base);
  const plain =
    chosen === null
      ? { surface: grey(surface), raised: grey(raised), sunken: grey(sunken) }
      : {
          surface: chosen,
          raised: shifted(chosen, raised - surface),
          sunken: shifted(chosen, sunken - surface),
        };
  const accent = colorOf(options.accent?.primary, plain.surface);
  const share = ACCENT_SHARES[options.accent?.level ?? 0];
  if (accent === null || share === 0) return plain;
  return {
    surface: plain.surface,
    raised: mixed(accent, plain.raised, share),
    sunken: mixed(accent, plain.sunken, share / 3),
  };
}

/** Lighter or darker; the other way where there is no room. */
function shifted(color: Rgb, by: number): Rgb {
  const { l, c, h } = toOklch(color);
  const next = l + by;
  return toRgb({ l: next > 1 || next < 0 ? l - by : next, c, h });
}

/** The accent as a control's ground, and what is written on it. */
function accentOf(wanted: Rgb, grounds: readonly Rgb[]): Pick<Palette, "accent" | "onAccent"> {
  const accent = legible(wanted, grounds, CONTROL_CONTRAST);
  // One of the two is always enough.
  return { accent, onAccent: contrast(WHITE, accent) >= TEXT_CONTRAST ? WHITE : BLACK };
}

/** A colour of the page over `ground`; null if there is none, or CSS does not know it. */
function colorOf(text: string | undefined, ground: Rgb): Rgb | null {
  const found = text === undefined ? null : parsed(text);
  return found && mixed(found.color, ground, found.alpha);
}
