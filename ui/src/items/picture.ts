/** An image that opens in full: an attachment's preview, or one that the assistant made. */
import { html, nothing, type TemplateResult } from "lit";

import { linkable, REL } from "../addresses";
import "../icons/icon";
import { controls } from "../theme/controls";
import { ChatView } from "../views/chat-view";
import { styles } from "./picture.styles";

/** An image behind a button that opens it in full; `downloadable` adds a link to save it. */
export class Picture extends ChatView {
  static override properties = {
    src: { attribute: false },
    name: { attribute: false },
    downloadable: { attribute: false },
  };
  /** An address that may be loaded: whoever names it has judged it. */
  declare src: string;
  declare name: string;
  declare downloadable: boolean;

  static override styles = [controls, styles];

  override render(): TemplateResult {
    const { src } = this;
    const open = `${this.texts.openImage}: ${this.name}`;
    return html`
      <button class="open" type="button" aria-label=${open} @click=${this.#open}>
        <img src=${src} alt="" loading="lazy" decoding="async" />
      </button>
      <dialog aria-label=${this.name} @click=${this.#pressed}>
        <div class="full">
          <div class="bar">
            ${this.downloadable ? this.#download(src) : nothing}
            <button type="button" aria-label=${this.texts.close} @click=${this.#close}>
              <chatkit-icon name="close"></chatkit-icon>
            </button>
          </div>
          <img src=${src} alt=${this.name} loading="lazy" />
        </div>
      </dialog>
    `;
  }

  #download(src: string): TemplateResult | typeof nothing {
    const href = src.startsWith("data:") ? src : linkable(src);
    if (href === null) return nothing;
    return html`<a
      href=${href}
      download=${this.name}
      target="_blank"
      rel=${REL}
      aria-label=${this.texts.download}
      ><chatkit-icon name="lucide:download"></chatkit-icon
    ></a>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  readonly #open = (): void => this.#dialog?.showModal();

  readonly #close = (): void => this.#dialog?.close();

  /** A press beside the image closes, as one expects of a picture viewer. */
  readonly #pressed = (event: MouseEvent): void => {
    const { target } = event;
    if (target instanceof Element && target.closest("button, a, img") === null) this.#close();
  };
}

customElements.define("chatkit-picture", Picture);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-picture": Picture;
  }
}
