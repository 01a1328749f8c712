/** A small box beside what it tells of, in the top layer: nothing clips it. */
import { css, html, LitElement, type TemplateResult } from "lit";

import { placed } from "../widgets/popup";

/** What a box is placed beside: an element, or a place such as that of selected text. */
export type Anchor = Pick<Element, "getBoundingClientRect">;

/** Escape and a press elsewhere close it, as the platform has it for `popover="auto"`. */
export class Popover extends LitElement {
  static override styles = css`
    :host {
      position: fixed;
      inset: auto;
      box-sizing: border-box;
      margin: 0;
      padding: 0;
      max-inline-size: min(22rem, calc(100vw - 1rem));
      max-block-size: min(24rem, calc(100vh - 1rem));
      overflow: auto;
      border: 1px solid var(--ck-line);
      border-radius: var(--ck-radius-m);
      background: var(--ck-surface);
      color: var(--ck-text);
      box-shadow: var(--ck-shadow);
      font-size: var(--ck-size-s);
    }
    :host(:not(:popover-open)) {
      display: none;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = "auto";
  }

  /** Show the box beside `anchor`: below it, or above where there is no room below. */
  show(anchor: Anchor): void {
    if (!this.isOpen) this.showPopover();
    const rtl = getComputedStyle(this).direction === "rtl";
    const { left, top } = placed(
      anchor.getBoundingClientRect(),
      this.getBoundingClientRect(),
      { width: innerWidth, height: innerHeight },
      { side: "bottom", align: "start", rtl },
    );
    this.style.setProperty("top", `${top}px`);
    this.style.setProperty("left", `${left}px`);
  }

  /** Hide the box, if it is shown. */
  hide(): void {
    if (this.isOpen) this.hidePopover();
  }

  /** Whether the box is shown. */
  get isOpen(): boolean {
    return this.isConnected && this.matches(":popover-open");
  }

  override render(): TemplateResult {
    return html`<slot></slot>`;
  }
}

customElements.define("chatkit-popover", Popover);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-popover": Popover;
  }
}
