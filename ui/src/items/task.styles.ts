import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: 1.25rem minmax(0, 1fr);
    column-gap: var(--ck-space-2);
    font-size: var(--ck-size-s);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .mark {
    display: grid;
    place-items: center;
    block-size: 1.5em;
    color: var(--ck-text-muted);
    font-size: 1rem;
  }
  .dot {
    inline-size: 0.375rem;
    block-size: 0.375rem;
    border-radius: 50%;
    background: currentColor;
  }
  .spinner {
    inline-size: 0.75rem;
    block-size: 0.75rem;
    border: 2px solid var(--ck-line);
    border-block-start-color: var(--ck-accent);
    border-radius: 50%;
    animation: turn 0.8s linear infinite;
  }
  .body {
    display: grid;
    gap: var(--ck-space-2);
    min-inline-size: 0;
  }
  .title {
    color: var(--ck-text);
  }
  .content {
    color: var(--ck-text-muted);
  }
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: var(--ck-space-1);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: var(--ck-space-1);
    max-inline-size: 100%;
    box-sizing: border-box;
    padding: 0 var(--ck-space-2);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-full);
    color: var(--ck-text-muted);
    text-decoration: none;
  }
  a.chip:hover {
    background: var(--ck-hover);
    color: var(--ck-text);
  }
  .chip > bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @keyframes turn {
    to {
      rotate: 360deg;
    }
  }
`;
