import { css } from "lit";

export const styles = css`
  :host {
    position: relative;
    display: block;
    min-block-size: 0;
    block-size: 100%;
  }
  .scroller {
    container-type: size;
    block-size: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  .scroller.held {
    overflow-anchor: none;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .column {
    box-sizing: border-box;
    max-inline-size: var(--ck-column);
    margin-inline: auto;
    padding: var(--ck-space-3) var(--ck-space-4);
  }
  /* Read by what offers another answer. By style: hundreds of turns need not be rendered anew. */
  .column.busy {
    --ck-another: none;
  }
  .older {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: var(--ck-space-2);
    padding-block: var(--ck-space-2);
  }
  .older p {
    margin: 0;
    font-size: var(--ck-size-s);
  }
  .older :is(p, button) {
    color: var(--ck-text-muted);
  }
  /* The answer to a message that was brought to the top grows into this space. */
  :host([roomy]) chatkit-turn:last-of-type {
    min-block-size: calc(100cqb - 2 * var(--ck-space-3));
  }
  .float {
    position: absolute;
    inset-inline: 0;
    inset-block-end: var(--ck-space-2);
    display: grid;
    justify-items: center;
    gap: var(--ck-space-2);
    padding-inline: var(--ck-space-4);
    pointer-events: none;
  }
  .float > * {
    pointer-events: auto;
  }
  .newest {
    border: 1px solid var(--ck-line);
    background: var(--ck-surface);
    color: var(--ck-text);
    box-shadow: var(--ck-shadow);
  }
  .offline {
    display: flex;
    align-items: center;
    gap: var(--ck-space-2);
    margin: 0;
    padding: var(--ck-space-2) var(--ck-space-4);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-l);
    background: var(--ck-surface);
    box-shadow: var(--ck-shadow);
    font-size: var(--ck-size-s);
  }
  .offline chatkit-icon {
    flex: none;
    color: var(--ck-warning);
    font-size: 1.125rem;
  }
`;
