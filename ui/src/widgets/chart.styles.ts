/** How charts look. */
import { css } from "lit";

export const chartStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: var(--ck-space-2);
    position: relative;
    min-inline-size: 0;
  }
  .plot {
    flex: 1;
    position: relative;
    min-block-size: 0;
    outline-offset: 2px;
    direction: ltr;
  }
  svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
    font-size: 0.75rem;
  }
  text {
    fill: var(--ck-text-muted);
  }
  .grid {
    stroke: var(--ck-line);
    stroke-dasharray: 3 4;
  }
  .grid.zero {
    stroke-dasharray: none;
  }
  .here {
    fill: var(--ck-hover);
  }
  .series {
    fill: var(--color);
  }
  .line {
    fill: none;
    stroke: var(--color);
    stroke-width: 2;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .area {
    fill: var(--color);
    opacity: 0.22;
  }
  .dot {
    fill: var(--color);
    stroke: var(--ck-surface);
    stroke-width: 2;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--ck-space-1) var(--ck-space-4);
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
    color: var(--ck-text-muted);
  }
  .swatch {
    display: inline-block;
    inline-size: 0.625rem;
    block-size: 0.625rem;
    margin-inline-end: 0.375rem;
    border-radius: 3px;
    background: var(--color);
  }
  .tooltip {
    position: absolute;
    inset-block-start: 0;
    z-index: 1;
    padding: var(--ck-space-2) var(--ck-space-3);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-s);
    background: var(--ck-surface);
    box-shadow: var(--ck-shadow);
    color: var(--ck-text);
    font-size: 0.8125rem;
    white-space: nowrap;
    pointer-events: none;
  }
  .tooltip p {
    margin: 0;
  }
  .tooltip p:first-child {
    font-weight: 600;
  }
`;
