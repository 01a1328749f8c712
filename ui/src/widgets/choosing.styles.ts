/** How selects and date pickers look: they are in the tree of the widget that they are in. */
import { css } from "lit";

export const choosingStyles = css`
  .choosing {
    display: inline-flex;
    position: relative;
    align-self: start;
    min-inline-size: 0;
    max-inline-size: 100%;
    min-block-size: var(--w-height);
    font-size: var(--w-text);
  }
  .choosing.block,
  form .choosing,
  .form .choosing {
    align-self: stretch;
  }
  .row .choosing:not(.block) {
    align-self: auto;
  }
  .row > .control:has(> .choosing.block) {
    flex: 1;
  }
  .chooser {
    display: inline-flex;
    flex: 1;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    min-inline-size: 0;
    min-block-size: var(--w-height);
    padding: 0 var(--w-pad);
    border-color: var(--ck-border);
    border-radius: min(var(--w-round), var(--ck-radius-full));
    background: var(--ck-surface);
    font-size: inherit;
    line-height: 1.2;
    text-align: start;
  }
  .choosing.pill > .chooser {
    border-radius: 9999px;
  }
  .chooser > .value {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chooser > .none,
  .chooser > chatkit-icon {
    color: var(--ck-text-muted);
  }
  .chooser > chatkit-icon {
    flex: none;
  }
  .chooser[aria-invalid="true"] {
    border-color: var(--ck-danger);
  }
  .choosing:has(> .clear) > .chooser {
    padding-inline-end: calc(var(--w-pad) + 2em);
  }
  .choosing:has(> .clear) > .chooser > chatkit-icon {
    display: none;
  }
  .choosing > .clear {
    position: absolute;
    inset-block: 3px;
    inset-inline-end: 3px;
    inline-size: 2em;
    padding: 0;
    border-radius: calc(min(var(--w-round), var(--ck-radius-full)) - 3px);
    color: var(--ck-text-muted);
  }
  .choosing > .clear:hover {
    background: var(--ck-hover);
  }
  .choosing[data-variant="soft"] > .chooser {
    border-color: transparent;
    background: var(--ck-surface-sunken);
  }
  .choosing[data-variant="ghost"] > .chooser {
    border-color: transparent;
    background: none;
  }
  .choosing[data-variant="solid"] > .chooser {
    border-color: transparent;
    background: color-mix(in oklab, var(--ck-surface-sunken) 92%, var(--ck-text));
  }
  @media (hover: hover) {
    .chooser:not(:disabled, [aria-disabled="true"]):hover {
      background: color-mix(in oklab, var(--ck-surface) 95%, var(--ck-text));
    }
  }

  .popup {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    overflow: hidden;
    flex-direction: column;
    max-inline-size: min(22rem, 100vw - 16px);
    max-block-size: min(20rem, 100vh - 16px);
    border: 1px solid var(--ck-line);
    border-radius: min(12px, var(--ck-radius-m));
    background: color-mix(in oklab, var(--ck-surface), var(--ck-surface-raised));
    color: var(--ck-text);
    box-shadow: var(--ck-shadow);
    font-size: var(--ck-size-s);
    animation: pop 120ms ease-out;
  }
  .popup:popover-open {
    display: flex;
  }
  @keyframes pop {
    from {
      opacity: 0;
      translate: 0 -4px;
    }
  }
  .popup > .search {
    flex: none;
    margin-block-end: 4px;
    padding: 6px 8px;
    border: 1px solid var(--ck-border);
    border-radius: 8px;
    background: var(--ck-surface);
    color: inherit;
    font: inherit;
    outline-offset: -1px;
  }
  .popup > .list {
    overflow-y: auto;
    outline: none;
  }
  .popup > .none {
    margin: 0;
    padding: 8px 12px;
    color: var(--ck-text-muted);
  }
  .option {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 2rem;
    padding: 4px 8px;
    border-radius: 8px;
    cursor: pointer;
  }
  .option.active {
    background: var(--ck-hover);
  }
  .list:focus-visible > .option.active {
    outline: 2px solid var(--ck-focus);
    outline-offset: -2px;
  }
  .option[aria-disabled="true"] {
    opacity: 0.5;
    cursor: default;
  }
  .option > .words {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-inline-size: 0;
  }
  .option .description {
    color: var(--ck-text-muted);
    font-size: 0.8125rem;
  }

  .popup:has(> .calendar) {
    max-block-size: none;
    padding: 8px;
    overflow: visible;
  }
  .months {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block-end: 4px;
    font-weight: 600;
  }
  .months > .step {
    display: grid;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    padding: 0;
    border-radius: 8px;
    color: var(--ck-text-muted);
  }
  .months > .step:not(:disabled):hover {
    background: var(--ck-hover);
  }
  .calendar table {
    border-collapse: collapse;
    margin-inline: auto;
  }
  .calendar th {
    padding: 4px 0;
    color: var(--ck-text-muted);
    font-size: 0.75rem;
    font-weight: 500;
  }
  .calendar td {
    padding: 1px;
  }
  .day {
    inline-size: 2.25rem;
    block-size: 2.25rem;
    padding: 0;
    border-radius: min(9999px, var(--ck-radius-full));
    font-variant-numeric: tabular-nums;
  }
  .day.other {
    color: var(--ck-text-muted);
  }
  .day[aria-current] {
    border-color: var(--ck-border);
    font-weight: 600;
  }
  .day:not(:disabled):hover {
    background: var(--ck-hover);
  }
  .day[aria-pressed="true"] {
    background: var(--ck-accent);
    color: var(--ck-on-accent);
  }
`;
