/** What the user said. */
import { css, html, nothing, type TemplateResult } from "lit";

import { previewAddress } from "../addresses";
import "../icons/icon";
import type { Attachment, UserContent, UserMessageItem } from "../protocol/items";
import { entityOfTag } from "./entity";
import "./entity";
import { ItemView } from "./item-view";
import "./picture";

/** A message of the user: its attachments, what it quotes, and its text with tags. */
export class UserMessage extends ItemView<UserMessageItem> {
  static override styles = css`
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

  override render(): TemplateResult {
    const { content, attachments, quoted_text } = this.known;
    const hasText = content.some((part) => part.type === "input_tag" || part.text.trim() !== "");
    return html`
      ${
        attachments.length === 0
          ? nothing
          : html`<ul class="attachments" role="list">
              ${attachments.map((one) => html`<li>${attachmentTemplate(one)}</li>`)}
            </ul>`
      }
      ${quoted_text ? html`<blockquote dir="auto">${quoted_text}</blockquote>` : nothing}
      ${hasText ? html`<div class="bubble" dir="auto">${content.map(partTemplate)}</div>` : nothing}
    `;
  }
}

function partTemplate(part: UserContent): string | TemplateResult {
  return part.type === "input_text"
    ? part.text
    : html`<chatkit-entity .entity=${entityOfTag(part)}></chatkit-entity>`;
}

function attachmentTemplate(attachment: Attachment): TemplateResult {
  const src = attachment.type === "image" ? previewAddress(attachment.preview_url) : null;
  if (src !== null) {
    return html`<chatkit-picture .src=${src} .name=${attachment.name}></chatkit-picture>`;
  }
  return html`<span class="file">
    <chatkit-icon name="document"></chatkit-icon>
    <bdi class="name" title=${attachment.name}>${attachment.name}</bdi>
  </span>`;
}

customElements.define("chatkit-user-message", UserMessage);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-user-message": UserMessage;
  }
}
