/** An image that the assistant makes. */
import { html, nothing, type TemplateResult } from "lit";

import { pictureAddress } from "../addresses";
import "../icons/icon";
import type { GeneratedImageItem } from "../protocol/items";
import { ChatView } from "../views/chat-view";
import { styles } from "./generated-image.styles";
import "./picture";

/** An image, and while it is made, how far it is. */
export class GeneratedImage extends ChatView {
  static override properties = {
    item: { attribute: false },
    open: { attribute: false },
    imageDomains: { attribute: false },
  };
  declare item: GeneratedImageItem;
  /** It is still being made. */
  declare open: boolean;
  /** Sites whose images are shown, besides the page's own. */
  declare imageDomains: readonly string[] | null;

  static override styles = styles;

  override render(): TemplateResult | typeof nothing {
    const { image } = this.item;
    const src = image ? pictureAddress(image.url, this.imageDomains) : null;
    if (this.open) return this.#making(src);
    if (!image) return nothing;
    if (src === null) {
      return html`<p class="blocked">
        <chatkit-icon name="lucide:image-off"></chatkit-icon>${this.texts.blockedImage}
      </p>`;
    }
    return html`<chatkit-picture
      .src=${src}
      .name=${this.texts.generatedImage}
      .downloadable=${true}
    ></chatkit-picture>`;
  }

  #making(src: string | null): TemplateResult {
    const { progress } = this.item;
    const words = this.texts.generatingImage;
    return html`<div class="making">
      ${src === null ? nothing : html`<img src=${src} alt="" />`}
      <div class="line">
        <span>${words}</span>
        ${
          typeof progress === "number"
            ? html`<progress max="1" .value=${within(progress)} aria-label=${words}></progress>`
            : html`<progress aria-label=${words}></progress>`
        }
      </div>
    </div>`;
  }
}

function within(progress: number): number {
  return Math.min(1, Math.max(0, progress));
}

customElements.define("chatkit-generated-image", GeneratedImage);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-generated-image": GeneratedImage;
  }
}
