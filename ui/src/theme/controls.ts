/** Styles that all controls share. */
import { css, type CSSResult } from "lit";

/**
 * `button.icon`, `button.primary`, `button.quiet`, `.field`, `.menu` (its entries are buttons or
 * `role="menuitem"`/`option`), `.visually-hidden`; and the focus ring of whatever can have the focus.
 */
export const controls: CSSResult = css`
  button,
  .field {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }

  button {
    box-sizing: border-box;
    margin: 0;
    border: 1px solid transparent;
    background: none;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  button:disabled,
  button[aria-disabled="true"] {
    cursor: default;
    opacity: 0.5;
  }

  button.icon,
  button.primary,
  button.quiet {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--ck-space-2);
    min-height: 2.25rem;
    transition:
      background-color 120ms,
      color 120ms,
      border-color 120ms;
  }

  button.icon {
    flex: none;
    inline-size: 2.25rem;
    block-size: 2.25rem;
    padding: 0;
    border-radius: var(--ck-radius-full);
    color: var(--ck-text-muted);
    font-size: 1.25rem;
    line-height: 1;
  }

  button.primary,
  button.quiet {
    padding: var(--ck-space-1) var(--ck-space-4);
    border-radius: var(--ck-radius-full);
    font-size: var(--ck-size-s);
    font-weight: 500;
    line-height: 1.25;
  }

  button.primary,
  button.icon.primary {
    color: var(--ck-on-accent);
    background: var(--ck-accent);
  }

  button.icon.primary {
    padding: 0;
    font-size: 1.25rem;
  }

  button.quiet {
    border-color: var(--ck-border);
  }

  button.danger {
    color: var(--ck-danger);
  }

  button.icon[aria-pressed="true"],
  button.icon[aria-expanded="true"],
  button.quiet[aria-pressed="true"] {
    color: var(--ck-text);
    background: var(--ck-hover);
  }

  @media (hover: hover) {
    button.icon:not(.primary, :disabled, [aria-disabled="true"]):hover,
    button.quiet:not(:disabled, [aria-disabled="true"]):hover {
      background: var(--ck-hover);
    }
    button.icon:not(.primary, .danger, :disabled):hover {
      color: var(--ck-text);
    }
    button.primary:not(:disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--ck-accent) 88%, var(--ck-surface));
    }
  }

  .field {
    box-sizing: border-box;
    inline-size: 100%;
    padding: var(--ck-space-2) var(--ck-space-3);
    border: 1px solid var(--ck-border);
    border-radius: var(--ck-radius-s);
    color: var(--ck-text);
    background: var(--ck-surface);
  }

  .field::placeholder {
    color: var(--ck-text-muted);
    opacity: 1;
  }

  .field[aria-invalid="true"] {
    border-color: var(--ck-danger);
  }

  .menu {
    box-sizing: border-box;
    margin: 0;
    padding: var(--ck-space-1);
    overflow: auto;
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
    color: var(--ck-text);
    background: color-mix(in oklab, var(--ck-surface), var(--ck-surface-raised));
    box-shadow: var(--ck-shadow);
    list-style: none;
  }

  .menu > button,
  .menu :is([role="menuitem"], [role="menuitemradio"], [role="menuitemcheckbox"], [role="option"]) {
    box-sizing: border-box;
    display: flex;
    align-items: center;
    gap: var(--ck-space-2);
    inline-size: 100%;
    min-height: 2.25rem;
    padding: var(--ck-space-1) var(--ck-space-3);
    border-radius: max(0px, calc(var(--ck-radius-m) - var(--ck-space-1)));
    font-size: var(--ck-size-s);
    text-align: start;
    cursor: pointer;
  }

  .menu > button:not(:disabled):hover,
  .menu
    :is([role="menuitem"], [role="menuitemradio"], [role="menuitemcheckbox"], [role="option"]):is(
      :hover,
      [aria-selected="true"],
      .active
    ):not([aria-disabled="true"]) {
    background: var(--ck-hover);
  }

  :focus-visible {
    outline: 2px solid var(--ck-focus);
    outline-offset: 2px;
  }

  .menu :focus-visible {
    outline-offset: -2px;
  }

  .field:focus-visible {
    outline-offset: -1px;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
    border: 0;
    white-space: nowrap;
  }

  @media (pointer: coarse) {
    button.icon {
      inline-size: 2.5rem;
      block-size: 2.5rem;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      /* Any duration would give a transition to all properties of all elements. */
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
