/** How boxes look, and what lays out others: forms, tables, charts, transitions. */
import { css } from "lit";

export const boxStyles = css`
  .box {
    display: flex;
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  .row {
    flex-direction: row;
    align-items: center;
  }
  .col {
    flex-direction: column;
  }
  .spaced {
    gap: 8px;
  }
  .spaced.form {
    gap: 12px;
  }
  .row > * {
    min-inline-size: 0;
  }
  form {
    margin: 0;
  }
  .spacer {
    flex: 1 0 0px;
  }
  .divider {
    --w-gap: var(--w-line-space, 0px);
    flex: none;
    align-self: stretch;
    block-size: var(--w-line, 1px);
    margin: var(--w-gap) 0;
    border: 0;
    background: var(--w-line-color, var(--ck-line));
  }
  .row > .divider {
    inline-size: var(--w-line, 1px);
    block-size: auto;
    margin: 0 var(--w-gap);
  }
  :is(.col, .content) > .flush {
    align-self: stretch;
    inline-size: auto;
    max-inline-size: none;
    margin-inline: calc(-1 * var(--w-flush-start, 0px)) calc(-1 * var(--w-flush-end, 0px));
  }
  :is(.col, .content) > .image.flush:first-child {
    margin-block-start: calc(-1 * var(--w-flush-top, 0px));
  }
  :is(.col, .content) > .image.flush:last-child {
    margin-block-end: calc(-1 * var(--w-flush-bottom, 0px));
  }
  .transition {
    min-inline-size: 0;
  }
  .entering {
    animation: enter 260ms ease-out;
  }
  @keyframes enter {
    from {
      opacity: 0;
      translate: 0 4px;
    }
  }
  .table {
    max-inline-size: 100%;
    overflow-x: auto;
  }
  .table table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .table :is(td, th) {
    padding: 8px 12px;
    border-block-end: 1px solid var(--ck-line);
    text-align: start;
    vertical-align: middle;
  }
  .table tbody tr:last-child td {
    border-block-end: 0;
  }
  .table th {
    color: var(--ck-text-muted);
    font-weight: 500;
  }
  .chart {
    inline-size: 100%;
    min-block-size: 160px;
  }
  .chart:not([style*="block-size"], [style*="height"], [style*="aspect-ratio"]) {
    block-size: 220px;
  }
`;
