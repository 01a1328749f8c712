/** How components look; those that are chosen from a popup are in `choosing.styles.ts`. */
import { css } from "lit";

export const frames = css`
  :host {
    display: block;
    min-inline-size: 0;
    max-inline-size: 100%;
    color: var(--ck-text);
    font-size: var(--ck-size-m);
    line-height: 1.45;
    overflow-wrap: anywhere;
    --line: var(--ck-line, var(--ck-border));
  }
  * {
    box-sizing: border-box;
  }
  .widget {
    transition: opacity 150ms;
  }
  .widget[inert] {
    opacity: 0.55;
  }
  .root {
    inline-size: 100%;
  }
  .root .frame {
    overflow: clip;
    border: 1px solid var(--line);
    border-radius: var(--ck-radius-l);
    background: var(--ck-surface);
  }
  .card[data-size="sm"] {
    max-inline-size: 22.5rem;
  }
  .card[data-size="md"] {
    max-inline-size: 28rem;
  }
  .card[data-size="lg"] {
    max-inline-size: 36rem;
  }
  .content {
    display: flex;
    flex-direction: column;
    gap: 12px;
  }
  .footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    padding: 0 16px 16px;
    padding-block-start: 4px;
  }
  .collapser {
    display: flex;
    align-items: center;
    gap: 8px;
    inline-size: 100%;
    padding: 12px 16px;
    text-align: start;
    outline-offset: -2px;
  }
  .collapser > span:not(.visually-hidden) {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .collapser > chatkit-icon {
    flex: none;
    color: var(--ck-text-muted);
  }
  .turning {
    transition: rotate 150ms;
  }
  [aria-expanded="true"] > .turning {
    rotate: 180deg;
  }
  .status {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    padding: 0 4px 8px;
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  .favicon {
    inline-size: 1rem;
    block-size: 1rem;
    border-radius: 4px;
    object-fit: contain;
  }
  .favicon.framed {
    padding: 1px;
    border: 1px solid var(--line);
    background: white;
  }
  .item {
    position: relative;
    padding: 12px 16px;
  }
  .item.row,
  .item > .row {
    gap: 12px;
  }
  .item:not([hidden]) ~ .item {
    border-block-start: 1px solid var(--line);
  }
  .pressable {
    isolation: isolate;
    transition: background-color 120ms;
    --ck-above: 1;
  }
  .pressable:has(> .cover:not(:disabled):hover) {
    background: var(--ck-hover);
  }
  /* Whatever can be pressed in an entry lies above what makes the whole entry one button; in the
     Markdown's own tree too, which has --ck-above from here. */
  .cover {
    position: absolute;
    inset: 0;
    outline-offset: -2px;
  }
  .pressable :is(button:not(.cover), input, textarea, label, chatkit-select, chatkit-date-picker) {
    position: relative;
    z-index: var(--ck-above);
  }
  .pressable > .spinner {
    position: absolute;
    inset-inline-end: 16px;
    inset-block-start: calc(50% - 0.5em);
  }
  .failure {
    display: flex;
    align-items: center;
    gap: 6px;
    margin: 8px 4px 0;
    color: var(--ck-danger);
    font-size: var(--ck-size-s);
  }
`;

export const boxes = css`
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
  .form {
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
    background: var(--w-line-color, var(--line));
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
  .table td {
    padding: 8px 12px;
    border-block-end: 1px solid var(--line);
    text-align: start;
    vertical-align: middle;
  }
  .table tbody tr:last-child td {
    border-block-end: 0;
  }
  .table th {
    padding: 8px 12px;
    border-block-end: 1px solid var(--line);
    color: var(--ck-text-muted);
    font-weight: 500;
    text-align: start;
  }
  .chart {
    inline-size: 100%;
    min-block-size: 160px;
  }
  .chart:not([style*="block-size"], [style*="height"], [style*="aspect-ratio"]) {
    block-size: 220px;
  }
`;

