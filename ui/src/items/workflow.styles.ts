import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: var(--ck-space-2);
    max-inline-size: 100%;
    padding: var(--ck-space-1) 0;
    border: 0;
    border-radius: var(--ck-radius-s);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
    text-align: start;
    overflow-wrap: anywhere;
  }
  button:not(:disabled):hover {
    color: var(--ck-text);
  }
  button:disabled {
    opacity: 1;
  }
  .turn {
    flex: none;
    transition: rotate 150ms;
  }
  [aria-expanded="true"] .turn {
    rotate: 90deg;
  }
  :host(:dir(rtl)) [aria-expanded="true"] .turn {
    rotate: -90deg;
  }
  .shimmer {
    color: transparent;
    background: linear-gradient(
        90deg,
        var(--ck-text-muted) 40%,
        color-mix(in oklab, var(--ck-text-muted) 45%, var(--ck-surface)) 50%,
        var(--ck-text-muted) 60%
      )
      0 0 / 300% 100%;
    background-clip: text;
    animation: shimmer 2s linear infinite;
  }
  ol {
    display: grid;
    margin: var(--ck-space-2) 0 0;
    padding: 0;
    list-style: none;
  }
  li {
    position: relative;
    padding-block-end: var(--ck-space-3);
  }
  li:last-child {
    padding-block-end: 0;
  }
  li:not(:last-child)::before {
    content: "";
    position: absolute;
    inset-block: 1.75em 0.1em;
    inset-inline-start: 0.625rem;
    border-inline-start: 1px solid var(--ck-line);
  }
  @keyframes shimmer {
    from {
      background-position: 100% 0;
    }
    to {
      background-position: 0 0;
    }
  }
  @media (prefers-reduced-motion: reduce), (forced-colors: active) {
    .shimmer {
      color: inherit;
      background: none;
    }
  }
`;
