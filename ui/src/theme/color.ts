/** Colours as numbers: from CSS text to OKLCH and back, and how well one is seen on another. */

/** sRGB, each part 0 to 1. */
export interface Rgb {
  r: number;
  g: number;
  b: number;
}

/** OKLCH: lightness 0 to 1, chroma 0 to about 0.37, hue in degrees (CSS Color 4, section 9). */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

/** Each channel from 0 to 1. */
export const WHITE: Rgb = { r: 1, g: 1, b: 1 };
export const BLACK: Rgb = { r: 0, g: 0, b: 0 };

const clamped = (value: number): number => Math.min(1, Math.max(0, value));

const linear = (part: number): number =>
  part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;

const encoded = (part: number): number =>
  part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;

/** Relative luminance (WCAG 2.2). */
export function luminance({ r, g, b }: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Contrast ratio (WCAG 2.2), 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** `share` (0 to 1) of `top` over `below`. */
export function mixed(top: Rgb, below: Rgb, share: number): Rgb {
  const part = (a: number, b: number): number => a * share + b * (1 - share);
  return { r: part(top.r, below.r), g: part(top.g, below.g), b: part(top.b, below.b) };
}

// The matrices are those of https://bottosson.github.io/posts/oklab/.
/** A colour by lightness, chroma and hue, as OKLCH has them. */
export function toOklch(color: Rgb): Oklch {
  const [r, g, b] = [linear(color.r), linear(color.g), linear(color.b)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return { l: lightness, c: Math.hypot(x, y), h: (Math.atan2(y, x) * 180) / Math.PI };
}

/** The nearest colour that a screen shows: of the same lightness and hue, less chroma if needed. */
export function toRgb({ l, c, h }: Oklch): Rgb {
  let [low, high] = [0, c];
  const exact = unclamped({ l, c, h });
  if (isShown(exact)) return rounded(exact);
  for (let step = 0; step < 12; step += 1) {
    const middle = (low + high) / 2;
    if (isShown(unclamped({ l, c: middle, h }))) low = middle;
    else high = middle;
  }
  return rounded(unclamped({ l, c: low, h }));
}

/** As CSS says it. */
export function hex({ r, g, b }: Rgb): string {
  const digits = [r, g, b].map((part) => Math.round(clamped(part) * 255));
  return `#${digits.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The colour that is most like `wanted` and has a contrast of `ratio` with each of `backgrounds`:
 * lighter or darker, whichever way gets there sooner. Black or white if nothing else does.
 */
export function legible(wanted: Rgb, backgrounds: readonly Rgb[], ratio: number): Rgb {
  const holds = (color: Rgb): boolean => backgrounds.every((one) => contrast(color, one) >= ratio);
  if (holds(wanted)) return wanted;
  const start = toOklch(wanted);
  for (let step = 0.01; step <= 1; step += 0.01) {
    for (const l of [start.l - step, start.l + step]) {
      if (l < 0 || l > 1) continue;
      const color = toRgb({ ...start, l });
      if (holds(color)) return color;
    }
  }
  const least = (color: Rgb): number => Math.min(...backgrounds.map((one) => contrast(color, one)));
  return least(BLACK) >= least(WHITE) ? BLACK : WHITE;
}

function unclamped({ l, c, h }: Oklch): Rgb {
  const angle = (h * Math.PI) / 180;
  const [x, y] = [c * Math.cos(angle), c * Math.sin(angle)];
  const long = (l + 0.3963377774 * x + 0.2158037573 * y) ** 3;
  const medium = (l - 0.1055613458 * x - 0.0638541728 * y) ** 3;
  const short = (l - 0.0894841775 * x - 1.291485548 * y) ** 3;
  return {
    r: encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    g: encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    b: encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  };
}

function isShown({ r, g, b }: Rgb): boolean {
  return [r, g, b].every((part) => part >= -0.0005 && part <= 1.0005);
}

/** In steps of a screen, so that contrasts are those of what is seen. */
function rounded({ r, g, b }: Rgb): Rgb {
  const part = (value: number): number => Math.round(clamped(value) * 255) / 255;
  return { r: part(r), g: part(g), b: part(b) };
}