export const words = css`
  .text,
  .title,
  .caption {
    min-inline-size: 0;
    max-inline-size: 100%;
    margin: 0;
  }
  /* The layout says where a text begins, its words which way they run: those have the \`dir\`. */
  /* The words' own line breaks count, those of the template around them do not. */
  :is(.text, .caption):not(.truncate) > * {
    white-space: pre-line;
  }
  .title {
    font-size: calc(var(--ck-size-m) * 1.125);
    font-weight: 600;
    line-height: 1.25;
    text-wrap: balance;
  }
  .caption {
    color: var(--ck-text-muted);
    font-size: calc(var(--ck-size-m) * 0.8125);
  }
  .truncate {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .clamp {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: var(--w-lines);
  }
  del {
    text-decoration: inherit;
  }
  .label {
    margin-block-end: -4px;
    font-size: var(--ck-size-s);
    font-weight: 500;
  }
  .row > .label {
    margin-block-end: 0;
  }
  .star {
    color: var(--ck-danger);
  }
  .badge {
    --tone: var(--ck-text-muted);
    display: inline-flex;
    flex: none;
    align-items: center;
    align-self: center;
    inline-size: fit-content;
    max-inline-size: 100%;
    min-block-size: 1.375rem;
    padding: 0 0.5rem;
    border: 1px solid transparent;
    border-radius: 6px;
    background: color-mix(in oklab, var(--tone) 14%, transparent);
    color: color-mix(in oklab, var(--tone) 70%, var(--ck-text));
    font-size: 0.75rem;
    font-weight: 500;
    line-height: 1.2;
  }
  .col > .badge,
  .content > .badge {
    align-self: start;
  }
  .badge[data-size="md"] {
    min-block-size: 1.5rem;
    padding: 0 0.625rem;
    font-size: 0.8125rem;
  }
  .badge[data-size="lg"] {
    min-block-size: 1.75rem;
    padding: 0 0.75rem;
    font-size: 0.875rem;
  }
  .badge.pill {
    border-radius: 9999px;
  }
  .badge[data-variant="solid"] {
    background: var(--tone);
    color: var(--ck-surface);
  }
  .badge[data-variant="outline"] {
    border-color: color-mix(in oklab, var(--tone) 55%, transparent);
    background: none;
  }
  .icon {
    flex: none;
  }
  .image {
    display: block;
    flex: none;
    min-inline-size: 0;
    max-inline-size: 100%;
    object-fit: cover;
  }
  .row > .image {
    flex-shrink: 1;
  }
  .image.framed {
    outline: 1px solid var(--line);
    outline-offset: -1px;
  }
  .image.blocked {
    display: inline-grid;
    place-items: center;
    min-inline-size: 2rem;
    min-block-size: 2rem;
    border-radius: 8px;
    background: var(--ck-surface-sunken);
    color: var(--ck-text-muted);
    font-size: 1.25rem;
  }
  .markdown {
    min-inline-size: 0;
    max-inline-size: 100%;
  }
`;

const tones = css`
  [data-tone="primary"] {
    --tone: var(--ck-accent);
    --on-tone: var(--ck-on-accent);
  }
  [data-tone="secondary"] {
    --tone: var(--ck-text);
  }
  .badge[data-tone="secondary"] {
    --tone: var(--ck-text-muted);
  }
  [data-tone="info"] {
    --tone: var(--ck-info);
  }
  [data-tone="discovery"] {
    --tone: var(--ck-discovery);
  }
  [data-tone="success"] {
    --tone: var(--ck-success);
  }
  :is([data-tone="caution"], [data-tone="warning"]) {
    --tone: var(--ck-warning);
  }
  [data-tone="danger"] {
    --tone: var(--ck-danger);
  }
`;

/** Heights and text of controls, from 22 px to 48 px. */
const sizes = css`
  [data-size] {
    --w-height: 2.25rem;
    --w-pad: 0.75rem;
    --w-text: 0.875rem;
    --w-round: 10px;
  }
  :is(.button, .field, .choosing)[data-size="3xs"] {
    --w-height: 1.375rem;
    --w-pad: 0.375rem;
    --w-text: 0.75rem;
    --w-round: 5px;
  }
  :is(.button, .field, .choosing)[data-size="2xs"] {
    --w-height: 1.5rem;
    --w-pad: 0.4375rem;
    --w-text: 0.75rem;
    --w-round: 6px;
  }
  :is(.button, .field, .choosing)[data-size="xs"] {
    --w-height: 1.625rem;
    --w-pad: 0.5rem;
    --w-text: 0.8125rem;
    --w-round: 6px;
  }
  :is(.button, .field, .choosing)[data-size="sm"] {
    --w-height: 1.75rem;
    --w-pad: 0.625rem;
    --w-round: 8px;
  }
  :is(.button, .field, .choosing)[data-size="md"] {
    --w-height: 2rem;
    --w-pad: 0.6875rem;
    --w-round: 8px;
  }
  :is(.button, .field, .choosing)[data-size="xl"] {
    --w-height: 2.5rem;
    --w-pad: 0.875rem;
    --w-text: 1rem;
  }
  :is(.button, .field, .choosing)[data-size="2xl"] {
    --w-height: 2.75rem;
    --w-pad: 1rem;
    --w-text: 1rem;
    --w-round: 12px;
  }
  :is(.button, .field, .choosing)[data-size="3xl"] {
    --w-height: 3rem;
    --w-pad: 1.125rem;
    --w-text: 1rem;
    --w-round: 12px;
  }
  .field[data-gutter="2xs"] {
    --w-pad: 0.375rem;
  }
  .field[data-gutter="xs"] {
    --w-pad: 0.5rem;
  }
  .field[data-gutter="sm"] {
    --w-pad: 0.625rem;
  }
  .field[data-gutter="md"] {
    --w-pad: 0.75rem;
  }
  .field[data-gutter="lg"] {
    --w-pad: 0.875rem;
  }
  .field[data-gutter="xl"] {
    --w-pad: 1rem;
  }
`;

