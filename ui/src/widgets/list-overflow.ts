/** Shows the first entries of a list, and the others when they are asked for. */
import { css, html, LitElement, nothing, type TemplateResult } from "lit";

import { controls } from "../theme/controls";
import type { Texts } from "../texts";
import { count } from "./counts";

/** How high a list becomes that chooses its limit itself. */
const AUTO_HEIGHT_PX = 420;

/**
 * A list whose entries are its slotted children.
 *
 * @slot - The entries, each with `role="listitem"`.
 */
export class ListOverflow extends LitElement {
  static override properties = {
    limit: { attribute: false },
    texts: { attribute: false },
    isWhole: { state: true },
    hiddenCount: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .more {
        padding: var(--ck-space-2);
        border-block-start: 1px solid var(--ck-line);
        text-align: center;
      }
      ::slotted([hidden]) {
        display: none !important;
      }
    `,
  ];
  declare limit: number | "auto" | null;
  declare texts: Texts;
  declare private isWhole: boolean;
  declare private hiddenCount: number;

  constructor() {
    super();
    this.limit = null;
    this.isWhole = false;
    this.hiddenCount = 0;
  }

  override render(): TemplateResult {
    return html`<div role="list"><slot @slotchange=${this.#measure}></slot></div>
      ${
        this.hiddenCount > 0
          ? html`<div class="more">
              <button class="quiet" type="button" @click=${this.#showAll}>
                ${this.texts.showMore} (${this.hiddenCount})
              </button>
            </div>`
          : nothing
      }`;
  }

  protected override updated(): void {
    this.#measure();
  }

  readonly #measure = (): void => {
    const entries = this.#entries;
    const count = this.isWhole ? entries.length : this.#fitting(entries);
    entries.forEach((entry, place) => entry.toggleAttribute("hidden", place >= count));
    this.hiddenCount = Math.max(0, entries.length - count);
  };

  /** How many entries are shown before others are asked for. */
  #fitting(entries: readonly HTMLElement[]): number {
    if (this.limit !== "auto") return count(this.limit, entries.length) ?? entries.length;
    for (const entry of entries) entry.hidden = false;
    const top = entries[0]?.offsetTop ?? 0;
    const over = entries.findIndex(
      (entry) => entry.offsetTop + entry.offsetHeight - top > AUTO_HEIGHT_PX,
    );
    // One entry more takes no more room than the button that would show it.
    return over < 0 || over === entries.length - 1 ? entries.length : Math.max(1, over);
  }

  get #entries(): HTMLElement[] {
    return [...this.children].filter((child) => child instanceof HTMLElement);
  }

  readonly #showAll = (): void => {
    const next = this.#entries[this.#entries.length - this.hiddenCount];
    this.isWhole = true;
    // The button goes; the focus stays where the user was.
    void this.updateComplete.then(() => {
      const target =
        next?.querySelector<HTMLElement>("button, input, textarea, [tabindex]") ?? next;
      if (target === undefined) return;
      if (target === next) target.tabIndex = -1;
      target.focus();
    });
  };
}

customElements.define("chatkit-list-overflow", ListOverflow);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-list-overflow": ListOverflow;
  }
}
