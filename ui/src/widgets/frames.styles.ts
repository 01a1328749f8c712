/** How widgets as a whole look: cards, lists and their entries. */
import { css } from "lit";

export const frameStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
    max-inline-size: 100%;
    color: var(--ck-text);
    font-size: var(--ck-size-m);
    line-height: 1.45;
    overflow-wrap: anywhere;
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
    border: 1px solid var(--ck-line);
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
    border: 1px solid var(--ck-line);
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
    border-block-start: 1px solid var(--ck-line);
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
