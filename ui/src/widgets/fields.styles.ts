/** How what is written into or ticked looks; what opens to choose from is in `choosing.styles.ts`. */
import { css } from "lit";

export const fieldStyles = css`
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
    box-shadow: inset 0 -1px var(--ck-line);
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
