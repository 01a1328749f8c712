/** How buttons look, and which colour a tone is. */
import { css } from "lit";

const tones = css`
  [data-tone="primary"] {
    --tone: var(--ck-accent);
    --on-tone: var(--ck-on-accent);
  }
  [data-tone="secondary"] {
    --tone: var(--ck-text);
  }
  .badge[data-tone="secondary"] {
    --tone: var(--ck-text-muted);
  }
  [data-tone="info"] {
    --tone: var(--ck-info);
  }
  [data-tone="discovery"] {
    --tone: var(--ck-discovery);
  }
  [data-tone="success"] {
    --tone: var(--ck-success);
  }
  :is([data-tone="caution"], [data-tone="warning"]) {
    --tone: var(--ck-warning);
  }
  [data-tone="danger"] {
    --tone: var(--ck-danger);
  }
`;

const buttons = css`
  .button {
    --on-tone: var(--ck-surface);
    position: relative;
    display: inline-flex;
    flex: none;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    max-inline-size: 100%;
    min-block-size: var(--w-height);
    padding: 0 var(--w-pad);
    border-radius: min(var(--w-round), var(--ck-radius-full));
    font-size: var(--w-text);
    font-weight: 500;
    line-height: 1.2;
    transition:
      background-color 120ms,
      opacity 120ms;
  }
  .col > .button,
  .content > .button {
    align-self: start;
  }
  .button.block {
    align-self: stretch;
    inline-size: 100%;
  }
  .row > .button.block {
    flex: 1;
    inline-size: auto;
  }
  .button.pill {
    border-radius: 9999px;
  }
  .button.uniform {
    inline-size: var(--w-height);
    padding: 0;
  }
  .button > chatkit-icon {
    font-size: 1.15em;
  }
  .button[data-variant="solid"] {
    background: var(--tone);
    color: var(--on-tone);
  }
  .button:is([data-variant="soft"], [data-variant="outline"], [data-variant="ghost"]) {
    color: color-mix(in oklab, var(--tone) 75%, var(--ck-text));
  }
  .button[data-variant="soft"] {
    background: color-mix(in oklab, var(--tone) 10%, transparent);
  }
  .button[data-variant="outline"] {
    border-color: color-mix(in oklab, var(--tone) 25%, var(--ck-line));
  }
  @media (hover: hover) {
    .button[data-variant="solid"]:not(:disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--tone) 86%, var(--ck-surface));
    }
    .button:not([data-variant="solid"], :disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--tone) 9%, transparent);
    }
    .button[data-variant="soft"]:not(:disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--tone) 16%, transparent);
    }
  }
  .button[aria-busy="true"] > :not(.spinner) {
    visibility: hidden;
  }
  .button[aria-busy="true"] {
    opacity: 1;
  }
  .button > .spinner {
    position: absolute;
  }
`;

export const buttonStyles = [tones, buttons];
