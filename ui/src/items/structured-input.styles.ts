import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  form,
  dl {
    display: grid;
    gap: var(--ck-space-4);
    margin: 0;
    padding: var(--ck-space-4);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-l);
    background: var(--ck-surface);
  }
  fieldset {
    display: grid;
    gap: var(--ck-space-2);
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend,
  dt {
    padding: 0;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  legend {
    margin-block-end: var(--ck-space-2);
  }
  .hint,
  .skipped {
    margin: 0;
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  label.choice {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: var(--ck-space-3);
    min-block-size: 2.5rem;
    box-sizing: border-box;
    padding: var(--ck-space-1) var(--ck-space-3);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  label.choice:hover {
    background: var(--ck-hover);
  }
  label.choice:has(:checked) {
    border-color: var(--ck-accent);
  }
  input[type="radio"],
  input[type="checkbox"] {
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin: 0;
    accent-color: var(--ck-accent);
  }
  fieldset:disabled {
    opacity: 0.6;
  }
  textarea {
    display: block;
    min-block-size: 4.5rem;
    resize: vertical;
  }
  .problem {
    display: flex;
    align-items: center;
    gap: var(--ck-space-1);
    margin: 0;
    color: var(--ck-danger);
    font-size: var(--ck-size-s);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--ck-space-2);
  }
  .question {
    display: grid;
    gap: var(--ck-space-1);
  }
  button.one {
    justify-self: end;
    min-block-size: 2rem;
    border-color: transparent;
    color: var(--ck-text-muted);
  }
  dl > div {
    display: grid;
    gap: var(--ck-space-1);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
`;
