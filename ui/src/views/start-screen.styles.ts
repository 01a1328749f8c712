import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    align-content: safe center;
    justify-items: center;
    gap: var(--ck-space-5);
    box-sizing: border-box;
    padding: var(--ck-space-4);
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  h2 {
    margin: 0;
    max-width: var(--ck-column);
    font-size: calc(var(--ck-size-l) * 1.3);
    font-weight: 600;
    line-height: 1.25;
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
    gap: var(--ck-space-2);
    box-sizing: border-box;
    inline-size: 100%;
    max-inline-size: calc(var(--ck-column) - 2 * var(--ck-space-4));
    margin: 0;
    padding: 0;
    list-style: none;
  }
  @container (max-width: 30rem) {
    :host {
      padding-inline: var(--ck-space-3);
    }
  }
  li {
    display: grid;
    min-width: 0;
  }
  button {
    display: flex;
    align-items: center;
    gap: var(--ck-space-3);
    padding: var(--ck-space-3) var(--ck-space-4);
    border-color: var(--ck-line);
    border-radius: var(--ck-radius-m);
    line-height: 1.4;
    text-align: start;
    transition: background-color 120ms;
  }
  button:not(:disabled):hover {
    background: var(--ck-hover);
  }
  button span {
    min-width: 0;
    font-size: var(--ck-size-s);
    overflow-wrap: anywhere;
  }
  chatkit-icon {
    font-size: 1.25em;
    color: var(--ck-text-muted);
  }
  chatkit-thread-status {
    inline-size: 100%;
    max-inline-size: calc(var(--ck-column) - 2 * var(--ck-space-4));
  }
`;
