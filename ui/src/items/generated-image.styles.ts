import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  .making,
  chatkit-picture {
    inline-size: min(24rem, 100%);
    aspect-ratio: 1;
  }
  .making {
    position: relative;
    overflow: hidden;
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
    background: var(--ck-surface-sunken);
    box-sizing: border-box;
  }
  .making img {
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
    filter: blur(4px);
  }
  .blocked {
    display: flex;
    align-items: center;
    gap: var(--ck-space-2);
    margin: 0;
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  .line {
    position: absolute;
    inset-inline: var(--ck-space-3);
    inset-block-end: var(--ck-space-3);
    display: grid;
    gap: var(--ck-space-2);
    padding: var(--ck-space-2) var(--ck-space-3);
    border-radius: var(--ck-radius-s);
    background: var(--ck-surface);
    color: var(--ck-text);
    font-size: var(--ck-size-s);
  }
  progress {
    display: block;
    inline-size: 100%;
    block-size: 4px;
    overflow: hidden;
    appearance: none;
    border: 0;
    border-radius: 2px;
    background: var(--ck-line);
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    border-radius: 2px;
    background: var(--ck-accent);
    transition: inline-size 300ms;
  }
  progress::-moz-progress-bar {
    border-radius: 2px;
    background: var(--ck-accent);
  }
  progress:indeterminate {
    background: linear-gradient(90deg, var(--ck-line) 35%, var(--ck-accent) 50%, var(--ck-line) 65%)
      0 0 / 300% 100%;
    animation: slide 1.6s linear infinite;
  }
  progress:indeterminate::-moz-progress-bar {
    background: none;
  }
  @keyframes slide {
    from {
      background-position: 100% 0;
    }
    to {
      background-position: 0 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    progress:indeterminate {
      animation: none;
    }
  }
`;
