/** The page's colours, as CSS writes them. */
import type { Rgb } from "./color";

/** A colour and how much of what is behind it it covers, 0 to 1. */
export interface CssColor {
  color: Rgb;
  alpha: number;
}

/** What a CSS colour means; null if it is none. */
export function parsed(text: string): CssColor | null {
  const value = text.trim().toLowerCase();
  return hexadecimal(value) ?? functional(value) ?? painted(value);
}

function hexadecimal(value: string): CssColor | null {
  const digits = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.exec(value)?.[1];
  if (digits === undefined) return null;
  const pairs = digits.length < 6 ? digits.replace(/./g, "$&$&") : digits;
  const [r = 0, g = 0, b = 0, alpha = 1] = (pairs.match(/../g) ?? []).map(
    (pair) => parseInt(pair, 16) / 255,
  );
  return { color: { r, g, b }, alpha };
}

function functional(value: string): CssColor | null {
  const found = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(value);
  const [, kind, inside = ""] = found ?? [];
  const parts = inside.split(/[\s,/]+/).filter((part) => part !== "");
  if (kind === undefined || (parts.length !== 3 && parts.length !== 4)) return null;
  const [first = "", second = "", third = "", last = "1"] = parts;
  const color =
    kind === "rgb"
      ? { r: share(first, 255), g: share(second, 255), b: share(third, 255) }
      : fromHsl(degrees(first), share(second, 100), share(third, 100));
  const all = [color.r, color.g, color.b, share(last, 1)];
  return all.every(Number.isFinite) ? { color, alpha: share(last, 1) } : null;
}

/** Names and newer notations: the browser paints them and we look at the paint. */
function painted(value: string): CssColor | null {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null || !CSS.supports("color", value)) return null;
  context.fillStyle = value;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
  return { color: { r: r / 255, g: g / 255, b: b / 255 }, alpha: a / 255 };
}

/** A number or a percentage as a part of `whole`, 0 to 1. */
function share(text: string, whole: number): number {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text) / whole;
  return Math.min(1, Math.max(0, value));
}

function degrees(text: string): number {
  const [, number = "", unit = "deg"] = /^(-?[\d.]+)(deg|turn|rad|grad)?$/.exec(text) ?? [];
  const whole = { deg: 360, turn: 1, rad: 2 * Math.PI, grad: 400 }[unit] ?? NaN;
  return number === "" ? NaN : (Number(number) / whole) * 360;
}

/** CSS Color 4, section 7.1. */
function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const part = (n: number): number => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return { r: part(0), g: part(8), b: part(4) };
}
