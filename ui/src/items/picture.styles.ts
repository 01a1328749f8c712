import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  button.open {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
    background: var(--ck-surface-sunken);
    cursor: zoom-in;
  }
  button.open img {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    object-fit: var(--picture-fit, cover);
  }
  dialog {
    box-sizing: border-box;
    max-inline-size: 100vw;
    max-block-size: 100vh;
    inline-size: 100vw;
    block-size: 100vh;
    margin: 0;
    padding: var(--ck-space-3);
    border: 0;
    background: none;
    color: var(--ck-text);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.75);
  }
  .full {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    gap: var(--ck-space-3);
    block-size: 100%;
  }
  .bar {
    display: flex;
    justify-content: flex-end;
    gap: var(--ck-space-2);
  }
  .bar > * {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    inline-size: 2.5rem;
    block-size: 2.5rem;
    box-sizing: border-box;
    border-radius: var(--ck-radius-full);
    background: var(--ck-surface);
    color: var(--ck-text);
    font-size: 1.25rem;
  }
  .full > img {
    max-inline-size: 100%;
    max-block-size: 100%;
    margin: auto;
    border-radius: var(--ck-radius-m);
    object-fit: contain;
  }
`;
