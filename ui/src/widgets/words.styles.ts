/** How what is read and looked at looks: texts, badges, icons, images. */
import { css } from "lit";

export const wordStyles = css`
  .text,
  .title,
  .caption {
    min-inline-size: 0;
    max-inline-size: 100%;
    margin: 0;
  }
  /* The layout says where a text begins, its words which way they run: those have the \`dir\`. */
  /* The words' own line breaks count, those of the template around them do not. */
  :is(.text, .caption):not(.truncate) > * {
    white-space: pre-line;
  }
  .title {
    font-size: calc(var(--ck-size-m) * 1.125);
    font-weight: 600;
    line-height: 1.25;
    text-wrap: balance;
  }
  .caption {
    color: var(--ck-text-muted);
    font-size: calc(var(--ck-size-m) * 0.8125);
  }
  .truncate {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .clamp {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: var(--w-lines);
  }
  del {
    text-decoration: inherit;
  }
  .label {
    margin-block-end: -4px;
    font-size: var(--ck-size-s);
    font-weight: 500;
  }
  .row > .label {
    margin-block-end: 0;
  }
  .star {
    color: var(--ck-danger);
  }
  .badge {
    --tone: var(--ck-text-muted);
    display: inline-flex;
    flex: none;
    align-items: center;
    align-self: center;
    inline-size: fit-content;
    max-inline-size: 100%;
    min-block-size: 1.375rem;
    padding: 0 0.5rem;
    border: 1px solid transparent;
    border-radius: 6px;
    background: color-mix(in oklab, var(--tone) 14%, transparent);
    color: color-mix(in oklab, var(--tone) 70%, var(--ck-text));
    font-size: 0.75rem;
    font-weight: 500;
    line-height: 1.2;
  }
  .col > .badge,
  .content > .badge {
    align-self: start;
  }
  .badge[data-size="md"] {
    min-block-size: 1.5rem;
    padding: 0 0.625rem;
    font-size: 0.8125rem;
  }
  .badge[data-size="lg"] {
    min-block-size: 1.75rem;
    padding: 0 0.75rem;
    font-size: 0.875rem;
  }
  .badge.pill {
    border-radius: 9999px;
  }
  .badge[data-variant="solid"] {
    background: var(--tone);
    color: var(--ck-surface);
  }
  .badge[data-variant="outline"] {
    border-color: color-mix(in oklab, var(--tone) 55%, transparent);
    background: none;
  }
  .icon {
    flex: none;
  }
  .image {
    display: block;
    flex: none;
    min-inline-size: 0;
    max-inline-size: 100%;
    object-fit: cover;
  }
  .row > .image {
    flex-shrink: 1;
  }
  .image.framed {
    outline: 1px solid var(--ck-line);
    outline-offset: -1px;
  }
  .image.blocked {
    display: inline-grid;
    place-items: center;
    min-inline-size: 2rem;
    min-block-size: 2rem;
    border-radius: 8px;
    background: var(--ck-surface-sunken);
    color: var(--ck-text-muted);
    font-size: 1.25rem;
  }
  .markdown {
    min-inline-size: 0;
    max-inline-size: 100%;
  }
`;
