import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    position: relative;
  }
  .row {
    display: flex;
    align-items: center;
    border-radius: var(--ck-radius-m);
  }
  .row:hover,
  .row:focus-within,
  .row.current {
    background: var(--ck-hover);
  }
  .title {
    flex: 1;
    min-width: 0;
    padding: var(--ck-space-2) var(--ck-space-3);
    border-radius: var(--ck-radius-m);
    overflow: hidden;
    line-height: 1.5;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* A title has a direction of its own, in which it is cut; it begins where the list does. */
  :host(:dir(ltr)) .title {
    text-align: left;
  }
  :host(:dir(rtl)) .title {
    text-align: right;
  }
  .current .title {
    font-weight: 600;
  }
  .row .icon {
    font-size: 1.05rem;
  }
  @media (hover: hover) {
    .row:not(:hover, :focus-within) .icon {
      position: absolute;
      inset-inline-end: 0;
      opacity: 0;
    }
  }
  :focus-visible {
    outline-offset: -2px;
  }
  form,
  .question {
    display: grid;
    gap: var(--ck-space-2);
    margin: 0;
    padding: var(--ck-space-3);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
    background: var(--ck-surface-raised);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--ck-space-2);
  }
  p {
    margin: 0;
    font-size: var(--ck-size-s);
    overflow-wrap: anywhere;
  }
  .what {
    font-weight: 600;
  }
  .failure {
    color: var(--ck-danger);
  }
`;