const buttons = css`
  .button {
    --on-tone: var(--ck-surface);
    position: relative;
    display: inline-flex;
    flex: none;
    align-items: center;
    justify-content: center;
    gap: 0.4em;
    max-inline-size: 100%;
    min-block-size: var(--w-height);
    padding: 0 var(--w-pad);
    border-radius: min(var(--w-round), var(--ck-radius-full));
    font-size: var(--w-text);
    font-weight: 500;
    line-height: 1.2;
    transition:
      background-color 120ms,
      opacity 120ms;
  }
  .col > .button,
  .content > .button {
    align-self: start;
  }
  .button.block {
    align-self: stretch;
    inline-size: 100%;
  }
  .row > .button.block {
    flex: 1;
    inline-size: auto;
  }
  .button.pill {
    border-radius: 9999px;
  }
  .button.uniform {
    inline-size: var(--w-height);
    padding: 0;
  }
  .button > chatkit-icon {
    font-size: 1.15em;
  }
  .button[data-variant="solid"] {
    background: var(--tone);
    color: var(--on-tone);
  }
  .button:is([data-variant="soft"], [data-variant="outline"], [data-variant="ghost"]) {
    color: color-mix(in oklab, var(--tone) 75%, var(--ck-text));
  }
  .button[data-variant="soft"] {
    background: color-mix(in oklab, var(--tone) 10%, transparent);
  }
  .button[data-variant="outline"] {
    border-color: color-mix(in oklab, var(--tone) 25%, var(--line));
  }
  @media (hover: hover) {
    .button[data-variant="solid"]:not(:disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--tone) 86%, var(--ck-surface));
    }
    .button:not([data-variant="solid"], :disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--tone) 9%, transparent);
    }
    .button[data-variant="soft"]:not(:disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--tone) 16%, transparent);
    }
  }
  .button[aria-busy="true"] > :not(.spinner) {
    visibility: hidden;
  }
  .button[aria-busy="true"] {
    opacity: 1;
  }
  .button > .spinner {
    position: absolute;
  }
  .spinner {
    display: inline-block;
    inline-size: 1em;
    block-size: 1em;
    border: 2px solid color-mix(in srgb, currentcolor 25%, transparent);
    border-block-start-color: currentcolor;
    border-radius: 50%;
    animation: turn 800ms linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      border-style: dotted;
      animation: none;
    }
  }
`;

const fields = css`
  .control {
    display: flex;
    flex-direction: column;
    gap: 4px;
    min-inline-size: 0;
  }
  .row > .control:is(.Input, .Textarea, .Text) {
    flex: 1;
  }
  .field {
    min-block-size: var(--w-height);
    padding: 0.375rem var(--w-pad);
    border-radius: min(var(--w-round, 8px), var(--ck-radius-full));
    font-size: var(--w-text);
    line-height: 1.35;
  }
  input.field {
    padding-block: 0;
  }
  /* Phones zoom into fields with a smaller text, and do not zoom back. */
  @media (pointer: coarse) {
    .field {
      font-size: max(16px, var(--w-text));
    }
  }
  .field[data-variant="soft"] {
    border-color: transparent;
    background: var(--ck-surface-sunken);
    box-shadow: inset 0 -1px var(--ck-border);
  }
  .field.pill {
    border-radius: min(9999px, calc(var(--w-height) / 2));
  }
  .field:disabled {
    opacity: 0.6;
  }
  textarea.field {
    display: block;
    block-size: auto;
    resize: vertical;
  }
  textarea.growing {
    field-sizing: content;
    min-block-size: calc(var(--w-rows) * 1lh + 0.75rem + 2px);
    max-block-size: calc(var(--w-max-rows) * 1lh + 0.75rem + 2px);
    resize: none;
  }
  textarea.editable {
    --w-pad: 0.5rem;
    inline-size: calc(100% + 1rem);
    margin-inline: -0.5rem;
    padding-block: 0.25rem;
    min-block-size: calc(var(--w-rows) * 1lh + 0.5rem + 2px);
    border-color: transparent;
    background: none;
    font-size: 1em;
    box-shadow: inset 0 -1px var(--line);
  }
  .editable:hover,
  .editable:focus {
    background: var(--ck-surface-sunken);
  }
  .choice {
    display: inline-flex;
    align-items: flex-start;
    gap: 8px;
    inline-size: fit-content;
    font-size: var(--ck-size-s);
    cursor: pointer;
  }
  .choice input {
    flex: none;
    inline-size: 1.125em;
    block-size: 1.125em;
    margin: 0.15em 0 0;
    accent-color: var(--ck-accent);
    cursor: inherit;
  }
  .choice:has(:disabled, [aria-disabled="true"]) {
    cursor: default;
  }
  .choice:has(:disabled, [aria-disabled="true"]) > span {
    color: var(--ck-text-muted);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 8px 20px;
  }
  .choices.col {
    flex-direction: column;
  }
  .problem {
    display: flex;
    align-items: center;
    gap: 4px;
    margin: 0;
    color: var(--ck-danger);
    font-size: 0.8125rem;
  }
`;

export const controlStyles = [tones, sizes, buttons, fields];
