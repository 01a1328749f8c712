/** Colours of a widget as CSS: tokens by what they colour, primitives, and plain CSS colours. */
import type { Color, Scheme } from "./components";

/** What a colour is for: a token means another colour in each. */
export type Coloured = "text" | "surface" | "border" | "chart";

const LINE = "var(--ck-line)";

const TOKENS: Record<Coloured, Readonly<Record<string, string>>> = {
  text: {
    prose: "var(--ck-text)",
    primary: "var(--ck-text)",
    emphasis: "var(--ck-text)",
    secondary: "var(--ck-text-muted)",
    tertiary: "var(--ck-text-muted)",
    success: "var(--ck-success)",
    warning: "var(--ck-warning)",
    caution: "var(--ck-warning)",
    danger: "var(--ck-danger)",
    info: "var(--ck-info)",
    discovery: "var(--ck-discovery)",
  },
  surface: {
    surface: "var(--ck-surface)",
    "surface-secondary": "var(--ck-surface-sunken)",
    "surface-tertiary": "color-mix(in oklab, var(--ck-surface-sunken) 94%, var(--ck-text))",
    "surface-elevated": "var(--ck-surface-raised)",
    "surface-elevated-secondary":
      "color-mix(in oklab, var(--ck-surface-raised) 95%, var(--ck-text))",
  },
  border: {
    default: LINE,
    subtle: `color-mix(in oklab, ${LINE} 60%, transparent)`,
    strong: "var(--ck-border)",
  },
  // The primitives that are far enough from both surfaces to be told apart.
  chart: {
    blue: primitive("blue", 500),
    purple: primitive("purple", 500),
    orange: primitive("orange", 500),
    green: primitive("green", 500),
    red: primitive("red", 500),
    yellow: primitive("yellow", 600),
    pink: primitive("pink", 500),
  },
};

/** Series without a colour of their own take these in turn. */
export const CHART_COLORS = ["blue", "purple", "orange", "green", "red", "yellow", "pink"] as const;

const PRIMITIVE = /^(gray|red|orange|yellow|green|blue|purple|pink)-(\d{1,4})$/;
const ALPHA = /^alpha-(\d{1,2})$/;
const HEX = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i;
/** No parentheses within: so no `var()` or `url()` finds its way in. */
const FUNCTION = /^(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\([\da-z.,%/+\-\s]{1,60}\)$/i;
const NAME = /^[a-z]{3,24}$/i;

/** A colour, or undefined for what is none. */
export function color(
  value: Color | null | undefined,
  scheme: Scheme,
  of: Coloured,
): string | undefined {
  const one: unknown = typeof value === "object" && value !== null ? value[scheme] : value;
  if (typeof one !== "string") return undefined;
  const text = one.trim();
  const token = Object.hasOwn(TOKENS[of], text) ? TOKENS[of][text] : undefined;
  if (token !== undefined) return token;
  const [, hue, step] = PRIMITIVE.exec(text) ?? [];
  if (hue !== undefined) return primitive(hue as Hue, Math.min(1000, Number(step)));
  const [, share] = ALPHA.exec(text) ?? [];
  if (share !== undefined) return `color-mix(in srgb, var(--ck-text) ${share}%, transparent)`;
  return HEX.test(text) || FUNCTION.test(text) || NAME.test(text) ? text : undefined;
}

type Hue = "gray" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "pink";

/** Hue angle and the chroma of the middle step, in OKLCH. */
function primitive(hue: Hue, step: number): string {
  const [angle, chroma] = {
    gray: [0, 0],
    red: [25, 0.2],
    orange: [50, 0.17],
    yellow: [90, 0.16],
    green: [150, 0.15],
    blue: [255, 0.18],
    purple: [300, 0.2],
    pink: [350, 0.2],
  }[hue] as [number, number];
  const share = step / 1000;
  const lightness = 1 - 0.85 * share;
  // Colour thins out towards white and black.
  const strength = chroma * Math.min(1, 4 * share * (1 - share) + 0.1);
  return `oklch(${lightness.toFixed(3)} ${(step === 0 ? 0 : strength).toFixed(3)} ${angle})`;
}
