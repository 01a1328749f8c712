import { css } from "lit";

export const styles = css`
  :host {
    display: block;
    max-inline-size: 100%;
  }
  .tile {
    position: relative;
    display: flex;
    align-items: center;
    gap: var(--ck-space-2);
    box-sizing: border-box;
    max-inline-size: 15rem;
    block-size: 3.5rem;
    padding: var(--ck-space-1);
    padding-inline-end: 2rem;
    border: 1px solid var(--ck-line, var(--ck-border));
    border-radius: var(--ck-radius-m);
    background: var(--ck-surface);
    overflow: hidden;
    font-size: var(--ck-size-s);
  }
  .tile.image:not(.failed) {
    inline-size: 3.5rem;
    padding: 0;
  }
  .tile.failed {
    border-color: var(--ck-danger);
  }
  .picture {
    position: relative;
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.75rem;
    block-size: 100%;
    border-radius: var(--ck-radius-s);
    background: var(--ck-surface-sunken);
    color: var(--ck-text-muted);
    font-size: 1.25rem;
    overflow: hidden;
  }
  .image:not(.failed) .picture {
    inline-size: 100%;
    border-radius: 0;
  }
  img {
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .image.busy img {
    opacity: 0.5;
  }
  .words {
    min-inline-size: 0;
    line-height: 1.3;
  }
  .name,
  .state {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .name {
    unicode-bidi: plaintext;
    text-align: start;
  }
  .state {
    color: var(--ck-text-muted);
  }
  .failed .state {
    color: var(--ck-danger);
    white-space: normal;
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
  }
  .failed .name {
    display: none;
  }
  progress {
    appearance: none;
    position: absolute;
    inset-block-end: 0;
    inset-inline: 0;
    inline-size: 100%;
    block-size: 4px;
    border: 0;
    background: var(--ck-surface-sunken);
  }
  progress::-webkit-progress-bar {
    background: var(--ck-surface-sunken);
  }
  progress::-webkit-progress-value {
    background: var(--ck-accent);
    transition: inline-size 150ms linear;
  }
  progress::-moz-progress-bar {
    background: var(--ck-accent);
  }
  button.icon.remove {
    position: absolute;
    inset-block-start: 2px;
    inset-inline-end: 2px;
    inline-size: 1.5rem;
    block-size: 1.5rem;
    min-block-size: 0;
    font-size: 0.875rem;
    color: var(--ck-surface);
    background: var(--ck-text);
    opacity: 0.85;
  }
  button.icon.remove:hover,
  button.icon.remove:focus-visible {
    color: var(--ck-surface);
    background: var(--ck-text);
    opacity: 1;
  }
  button.icon.retry {
    inline-size: 2rem;
    block-size: 2rem;
    min-block-size: 0;
    font-size: 1rem;
  }
`;
