/** What the user said. */
import { html, nothing, type TemplateResult } from "lit";

import { previewAddress } from "../addresses";
import "../icons/icon";
import type { Attachment, UserContent, UserMessageItem } from "../protocol/items";
import { entityOfTag } from "./entity";
import "./entity";
import { ItemView } from "./item-view";
import "./picture";
import { styles } from "./user-message.styles";

/** A message of the user: its attachments, what it quotes, and its text with tags. */
export class UserMessage extends ItemView<UserMessageItem> {
  static override styles = styles;

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
