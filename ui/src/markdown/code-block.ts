/** A block of code: what language it is in, a button that copies it, and colours. */
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";

import "../icons/icon";
import type { Texts } from "../texts";
import { copyText } from "./clipboard";
import type { Run } from "./highlight";

/** Characters. Colouring more would be felt as a pause. */
const LONGEST_COLOURED = 40_000;
/** While code grows, it is coloured at most so often, and for a tenth of the time. */
const MIN_PAUSE_MS = 150;
const COPIED_MS = 2000;

/** Shows itself in the tree it is in, so that a selection goes through it; `styles` are there. */
export class CodeBlock extends LitElement {
  static override properties = {
    code: { attribute: false },
    language: { attribute: false },
    texts: { attribute: false },
    runs: { state: true },
    isCopied: { state: true },
  };
  declare code: string;
  declare language: string;
  declare texts: Texts;
  /** What is coloured: the code, or a beginning of it. */
  declare private runs: readonly Run[] | null;
  declare private isCopied: boolean;

  #coloured = "";
  #isInSight = false;
  #timer = 0;
  #pause = 0;
  #sight: IntersectionObserver | null = null;

  constructor() {
    super();
    this.code = "";
    this.language = "";
    this.runs = null;
    this.isCopied = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight = new IntersectionObserver(
      (entries) => {
        this.#isInSight = entries.at(-1)?.isIntersecting ?? false;
        this.#schedule();
      },
      { rootMargin: "400px" },
    );
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("language") || !this.code.startsWith(this.#coloured)) this.#uncolour();
    if (changed.has("code") || changed.has("language")) this.#schedule();
  }

  override render(): TemplateResult {
    const { texts, language, isCopied } = this;
    return html`<div class="code-head">
        <span>${language === "" ? texts.code : language}</span
        ><button type="button" class="quiet copy" @click=${this.#copy}>
          <chatkit-icon name=${isCopied ? "check" : "copy"}></chatkit-icon
          ><span aria-live="polite">${isCopied ? texts.copied : texts.copyCode}</span>
        </button>
      </div>
      <pre
        dir="ltr"
        tabindex="0"
        role="group"
        aria-label=${language === "" ? texts.code : language}
      ><code>${this.#colours()}${this.code.slice(this.#coloured.length)}</code></pre>`;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #colours(): (TemplateResult | string)[] {
    return (this.runs ?? []).map(({ text, kind }) =>
      kind === null ? text : html`<span class=${kind}>${text}</span>`,
    );
  }

  #uncolour(): void {
    this.runs = null;
    this.#coloured = "";
  }

  #schedule(): void {
    if (!this.#isInSight || this.#timer !== 0 || this.code === this.#coloured) return;
    if (this.language === "" || this.code.length > LONGEST_COLOURED) return;
    this.#timer = setTimeout(() => void this.#colour(), this.#pause) as unknown as number;
  }

  async #colour(): Promise<void> {
    const part = await import("./highlight").catch(() => null);
    this.#timer = 0;
    if (part === null) return;
    const { code, language } = this;
    const began = performance.now();
    const runs = part.highlight(code, language);
    this.#pause = Math.max(MIN_PAUSE_MS, 10 * (performance.now() - began));
    if (runs === null) return;
    this.#coloured = code;
    this.runs = runs;
  }

  readonly #copy = async (): Promise<void> => {
    this.isCopied = await copyText(this.code);
    setTimeout(() => (this.isCopied = false), COPIED_MS);
  };
}

customElements.define("chatkit-code-block", CodeBlock);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-code-block": CodeBlock;
  }
}
