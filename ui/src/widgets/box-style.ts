/** The properties that all boxes share, as styles for `styled`. */

import { type Styles } from "../styled";
import { color } from "./colors";
import type { BoxProps, Color, Scheme, Sizes } from "./components";
import { edges, flex, pixels, ratio, units } from "./lengths";

const ALIGN: Readonly<Record<string, string>> = {
  start: "start",
  center: "center",
  end: "end",
  baseline: "baseline",
  stretch: "stretch",
};
const JUSTIFY: Readonly<Record<string, string>> = {
  start: "start",
  center: "center",
  end: "end",
  between: "space-between",
  around: "space-around",
  evenly: "space-evenly",
  stretch: "stretch",
};
const WRAPS = ["nowrap", "wrap", "wrap-reverse"];
const RADII: Readonly<Record<string, string>> = {
  none: "0",
  "2xs": "2px",
  xs: "4px",
  sm: "6px",
  md: "8px",
  lg: "10px",
  xl: "12px",
  "2xl": "16px",
  "3xl": "20px",
  "4xl": "24px",
  full: "9999px",
  "100%": "100%",
};
const LINES = ["solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset"];

/** One of the words, or undefined. */
export function word(words: Readonly<Record<string, string>>, value: unknown): string | undefined {
  return typeof value === "string" && Object.hasOwn(words, value) ? words[value] : undefined;
}

/** How large something is: `size` is both sides, of which each may be given alone. */
export function sizeStyle(props: Sizes): Styles {
  const { size, minSize, maxSize } = props;
  return {
    blockSize: pixels(props.height ?? size),
    inlineSize: pixels(props.width ?? size),
    minBlockSize: pixels(props.minHeight ?? minSize),
    minInlineSize: pixels(props.minWidth ?? minSize),
    maxBlockSize: pixels(props.maxHeight ?? maxSize),
    maxInlineSize: pixels(props.maxWidth ?? maxSize),
    aspectRatio: ratio(props.aspectRatio),
  };
}

/** Corners by their name; undefined for what is none of the names. */
export function radius(value: unknown): string | undefined {
  return word(RADII, value);
}

/** `align` as CSS; undefined for what is none of its words. */
export function align(value: unknown): string | undefined {
  return word(ALIGN, value);
}

/** `justify` as CSS; undefined for what is none of its words. */
export function justify(value: unknown): string | undefined {
  return word(JUSTIFY, value);
}

/** Everything of a box but its direction. */
export function boxStyle(props: BoxProps, scheme: Scheme): Styles {
  return {
    ...sizeStyle(props),
    alignItems: align(props.align),
    justifyContent: justify(props.justify),
    flexWrap: WRAPS.find((one) => one === props.wrap),
    flex: flex(props.flex),
    gap: units(props.gap),
    ...edges("padding", props.padding),
    ...edges("margin", props.margin),
    ...borderStyle(props.border, scheme),
    borderRadius: radius(props.radius),
    background: color(props.background, scheme, "surface"),
  };
}

type Line = number | { size: number; color?: Color; style?: string };

/** Borders: of all edges alike, or by edge. */
export function borderStyle(border: BoxProps["border"] | null, scheme: Scheme): Styles {
  if (border === undefined || border === null) return {};
  if (typeof border === "number" || "size" in border) return { border: line(border, scheme) };
  const { top, right, bottom, left, x, y } = border;
  return {
    borderBlockStart: line(top ?? y, scheme),
    borderBlockEnd: line(bottom ?? y, scheme),
    borderInlineStart: line(left ?? x, scheme),
    borderInlineEnd: line(right ?? x, scheme),
  };
}

function line(value: Line | null | undefined, scheme: Scheme): string | undefined {
  if (value === undefined || value === null) return undefined;
  const {
    size,
    color: given = "default",
    style = "solid",
  } = typeof value === "number" ? { size: value } : value;
  const width: unknown = size;
  if (typeof width !== "number" || !(width >= 0)) return undefined;
  const drawn = color(given, scheme, "border") ?? color("default", scheme, "border") ?? "";
  return `${Math.min(width, 40)}px ${LINES.includes(style) ? style : "solid"} ${drawn}`;
}
