import { css } from "lit";

export const styles = css`
  :host {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: var(--ck-space-2);
  }
  .bubble,
  blockquote,
  .attachments {
    max-inline-size: min(85%, 36rem);
  }
  .bubble {
    margin: 0;
    padding: var(--ck-space-2) var(--ck-space-4);
    border-radius: var(--ck-radius-l);
    background: var(--ck-surface-raised);
    line-height: 1.5;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  blockquote {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    line-clamp: 3;
    box-sizing: border-box;
    margin: 0;
    padding-inline-start: var(--ck-space-3);
    border-inline-start: 2px solid var(--ck-line);
    overflow: hidden;
    overflow-wrap: anywhere;
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  .attachments {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--ck-space-2);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  chatkit-picture {
    inline-size: 10rem;
    block-size: 10rem;
  }
  li:only-child > chatkit-picture {
    inline-size: min(18rem, 70vw);
    block-size: 12rem;
  }
  .file {
    display: flex;
    align-items: center;
    gap: var(--ck-space-2);
    max-inline-size: 18rem;
    box-sizing: border-box;
    padding: var(--ck-space-2) var(--ck-space-3);
    border: 1px solid var(--ck-line);
    border-radius: var(--ck-radius-m);
    font-size: var(--ck-size-s);
  }
  .file > chatkit-icon {
    flex: none;
    color: var(--ck-text-muted);
    font-size: 1.25rem;
  }
  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
