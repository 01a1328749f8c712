/** Lengths of a widget as CSS. Whatever is not plainly a length is left out. */
import type { Spacing } from "./components";

const UNIT_PX = 4;
/** More than any page is high: what is larger is a mistake, or meant to push the chat away. */
const LIMIT_PX = 4000;

const KEYWORD = /^(auto|none|min-content|max-content|fit-content|stretch)$/;
const NUMBER = /^[+-]?(\d{1,6}(\.\d{1,6})?|\.\d{1,6})$/;
const LENGTH =
  /^[+-]?(\d{1,4}(\.\d{1,6})?|\.\d{1,6})(px|em|rem|ch|ex|lh|rlh|pt|cm|mm|in|%|s?vw|[sdl]?vh|vmin|vmax|cqw|cqi)$/;
/** Sums of lengths; no function but these, above all none that takes a name or an address. */
const SUM = /^(calc|min|max|clamp)\((?:[\s\d.+\-*/%,()]|px|r?em|ch|[sdl]?vh|[sdl]?vw|cqw|cqi)+\)$/;

/** A size: a number counts pixels. */
export function pixels(value: unknown): string | undefined {
  return length(value, 1);
}

/** A gap, padding or margin: a number counts units of four pixels. */
export function units(value: unknown): string | undefined {
  return length(value, UNIT_PX);
}

/** Several of these in one text, as CSS has them: `"8px 12px"`. */
export function unitsOfEdges(value: unknown): string | undefined {
  if (typeof value !== "string" || SUM.test(value)) return units(value);
  const parts = value.trim().split(/\s+/).slice(0, 4).map(units);
  return parts.includes(undefined) ? undefined : parts.join(" ");
}

/** Padding or margin by edge; left is where a line begins. */
export function edges(
  name: "padding" | "margin",
  value: number | string | Spacing | null | undefined,
): Record<string, string | undefined> {
  if (typeof value !== "object" || value === null) return { [name]: unitsOfEdges(value) };
  const { top, right, bottom, left, x, y } = value;
  return {
    [`${name}BlockStart`]: units(top ?? y),
    [`${name}BlockEnd`]: units(bottom ?? y),
    [`${name}InlineStart`]: units(left ?? x),
    [`${name}InlineEnd`]: units(right ?? x),
  };
}

/** `flex`: a number, or CSS of up to three values. */
export function flex(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? `${value} 1 0%` : undefined;
  if (typeof value !== "string") return undefined;
  const parts = value.trim().split(/\s+/);
  const all = parts.map((part) => (NUMBER.test(part) ? part : pixels(part)));
  return all.includes(undefined) || all.length > 3 ? undefined : all.join(" ");
}

/** A ratio: `1.5`, `"16/9"`. */
export function ratio(value: unknown): string | undefined {
  if (typeof value === "number")
    return value > 0 && Number.isFinite(value) ? `${value}` : undefined;
  if (typeof value !== "string") return undefined;
  return /^\s*(auto|\d{1,6}(\.\d{1,6})?(\s*\/\s*\d{1,6}(\.\d{1,6})?)?)\s*$/.test(value)
    ? value.trim()
    : undefined;
}

function length(value: unknown, unit: number): string | undefined {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return undefined;
    return `${Math.max(-LIMIT_PX, Math.min(LIMIT_PX, value * unit))}px`;
  }
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  if (NUMBER.test(text)) return length(Number(text), unit);
  if (KEYWORD.test(text)) return text;
  if (!LENGTH.test(text) && !SUM.test(text)) return undefined;
  // A share of what is around is bounded by that. No blanks: a text of several lengths has them.
  return /^[^(]*%$/.test(text) ? text : `clamp(-${LIMIT_PX}px,${text},${LIMIT_PX}px)`;
}
