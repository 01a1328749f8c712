import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .field-box {
    position: relative;
  }
  #text,
  .placeholder {
    padding: var(--ck-space-2) var(--ck-space-2);
    line-height: 1.5;
    font-size: var(--ck-size-m);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  #text {
    min-block-size: 1.5em;
    max-block-size: min(14rem, 40vh);
    overflow-y: auto;
    overscroll-behavior: contain;
    outline: none;
    color: var(--ck-text);
    caret-color: var(--ck-text);
    unicode-bidi: plaintext;
    text-align: start;
    cursor: text;
  }
  #text[aria-disabled="true"] {
    cursor: not-allowed;
    color: var(--ck-text-muted);
  }
  .placeholder {
    position: absolute;
    inset: 0;
    color: var(--ck-text-muted);
    pointer-events: none;
    overflow: hidden;
    white-space: nowrap;
    text-overflow: ellipsis;
    user-select: none;
  }
  chatkit-entity {
    cursor: default;
  }
  .menu.suggestions {
    position: absolute;
    inset-inline: 0;
    inset-block-end: calc(100% + var(--ck-space-2));
    max-block-size: min(20rem, 50vh);
    overflow-y: auto;
    overscroll-behavior: contain;
    z-index: 3;
  }
  .group {
    padding: var(--ck-space-2) var(--ck-space-3) var(--ck-space-1);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  .words {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--ck-space-2);
    align-items: baseline;
    min-inline-size: 0;
  }
  .title {
    overflow-wrap: anywhere;
  }
  .description {
    color: var(--ck-text-muted);
    overflow-wrap: anywhere;
  }
  .none {
    padding: var(--ck-space-2) var(--ck-space-3);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  chatkit-icon {
    flex: none;
    color: var(--ck-text-muted);
  }
`;
