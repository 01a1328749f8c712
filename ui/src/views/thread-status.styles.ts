import { css } from "lit";

export const styles = css`
  :host {
    display: grid;
    gap: var(--ck-space-3);
  }
  .waiting {
    display: flex;
    align-items: center;
    gap: var(--ck-space-2);
    min-block-size: 1.75rem;
    color: var(--ck-text-muted);
  }
  .waiting chatkit-icon {
    font-size: 1.125rem;
  }
  .dots {
    display: inline-flex;
    gap: 0.3rem;
    padding-block: 0.5rem;
  }
  .dots > i {
    inline-size: 0.5rem;
    block-size: 0.5rem;
    border-radius: 50%;
    background: var(--ck-text-muted);
    animation: breathe 1.2s ease-in-out infinite;
  }
  .dots > i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots > i:nth-child(3) {
    animation-delay: 0.3s;
  }
  .box {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: start;
    gap: var(--ck-space-1) var(--ck-space-3);
    padding: var(--ck-space-3) var(--ck-space-4);
    border: 1px solid color-mix(in oklab, var(--tone) 30%, var(--ck-line));
    border-radius: var(--ck-radius-m);
    background: color-mix(in oklab, var(--tone) 7%, var(--ck-surface));
    font-size: var(--ck-size-s);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .box > chatkit-icon {
    margin-block-start: 0.15em;
    color: var(--tone);
    font-size: 1.125rem;
  }
  .box[role="alert"] {
    align-items: center;
  }
  .box[role="alert"] > chatkit-icon {
    margin-block-start: 0;
  }
  .info {
    --tone: var(--ck-info);
  }
  .warning {
    --tone: var(--ck-warning);
  }
  .danger {
    --tone: var(--ck-danger);
  }
  .title {
    margin: 0;
    font-weight: 600;
  }
  .box p {
    margin: 0;
  }
  .box button {
    align-self: center;
    background: var(--ck-surface);
  }
  .ended {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--ck-space-2);
    margin: 0;
    padding-block: var(--ck-space-3);
    border-block-start: 1px solid var(--ck-line);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
    text-align: center;
    overflow-wrap: anywhere;
  }
  .ended chatkit-icon {
    flex: none;
  }
  @container (max-inline-size: 26rem) {
    .box {
      grid-template-columns: auto minmax(0, 1fr);
    }
    .box button {
      grid-column: 2;
      justify-self: start;
    }
  }
  @keyframes breathe {
    0%,
    60%,
    100% {
      opacity: 0.35;
      transform: none;
    }
    30% {
      opacity: 1;
      transform: translateY(-0.15rem);
    }
  }
`;
