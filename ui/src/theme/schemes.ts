/** Which of the two palettes counts: that of the nearest `data-color-scheme`. */
import { css, unsafeCSS, type CSSResult } from "lit";

const COLORS = [
  "text",
  "text-muted",
  "surface",
  "surface-raised",
  "surface-sunken",
  "border",
  "line",
  "accent",
  "on-accent",
  "link",
  "danger",
  "warning",
  "success",
  "info",
  "discovery",
  "focus",
  "hover",
] as const;

const SHADOWS = {
  light: "0 1px 2px rgb(0 0 0 / 6%), 0 8px 24px rgb(0 0 0 / 12%)",
  dark: "0 1px 2px rgb(0 0 0 / 40%), 0 8px 24px rgb(0 0 0 / 48%)",
} as const;

function scheme(name: "light" | "dark"): CSSResult {
  const colors = COLORS.map((color) => `--ck-${color}: var(--ck-${name}-${color});`).join(" ");
  return unsafeCSS(
    `:host([data-color-scheme="${name}"]), [data-color-scheme="${name}"] { ` +
      `color-scheme: ${name}; --ck-shadow: ${SHADOWS[name]}; ${colors} }`,
  );
}

/**
 * For the styles of an element that sets `data-color-scheme`, on itself or on something in it:
 * from there on inwards the other palette counts.
 */
export const schemes: CSSResult = css`
  ${scheme("light")}
  ${scheme("dark")}
  [data-color-scheme] {
    color: var(--ck-text);
  }
`;
