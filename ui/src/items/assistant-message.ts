/** What the assistant said. */
import { css, html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import "../markdown/markdown-text";
import type { SourceDetail } from "../markdown/markdown-text";
import { Sources } from "../markdown/sources";
import type { Annotation, AssistantMessageItem } from "../protocol/items";
import { controls } from "../theme/controls";
import { entityOfSource } from "./entity";
import { Hover } from "./hover";
import { ItemView } from "./item-view";
import type { Anchor, Popover } from "./popover";
import "./popover";
import { selectedIn, type Selected } from "./selection";
import "./source-card";
import "./source-list";

/**
 * A message of the assistant: its texts, and when it is finished, its sources.
 *
 * @fires chatkit-quoted Bubbling and composed, when the user has chosen a text to answer to.
 */
export class AssistantMessage extends ItemView<AssistantMessageItem> {
  static override properties = {
    open: { attribute: false },
    imageDomains: { attribute: false },
    annotation: { state: true },
    selected: { state: true },
  };
  /** More text is to come. */
  declare open: boolean;
  declare imageDomains: readonly string[] | null;
  /** The place in the text whose source is shown. */
  declare annotation: Annotation | null;
  declare selected: Selected | null;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--ck-space-3);
        min-inline-size: 0;
      }
      chatkit-source-card {
        min-inline-size: 14rem;
      }
      .quote {
        border: 0;
      }
    `,
  ];

  #anchor: Element | null = null;
  #annotations: readonly (readonly Annotation[])[] = [];
  #sources = new Sources([]);
  readonly #hover = new Hover(
    () => void this.#showSource(),
    () => this.#sourceBox?.hide(),
  );

  constructor() {
    super();
    this.annotation = null;
    this.selected = null;
    this.imageDomains = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("selectionchange", this.#deselected);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("selectionchange", this.#deselected);
    this.#hover.cancel();
  }

  override willUpdate(): void {
    super.willUpdate();
    const annotations = this.known.content.map((part) => part.annotations);
    const isSame =
      annotations.length === this.#annotations.length &&
      annotations.every((one, index) => one === this.#annotations[index]);
    if (isSame) return; // as with each word of an answer: no text need be shown anew
    this.#annotations = annotations;
    this.#sources = new Sources(annotations);
  }

  override render(): TemplateResult {
    const { all } = this.#sources;
    return html`
      ${this.known.content.map(
        (part) =>
          html`<chatkit-markdown
            .text=${part.text}
            .streaming=${this.open}
            .imageDomains=${this.imageDomains}
            .annotations=${part.annotations}
            .sources=${this.#sources}
            @chatkit-source=${this.#marked}
            @pointerup=${this.#released}
            @keyup=${this.#released}
          ></chatkit-markdown>`,
      )}
      ${
        all.length === 0 || this.open
          ? nothing
          : html`<chatkit-source-list .sources=${all}></chatkit-source-list>`
      }
      ${this.annotation === null ? nothing : this.#sourceTemplate(this.annotation)}
      ${this.selected === null ? nothing : this.#quoteTemplate()}
    `;
  }

  #sourceTemplate({ source }: Annotation): TemplateResult {
    return html`<chatkit-popover
      id="source"
      @pointerenter=${this.#hover.enter}
      @pointerleave=${this.#hover.leave}
      @focusin=${this.#hover.enter}
      @focusout=${this.#hover.leave}
    >
      <chatkit-source-card .source=${source} .previews=${true}></chatkit-source-card>
    </chatkit-popover>`;
  }

  #quoteTemplate(): TemplateResult {
    return html`<chatkit-popover id="quote">
      <button class="quiet quote" type="button" @click=${this.#quote}>
        <chatkit-icon name="lucide:text-quote"></chatkit-icon>${this.texts.quote}
      </button>
    </chatkit-popover>`;
  }

  get #sourceBox(): Popover | null {
    return this.renderRoot.querySelector<Popover>("#source");
  }

  readonly #marked = ({ detail }: CustomEvent<SourceDetail>): void => {
    const { annotation, button, by } = detail;
    this.#anchor = button;
    this.annotation = annotation;
    button.addEventListener("pointerleave", this.#hover.leave, { once: true });
    button.addEventListener("blur", this.#hover.leave, { once: true });
    if (by !== "click") this.#hover.enter();
    else if (!this.#pressed(annotation)) this.#hover.now();
  };

  /** Whether the page has a function of its own for a press on this source. */
  #pressed({ source }: Annotation): boolean {
    const { onClick } = this.options.entities;
    if (source.type !== "entity" || !source.interactive || !onClick) return false;
    onClick(entityOfSource(source));
    return true;
  }

  async #showSource(): Promise<void> {
    await this.updateComplete;
    if (this.#anchor) this.#sourceBox?.show(this.#anchor);
  }

  /** The pointer or a key was released: perhaps that ended a selection. */
  readonly #released = (event: Event): void => {
    if (event instanceof KeyboardEvent && event.key === "Escape") return;
    // A press within a selection removes it only after this event.
    setTimeout(() => void this.#offerQuote());
  };

  async #offerQuote(): Promise<void> {
    const selected = selectedIn(this.renderRoot.querySelectorAll("chatkit-markdown"));
    if (selected === null) return;
    // The box stays where it was opened, although the range lives on.
    const at = selected.place.getBoundingClientRect();
    const place: Anchor = { getBoundingClientRect: () => at };
    this.selected = { text: selected.text, place };
    await this.updateComplete;
    this.renderRoot.querySelector<Popover>("#quote")?.show(place);
  }

  readonly #deselected = (): void => {
    if (this.selected === null) return;
    if (selectedIn(this.renderRoot.querySelectorAll("chatkit-markdown")) === null) {
      this.selected = null;
    }
  };

  readonly #quote = (): void => {
    if (this.selected === null) return;
    this.chat.draft.put({ quote: this.selected.text });
    this.selected = null;
    document.getSelection()?.removeAllRanges();
    this.dispatchEvent(new CustomEvent("chatkit-quoted", { bubbles: true, composed: true }));
  };
}

customElements.define("chatkit-assistant-message", AssistantMessage);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-assistant-message": AssistantMessage;
  }
}
