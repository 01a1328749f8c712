/** How Markdown looks. Blocks are apart by one measure, so that text can grow without a jump. */
import { css } from "lit";

/** How Markdown looks. */
export const styles = css`
  :host {
    display: block;
    min-inline-size: 0;
    --line: color-mix(in oklab, var(--ck-border) 35%, transparent);
    --shade: color-mix(in oklab, var(--ck-text) 7%, transparent);
    line-height: 1.6;
    overflow-wrap: anywhere;
  }

  p,
  h2,
  h3,
  h4,
  h5,
  h6,
  ul,
  ol,
  blockquote,
  hr,
  pre,
  .table,
  .math,
  chatkit-code-block {
    margin: 0;
    margin-block-start: var(--ck-space-3);
  }

  :host > :first-child,
  li > :first-child,
  blockquote > :first-child {
    margin-block-start: 0;
  }

  .h1,
  .h2,
  .h3,
  .h4,
  .h5,
  .h6 {
    font-size: 1em;
    font-weight: 600;
    line-height: 1.35;
    margin-block-start: var(--ck-space-4);
    text-wrap: balance;
  }
  .h1 {
    font-size: 1.5em;
  }
  .h2 {
    font-size: 1.3em;
  }
  .h3 {
    font-size: 1.125em;
  }

  strong {
    font-weight: 600;
  }

  del {
    color: var(--ck-text-muted);
  }

  /* In a widget's entry that is one button, above that button. */
  a,
  .deeplink,
  button {
    position: relative;
    z-index: var(--ck-above, auto);
  }

  a,
  .deeplink {
    color: var(--ck-link);
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
    border-radius: 2px;
    cursor: pointer;
  }
  a:hover,
  .deeplink:hover {
    text-decoration-thickness: 2px;
  }

  ul,
  ol {
    padding-inline-start: 1.625em;
  }
  li {
    margin-block-start: var(--ck-space-1);
    padding-inline-start: 0.125em;
  }
  li:first-child {
    margin-block-start: 0;
  }
  li::marker {
    color: var(--ck-text-muted);
    font-variant-numeric: tabular-nums;
  }
  li > :is(ul, ol) {
    margin-block-start: var(--ck-space-1);
  }
  .loose > li + li,
  li:has(> chatkit-code-block) + li {
    margin-block-start: var(--ck-space-3);
  }
  li > p {
    margin-block-start: var(--ck-space-2);
  }

  li.task {
    list-style: none;
    position: relative;
  }
  .box {
    position: absolute;
    inset-inline-start: -1.5em;
    inset-block-start: 0.3em;
    box-sizing: border-box;
    inline-size: 1em;
    block-size: 1em;
    border: 1px solid var(--ck-text-muted);
    border-radius: 0.25em;
  }
  .box.checked {
    border-color: var(--ck-accent);
    background: var(--ck-accent);
  }
  .box.checked::after {
    content: "";
    position: absolute;
    inset-inline-start: 0.29em;
    inset-block-start: 0.08em;
    inline-size: 0.22em;
    block-size: 0.48em;
    border: solid var(--ck-on-accent);
    border-width: 0 2px 2px 0;
    rotate: 45deg;
  }

  blockquote {
    padding-inline-start: var(--ck-space-4);
    border-inline-start: 3px solid var(--line);
    color: var(--ck-text-muted);
  }

  hr {
    block-size: 1px;
    margin-block: var(--ck-space-5);
    border: 0;
    background: var(--line);
  }
  hr + * {
    margin-block-start: 0;
  }

  img {
    max-inline-size: 100%;
    max-block-size: 24rem;
    border-radius: var(--ck-radius-m);
    vertical-align: middle;
  }

  .blocked {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    padding: 0.1em 0.6em;
    border: 1px dashed var(--ck-border);
    border-radius: var(--ck-radius-s);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }

  code,
  .tex {
    font-family: var(--ck-font-mono);
    font-size: 0.875em;
  }
  :not(pre) > code {
    padding: 0.15em 0.3em;
    border-radius: 0.35em;
    background: var(--shade);
    box-decoration-break: clone;
    -webkit-box-decoration-break: clone;
  }
  .tex {
    color: var(--ck-text-muted);
  }

  .math {
    overflow: auto hidden;
    padding-block: var(--ck-space-1);
    text-align: center;
  }
  math {
    font-size: 1.1em;
  }
  math[display="block"] {
    margin: 0;
  }
  menclose[notation~="box"] {
    padding: 0.25em 0.4em;
    border: 1px solid;
  }

  .table {
    overflow-x: auto;
    border: 1px solid var(--line);
    border-radius: var(--ck-radius-m);
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.9375em;
    font-variant-numeric: tabular-nums;
    overflow-wrap: normal;
  }
  th,
  td {
    min-inline-size: 4em;
    max-inline-size: 24em;
    padding: var(--ck-space-2) var(--ck-space-3);
    text-align: start;
    vertical-align: top;
  }
  th {
    font-weight: 600;
    background: var(--ck-surface-sunken);
    white-space: nowrap;
  }
  tbody tr {
    border-block-start: 1px solid var(--line);
  }
  .center {
    text-align: center;
  }
  .right {
    text-align: end;
  }

  chatkit-code-block {
    display: block;
    border: 1px solid var(--line);
    border-radius: var(--ck-radius-m);
    overflow: clip;
    background: var(--ck-surface-sunken);
  }
  .code-head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--ck-space-2);
    padding-block: var(--ck-space-1);
    padding-inline: var(--ck-space-3) var(--ck-space-1);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
    line-height: 1.5;
    user-select: none;
  }
  button.copy {
    gap: 0.4em;
    min-height: 1.75rem;
    padding: 0 var(--ck-space-2);
    border-color: transparent;
    border-radius: var(--ck-radius-s);
    font-weight: 400;
  }
  button.copy:hover {
    color: var(--ck-text);
  }
  pre {
    margin: 0;
    padding: var(--ck-space-1) var(--ck-space-4) var(--ck-space-3);
    overflow-x: auto;
    line-height: 1.55;
    overflow-wrap: normal;
    tab-size: 4;
    outline-offset: -2px;
  }
  pre:focus-visible,
  .table:focus-visible {
    outline: 2px solid var(--ck-focus);
    outline-offset: -2px;
  }

  /* Mixed with the text's colour, so that they can be read whatever the theme's colours are. */
  .comment {
    color: var(--ck-text-muted);
    font-style: italic;
  }
  .keyword {
    color: color-mix(in oklab, var(--ck-discovery) 75%, var(--ck-text));
  }
  .string,
  .added {
    color: color-mix(in oklab, var(--ck-success) 75%, var(--ck-text));
  }
  .number {
    color: color-mix(in oklab, var(--ck-warning) 75%, var(--ck-text));
  }
  .name,
  .type {
    color: color-mix(in oklab, var(--ck-info) 75%, var(--ck-text));
  }
  .meta {
    color: var(--ck-text-muted);
  }
  .removed {
    color: color-mix(in oklab, var(--ck-danger) 75%, var(--ck-text));
  }

  .sources {
    display: inline-flex;
    gap: 2px;
    margin-inline-start: 0.25em;
    vertical-align: 0.15em;
    white-space: nowrap;
  }
  .source {
    min-inline-size: 1.6em;
    max-inline-size: 12em;
    block-size: 1.6em;
    padding: 0 0.4em;
    overflow: hidden;
    text-overflow: ellipsis;
    border-radius: var(--ck-radius-full);
    color: var(--ck-text);
    background: var(--shade);
    font-size: 0.6875rem;
    font-weight: 500;
    line-height: 1;
    font-variant-numeric: tabular-nums;
  }
  .source:hover {
    color: var(--ck-on-accent);
    background: var(--ck-accent);
  }

  @media (forced-colors: active) {
    .source,
    .box.checked {
      border: 1px solid;
    }
  }
`;
