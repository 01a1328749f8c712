/** A file in the composer: what it is, how far it is, and a button that takes it out. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";

import type { DraftAttachment } from "../conversation/draft";
import "../icons/icon";
import { iconButton } from "../icons/icon-button";
import { en, type Texts } from "../texts";

import { controls } from "../theme/controls";
import { tell } from "./events";
import { sizeInWords } from "./file-rules";

/**
 * @fires chatkit-remove - When the file is to go.
 * @fires chatkit-retry - When it is to be sent again.
 */
export class AttachmentTile extends LitElement {
  static override styles = [
    controls,
    css`
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
    `,
  ];

  static override properties = {
    file: { attribute: false },
    texts: { attribute: false },
    hasNoPicture: { state: true },
  };

  declare file: DraftAttachment | null;
  declare texts: Texts;
  /** A preview that the page's security policy or the server does not let through. */
  declare protected hasNoPicture: boolean;

  constructor() {
    super();
    this.file = null;
    this.texts = en;
    this.hasNoPicture = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { file, texts } = this;
    if (file === null) return nothing;
    const isImage = file.previewUrl !== null && !this.hasNoPicture;
    const isBusy = file.attachment === null && file.error === null;
    const kinds = [isImage && "image", isBusy && "busy", file.error !== null && "failed"];
    return html`<div class="tile ${kinds.filter(Boolean).join(" ")}" title=${file.name}>
      <span class="picture">
        ${
          isImage
            ? html`<img src=${file.previewUrl ?? ""} alt=${file.name} @error=${this.#noPicture} />`
            : html`<chatkit-icon name="document"></chatkit-icon>`
        }
      </span>
      ${isImage && file.error === null ? nothing : this.#words(file, isBusy)}
      ${isBusy ? this.#bar(file) : nothing}
      ${iconButton({
        icon: "lucide:x",
        name: texts.removeAttachment(file.name),
        kind: "remove",
        press: () => tell(this, "chatkit-remove", { key: file.key }),
      })}
    </div>`;
  }

  #words(file: DraftAttachment, isBusy: boolean): TemplateResult {
    const percent = Math.round(file.progress * 100);
    const size = file.size > 0 ? sizeInWords(file.size, this.texts.language) : "";
    return html`<div class="words">
        <div class="name">${file.name}</div>
        <div class="state">${file.error ?? (isBusy ? this.texts.uploading(percent) : size)}</div>
      </div>
      ${
        file.error === null
          ? nothing
          : iconButton({
              icon: "lucide:rotate-cw",
              name: `${this.texts.retry}: ${file.name}`,
              title: this.texts.retry,
              kind: "retry",
              press: () => tell(this, "chatkit-retry", { key: file.key }),
            })
      }`;
  }

  #bar({ name, progress }: DraftAttachment): TemplateResult {
    // A native bar: a style that Lit writes into an attribute is against the security policy.
    return html`<progress
      aria-label=${name}
      max="1"
      .value=${Math.max(progress, 0.04)}
      aria-valuetext=${this.texts.uploading(Math.round(progress * 100))}
    ></progress>`;
  }

  readonly #noPicture = (): void => {
    this.hasNoPicture = true;
  };
}

customElements.define("chatkit-draft-attachment", AttachmentTile);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-draft-attachment": AttachmentTile;
  }
}
