/** How large buttons, fields and what opens to choose from are. */
import { css, unsafeCSS, type CSSResult } from "lit";

/** Height, padding at both sides, size of the text, corners: from 22 px to 48 px high. */
const SIZES = {
  "3xs": ["1.375rem", "0.375rem", "0.75rem", "5px"],
  "2xs": ["1.5rem", "0.4375rem", "0.75rem", "6px"],
  xs: ["1.625rem", "0.5rem", "0.8125rem", "6px"],
  sm: ["1.75rem", "0.625rem", "0.875rem", "8px"],
  md: ["2rem", "0.6875rem", "0.875rem", "8px"],
  lg: ["2.25rem", "0.75rem", "0.875rem", "10px"],
  xl: ["2.5rem", "0.875rem", "1rem", "10px"],
  "2xl": ["2.75rem", "1rem", "1rem", "12px"],
  "3xl": ["3rem", "1.125rem", "1rem", "12px"],
} as const;

/** The padding that a field may have instead. */
const GUTTERS = {
  "2xs": "0.375rem",
  xs: "0.5rem",
  sm: "0.625rem",
  md: "0.75rem",
  lg: "0.875rem",
  xl: "1rem",
} as const;

const sizes = Object.entries(SIZES).map(
  ([size, [height, pad, text, round]]) =>
    `:is(.button, .field, .choosing)[data-size="${size}"] ` +
    `{ --w-height: ${height}; --w-pad: ${pad}; --w-text: ${text}; --w-round: ${round}; }`,
);
const gutters = Object.entries(GUTTERS).map(
  ([gutter, pad]) => `.field[data-gutter="${gutter}"] { --w-pad: ${pad}; }`,
);

export const sizeStyles: CSSResult = css`
  ${unsafeCSS([...sizes, ...gutters].join("\n"))}
`;
