/** The element's own style: a block that fills what the page gives it. */
import { css, type CSSResultGroup } from "lit";

import { schemes } from "./schemes";

export const tokens: CSSResultGroup = [
  schemes,
  css`
    :host {
      display: block;
      height: 100%;
      min-height: 0;
      contain: content;
      color: var(--ck-text);
      background: var(--ck-surface);
    }
    :host([hidden]) {
      display: none;
    }
  `,
];
