/** A widget among a thread's items. */
import { html, type TemplateResult } from "lit";

import type { WidgetItem } from "../protocol/items";
import { ChatView } from "../views/chat-view";
import "./widget-root";

/** `<chatkit-widget>`: the widget of a thread's item; its actions are the item's. */
export class Widget extends ChatView {
  static override properties = { item: { attribute: false }, busy: { attribute: false } };
  declare item: WidgetItem;
  /** The item is not finished yet: its controls wait. */
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  override render(): TemplateResult {
    const { id, widget } = this.item;
    return html`<chatkit-widget-root
      .root=${widget}
      .itemId=${id}
      .busy=${this.busy}
    ></chatkit-widget-root>`;
  }
}

customElements.define("chatkit-widget", Widget);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-widget": Widget;
  }
}
