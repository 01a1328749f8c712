import { css } from "lit";

export const styles = css`
  :host {
    position: relative;
    display: inline-block;
    min-inline-size: 0;
  }
  button.quiet {
    max-inline-size: 100%;
    min-inline-size: 0;
    border-color: transparent;
    padding-inline: var(--ck-space-3);
    color: var(--ck-text-muted);
  }
  .label {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .menu {
    position: absolute;
    inset-block-end: calc(100% + var(--ck-space-2));
    inset-inline-start: 0;
    z-index: 3;
    inline-size: max-content;
    min-inline-size: 12rem;
    max-inline-size: min(20rem, 80vw);
    max-block-size: min(20rem, 50vh);
    overscroll-behavior: contain;
  }
  :host([align="end"]) .menu {
    inset-inline: auto 0;
  }
  .words {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .description {
    display: block;
    color: var(--ck-text-muted);
    line-height: 1.3;
  }
  [role="menuitemradio"]:focus {
    background: var(--ck-hover);
  }
  [aria-disabled="true"] {
    color: var(--ck-text-muted);
    cursor: default;
  }
  .menu chatkit-icon {
    flex: none;
    font-size: 1.125rem;
    color: var(--ck-text-muted);
  }
`;
