/** An entity within a text. */
import type { Entity } from "@openai/chatkit";
import { css, html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import type { WidgetRoot } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "../views/chat-view";
import "../widgets/widget-root";
import { previewOf } from "./entity-preview";
import { Hover } from "./hover";
import "./popover";

/** The name of an entity; one that is interactive can be pressed, and shows a preview. */
export class EntityChip extends ChatView {
  static override properties = {
    entity: { attribute: false },
    label: { attribute: false },
    preview: { state: true },
  };
  declare entity: Entity;
  /** Shown instead of a preview, if the page has none. */
  declare label: string | null;
  declare preview: WidgetRoot | null;

  static override styles = [
    controls,
    css`
      :host {
        display: inline;
        white-space: normal;
      }
      .chip {
        display: inline;
        padding: 0.1em 0.4em;
        border: 0;
        border-radius: var(--ck-radius-s);
        background: color-mix(in oklab, var(--ck-accent) 12%, transparent);
        color: inherit;
        font-weight: 500;
        line-height: 1.3;
        overflow-wrap: anywhere;
        text-align: start;
        box-decoration-break: clone;
        -webkit-box-decoration-break: clone;
      }
      button.chip:hover {
        background: color-mix(in oklab, var(--ck-accent) 20%, transparent);
      }
      chatkit-icon {
        vertical-align: -0.125em;
        margin-inline-end: 0.25em;
      }
      .plain {
        display: flex;
        align-items: center;
        gap: var(--ck-space-2);
        padding: var(--ck-space-2) var(--ck-space-3);
      }
    `,
  ];

  readonly #hover = new Hover(
    () => void this.#show(),
    () => this.renderRoot.querySelector("chatkit-popover")?.hide(),
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hover.cancel();
  }

  override render(): TemplateResult {
    const { title, icon, interactive } = this.entity;
    const inside = html`${
      icon === undefined ? nothing : html`<chatkit-icon name=${icon}></chatkit-icon>`
    }${title}`;
    if (interactive !== true) return html`<span class="chip" dir="auto">${inside}</span>`;
    return html`<button
        class="chip"
        type="button"
        dir="auto"
        @click=${this.#press}
        @pointerenter=${this.#hover.enter}
        @pointerleave=${this.#hover.leave}
        @focus=${this.#hover.enter}
        @blur=${this.#hover.leave}
      >
        ${inside}</button
      ><chatkit-popover
        @pointerenter=${this.#hover.enter}
        @pointerleave=${this.#hover.leave}
        @focusin=${this.#hover.enter}
        @focusout=${this.#hover.leave}
        >${this.#content()}</chatkit-popover
      >`;
  }

  #content(): TemplateResult | typeof nothing {
    if (this.preview)
      return html`<chatkit-widget-root .root=${this.preview}></chatkit-widget-root>`;
    if (!this.label) return nothing;
    const { icon } = this.entity;
    return html`<div class="plain">
      ${icon === undefined ? nothing : html`<chatkit-icon name=${icon}></chatkit-icon>`}
      <span dir="auto">${this.label}</span>
    </div>`;
  }

  readonly #press = (): void => {
    const { onClick } = this.options.entities;
    if (onClick) onClick(this.entity);
    else this.#hover.now();
  };

  async #show(): Promise<void> {
    this.preview ??= await previewOf(this.entity, this.chat);
    const anchor = this.renderRoot.querySelector("button");
    if (anchor === null || (!this.preview && !this.label)) return;
    await this.updateComplete;
    this.renderRoot.querySelector("chatkit-popover")?.show(anchor);
  }
}

customElements.define("chatkit-entity", EntityChip);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-entity": EntityChip;
  }
}
