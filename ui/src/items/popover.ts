/** A small box beside what it tells of, in the top layer: nothing clips it. */
import { css, html, LitElement, type TemplateResult } from "lit";

/** Space between the box and what it tells of, and to the edge of the window, in px. */
const GAP = 6;
const EDGE = 8;

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
    const at = anchor.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const below = at.bottom + GAP + own.height + EDGE <= innerHeight;
    const top = below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - own.height);
    const rtl = getComputedStyle(this).direction === "rtl";
    const wanted = rtl ? at.right - own.width : at.left;
    const left = Math.max(EDGE, Math.min(wanted, innerWidth - own.width - EDGE));
    this.style.setProperty("top", `${top}px`);
    this.style.setProperty("left", `${left}px`);
  }

  hide(): void {
    if (this.isOpen) this.hidePopover();
  }

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
