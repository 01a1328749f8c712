import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    font-size: var(--ck-size-s);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
  .card {
    display: grid;
    gap: var(--ck-space-1);
    box-sizing: border-box;
    inline-size: 100%;
    padding: var(--ck-space-2) var(--ck-space-3);
    border: 0;
    border-radius: inherit;
    color: inherit;
    text-align: start;
    text-decoration: none;
  }
  .card:is(a, button):hover {
    background: var(--ck-hover);
  }
  .card:focus-visible {
    outline-offset: -2px;
  }
  .where {
    display: flex;
    align-items: center;
    gap: var(--ck-space-1);
    color: var(--ck-text-muted);
  }
  .title {
    font-weight: 500;
  }
  .more {
    color: var(--ck-text-muted);
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-clamp: 3;
    overflow: hidden;
  }
`;
