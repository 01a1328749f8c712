import { css } from "lit";

export const styles = css`
  :host {
    display: block;
  }
  .box {
    position: relative;
    container-type: inline-size;
    display: grid;
    grid-template:
      "top top" auto
      "text text" auto
      "start end" auto / minmax(0, 1fr) auto;
    align-items: end;
    gap: 0 var(--ck-space-1);
    padding: var(--ck-space-2);
    border: 1px solid var(--ck-border);
    /* Half of the line that it is at least; what is sharp stays sharp. */
    border-radius: min(var(--ck-radius-l) + 2px, var(--ck-radius-l) * 2);
    background: var(--ck-surface);
    box-shadow: var(--ck-shadow);
    transition: border-color 120ms;
  }
  .box.single {
    grid-template:
      "top top top" auto
      "start text end" auto / auto minmax(0, 1fr) auto;
  }
  .box.has-text-focus {
    border-color: var(--ck-focus);
  }
  .box.closed {
    background: var(--ck-surface-sunken);
    box-shadow: none;
  }
  .top {
    grid-area: top;
    min-inline-size: 0;
  }
  chatkit-editor {
    grid-area: text;
    align-self: center;
  }
  .start,
  .end,
  .dictation {
    display: flex;
    align-items: center;
    gap: var(--ck-space-1);
    min-inline-size: 0;
  }
  .start {
    grid-area: start;
    flex-wrap: wrap;
  }
  .end {
    grid-area: end;
    max-inline-size: 100%;
  }
  .dictation {
    grid-column: 1 / -1;
    padding-inline: var(--ck-space-1);
  }
  .dictation .says {
    flex: 1;
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  .quote {
    display: flex;
    align-items: flex-start;
    gap: var(--ck-space-2);
    margin: 0 0 var(--ck-space-2);
    padding: var(--ck-space-2);
    border-radius: var(--ck-radius-m);
    background: var(--ck-surface-sunken);
    color: var(--ck-text-muted);
    font-size: var(--ck-size-s);
  }
  .quote > chatkit-icon {
    flex: none;
    margin-block-start: 0.2em;
  }
  .quote blockquote {
    flex: 1;
    margin: 0;
    min-inline-size: 0;
    overflow: hidden;
    display: -webkit-box;
    -webkit-line-clamp: 3;
    -webkit-box-orient: vertical;
    overflow-wrap: anywhere;
    white-space: pre-line;
    unicode-bidi: plaintext;
    text-align: start;
  }
  .quote button.icon {
    inline-size: 1.5rem;
    block-size: 1.5rem;
    min-block-size: 0;
    font-size: 1rem;
  }
  ul.files {
    display: flex;
    flex-wrap: wrap;
    gap: var(--ck-space-2);
    max-block-size: 8rem;
    margin: 0 0 var(--ck-space-2);
    padding: 2px;
    overflow-y: auto;
    list-style: none;
  }
  ul.files li {
    max-inline-size: 100%;
  }
  .problems,
  .hint {
    font-size: var(--ck-size-s);
  }
  .problems {
    color: var(--ck-danger);
  }
  .hint {
    color: var(--ck-text-muted);
  }
  .problems p,
  .hint p {
    margin: 0 0 var(--ck-space-2);
    padding-inline: var(--ck-space-2);
    overflow-wrap: anywhere;
  }
  button.tool {
    max-inline-size: 12rem;
    padding-inline: var(--ck-space-3);
    border-color: transparent;
    color: var(--ck-text-muted);
  }
  button.tool[aria-pressed="true"],
  button.tool.chosen {
    color: var(--ck-link);
    background: color-mix(in oklab, var(--ck-link) 10%, transparent);
  }
  .tool .label {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tool chatkit-icon {
    flex: none;
    font-size: 1.125rem;
  }
  .tool chatkit-icon.remove {
    font-size: 0.875rem;
  }
  @container (max-width: 30rem) {
    button.tool {
      max-inline-size: 8.5rem;
    }
    button.tool[aria-pressed="false"] {
      padding-inline: var(--ck-space-2);
    }
    button.tool[aria-pressed="false"] .label {
      display: none;
    }
    .end chatkit-option-menu {
      max-inline-size: 8rem;
    }
  }
  .stop chatkit-icon {
    font-size: 0.875rem;
  }
  .end button.icon.primary,
  .dictation button.icon.primary {
    margin-inline-start: var(--ck-space-1);
  }
  .drop {
    position: absolute;
    inset: var(--ck-space-2);
    z-index: 5;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: var(--ck-space-2);
    border: 2px dashed var(--ck-focus);
    border-radius: var(--ck-radius-l);
    color: var(--ck-text);
    background: color-mix(in oklab, var(--ck-surface) 88%, transparent);
    font-size: var(--ck-size-l);
    pointer-events: none;
  }
  .drop chatkit-icon {
    font-size: 2rem;
  }
  .spinner {
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
`;
