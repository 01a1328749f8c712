/** What turns while something is under way. */
import { css, type CSSResult } from "lit";

/** `.spinner`: as large as the text around it, in its colour. */
export const spinner: CSSResult = css`
  .spinner {
    display: inline-block;
    inline-size: 1em;
    block-size: 1em;
    border: 2px solid color-mix(in srgb, currentcolor 25%, transparent);
    border-block-start-color: currentcolor;
    border-radius: 50%;
    animation: turn 800ms linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      border-style: dotted;
      animation: none;
    }
  }
`;
