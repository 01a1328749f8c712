/** A file in the composer: what it is, how far it is, and a button that takes it out. */
import { html, LitElement, nothing, type TemplateResult } from "lit";

import type { DraftAttachment } from "../conversation/draft";
import "../icons/icon";
import { iconButton } from "../icons/icon-button";
import { en, type Texts } from "../texts";

import { controls } from "../theme/controls";
import { styles } from "./attachment-tile.styles";
import { tell } from "./events";
import { sizeInWords } from "./file-rules";

/**
 * @fires chatkit-remove - When the file is to go.
 * @fires chatkit-retry - When it is to be sent again.
 */
export class AttachmentTile extends LitElement {
  static override styles = [controls, styles];

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
