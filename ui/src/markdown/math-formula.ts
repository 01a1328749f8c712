/** A formula. Until it can be shown, and if it cannot be, its source is. */
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";

/** Shows itself in the tree it is in, so that a selection goes through it. */
export class MathFormula extends LitElement {
  static override properties = {
    tex: { attribute: false },
    source: { attribute: false },
    display: { attribute: false },
    open: { attribute: false },
    formula: { state: true },
  };
  declare tex: string;
  /** With its delimiters, as it was written. */
  declare source: string;
  declare display: boolean;
  /** The rest of it is still to come. */
  declare open: boolean;
  declare private formula: Element | null;

  constructor() {
    super();
    this.formula = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (this.open) this.formula = null;
    else if (changed.has("tex") || changed.has("display") || changed.has("open")) void this.#set();
  }

  override render(): TemplateResult {
    return this.formula === null
      ? html`<span class="tex" dir="ltr">${this.source}</span>`
      : html`${this.formula}`;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  async #set(): Promise<void> {
    const { tex, display } = this;
    const part = await import("./typeset").catch(() => null);
    if (part === null || tex !== this.tex || display !== this.display || this.open) return;
    this.formula = part.typeset(tex, display);
  }
}

customElements.define("chatkit-formula", MathFormula);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-formula": MathFormula;
  }
}
