import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  button.quiet {
    gap: var(--ck-space-1);
    padding-inline: var(--ck-space-3);
    border-color: var(--ck-line);
    color: var(--ck-text-muted);
  }
  .count {
    font-variant-numeric: tabular-nums;
  }
  .turn {
    transition: rotate 150ms;
  }
  [aria-expanded="true"] .turn {
    rotate: 90deg;
  }
  :host(:dir(rtl)) [aria-expanded="true"] .turn {
    rotate: -90deg;
  }
  .list {
    display: grid;
    gap: var(--ck-space-2);
    margin-block-start: var(--ck-space-2);
  }
  h3 {
    margin: 0;
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
    font-weight: 500;
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr));
    gap: var(--ck-space-2);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
  }
  .number {
    padding-block-start: var(--ck-space-2);
    padding-inline-start: var(--ck-space-3);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
    line-height: 1.4;
    font-variant-numeric: tabular-nums;
  }
  chatkit-source-card {
    border-radius: var(--ck-radius-m);
  }
`;
