/** An image that the assistant makes. */
import { css, html, nothing, type TemplateResult } from "lit";

import { pictureAddress } from "../addresses";
import "../icons/icon";
import type { GeneratedImageItem } from "../protocol/items";
import { ChatView } from "../views/chat-view";
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

  static override styles = css`
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
      background: linear-gradient(
          90deg,
          var(--ck-line) 35%,
          var(--ck-accent) 50%,
          var(--ck-line) 65%
        )
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
