import type { ColorOption, ColorScheme } from "@openai/chatkit";
import { describe, expect, it } from "vitest";

import { contrast, hex, mixed } from "./color";
import { CONTROL_CONTRAST, HOVER_SHARE, overlay, paletteOf, TEXT_CONTRAST } from "./palette";

const SCHEMES = ["light", "dark"] as const;
const TINTS = [0, 3, 6, 9] as const;
const SHADES = [-4, -2, 0, 2, 4] as const;
const HUES = [0, 60, 120, 180, 240, 300];
const TEXTS = [
  "text",
  "textMuted",
  "link",
  "danger",
  "warning",
  "success",
  "info",
  "discovery",
] as const;
const CONTROLS = ["border", "accent", "focus"] as const;

/** What is too hard to see in a palette: `text on raised: 3.2`. */
function failures(scheme: ColorScheme, options: ColorOption): string[] {
  const palette = paletteOf(scheme, options);
  const plain = [palette.surface, palette.surfaceRaised, palette.surfaceSunken];
  const hovered = plain.map((one) => mixed(overlay(scheme), one, HOVER_SHARE));
  const found: string[] = [];
  const check = (name: string, ratio: number, least: number): void => {
    if (ratio < least) found.push(`${name}: ${ratio.toFixed(2)}`);
  };
  for (const ground of [...plain, ...hovered]) {
    for (const name of TEXTS) {
      check(`${name} on ${hex(ground)}`, contrast(palette[name], ground), TEXT_CONTRAST);
    }
    for (const name of CONTROLS) {
      check(`${name} on ${hex(ground)}`, contrast(palette[name], ground), CONTROL_CONTRAST);
    }
  }
  check("onAccent", contrast(palette.onAccent, palette.accent), TEXT_CONTRAST);
  return found;
}

describe("a palette", () => {
  it.each(SCHEMES)("is legible for every hue, tint and shade (%s)", (scheme) => {
    for (const hue of HUES) {
      for (const tint of TINTS) {
        for (const shade of SHADES) {
          const grayscale = { hue, tint, shade };
          expect({ grayscale, failures: failures(scheme, { grayscale }) }).toEqual({
            grayscale,
            failures: [],
          });
        }
      }
    }
  });

  it.each(SCHEMES)("is legible for every accent, however pale or dark (%s)", (scheme) => {
    const accents = ["#ffff00", "#000", "#fff", "rgb(120 120 120)", "hsl(330 90% 60%)", "#00f"];
    for (const primary of accents) {
      for (const level of [0, 1, 2, 3] as const) {
        expect([primary, level, failures(scheme, { accent: { primary, level } })]).toEqual([
          primary,
          level,
          [],
        ]);
      }
    }
  });

  it.each(SCHEMES)("is legible on surfaces that do not fit the scheme (%s)", (scheme) => {
    const surfaces = [
      { background: "#000000", foreground: "#111111" },
      { background: "#ffffff", foreground: "#eeeeee" },
      { background: "#fde68a", foreground: "#b45309" },
    ];
    for (const surface of surfaces) {
      expect([surface, failures(scheme, { surface })]).toEqual([surface, []]);
    }
  });

  it("keeps the page's colours where they can be seen", () => {
    const palette = paletteOf("light", {
      accent: { primary: "#1d4ed8", level: 0 },
      surface: { background: "#fffaf0", foreground: "#1c1917" },
    });
    expect([palette.accent, palette.surface, palette.text].map(hex)).toEqual([
      "#1d4ed8",
      "#fffaf0",
      "#1c1917",
    ]);
  });

  it("is tinted with the hue, and more with more tint", () => {
    const spread = (tint: 0 | 9): number => {
      const { r, b } = paletteOf("dark", { grayscale: { hue: 260, tint } }).surface;
      return Math.abs(b - r);
    };
    expect(spread(0)).toBeLessThan(0.01);
    expect(spread(9)).toBeGreaterThan(0.05);
  });

  it("is darker with more shade", () => {
    const brightness = (shade: -4 | 4): number =>
      paletteOf("dark", { grayscale: { hue: 0, tint: 0, shade } }).surface.r;
    expect(brightness(4)).toBeLessThan(brightness(-4));
  });

  it("has more accent in its bubbles at higher levels", () => {
    const spread = (level: 0 | 3): number => {
      const { r, b } = paletteOf("light", { accent: { primary: "#0000ff", level } }).surfaceRaised;
      return b - r;
    };
    expect(spread(3)).toBeGreaterThan(spread(0) + 0.05);
  });

  it("is that of no choice if a colour is none", () => {
    const odd = { accent: { primary: "url(https://elsewhere.example)", level: 2 as const } };
    expect(paletteOf("light", odd)).toEqual(paletteOf("light", {}));
  });
});
