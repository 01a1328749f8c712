import { css } from "lit";

export const styles = css`
  :host {
    position: absolute;
    inset: 0;
    z-index: 10;
    display: block;
  }
  .scrim {
    position: absolute;
    inset: 0;
    background: rgb(0 0 0 / 40%);
    animation: appear 160ms ease-out;
  }
  .sheet {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    inline-size: min(22rem, 100%);
    background: var(--ck-surface);
    box-shadow: var(--ck-shadow);
    outline: none;
    animation: slide 200ms cubic-bezier(0.2, 0, 0, 1);
  }
  .sheet:dir(rtl) {
    --from: 2rem;
  }
  @container (max-width: 30rem) {
    .sheet {
      inline-size: 100%;
    }
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--ck-space-1);
    padding: var(--ck-space-2) var(--ck-space-3);
    padding-block-start: max(var(--ck-space-2), env(safe-area-inset-top));
  }
  h2 {
    flex: 1;
    min-width: 0;
    margin: 0;
    padding-inline: var(--ck-space-1);
    font-size: var(--ck-size-m);
    font-weight: 600;
    line-height: 1.5;
  }
  .list {
    flex: 1;
    min-height: 0;
    padding: 0 var(--ck-space-2) max(var(--ck-space-4), env(safe-area-inset-bottom));
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  h3 {
    margin: 0;
    padding: var(--ck-space-3) var(--ck-space-3) var(--ck-space-1);
    color: var(--ck-text-muted);
    font-size: calc(var(--ck-size-s) * 0.9);
    font-weight: 500;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li + li {
    margin-block-start: 2px;
  }
  .state {
    display: grid;
    justify-items: center;
    gap: var(--ck-space-3);
    margin: 0;
    padding: var(--ck-space-5) var(--ck-space-4);
    color: var(--ck-text-muted);
    text-align: center;
  }
  .state p {
    margin: 0;
  }
  .end {
    display: flex;
    justify-content: center;
    padding: var(--ck-space-3);
  }
  .bars {
    display: grid;
    gap: var(--ck-space-4);
    padding: var(--ck-space-4) var(--ck-space-3);
  }
  .bar {
    block-size: 0.8em;
    border-radius: var(--ck-radius-s);
    background: var(--ck-hover);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .bar:nth-child(2n) {
    inline-size: 70%;
  }
  .bar:nth-child(3n) {
    inline-size: 85%;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes slide {
    from {
      opacity: 0;
      translate: var(--from, -2rem) 0;
    }
  }
  @keyframes breathe {
    to {
      opacity: 0.4;
    }
  }
`;
