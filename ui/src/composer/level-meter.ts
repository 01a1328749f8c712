/** Shows how loud the user speaks. It is for the eyes only. */
import { css, html, LitElement, type TemplateResult } from "lit";

import type { Recording } from "./microphone";

const BARS = 24;
/** Time between two bars. */
const STEP_MS = 80;

/** Bars that move with the recording's loudness. */
export class LevelMeter extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 3px;
      flex: 1;
      min-inline-size: 0;
      block-size: 1.75rem;
      overflow: hidden;
    }
    span {
      flex: none;
      inline-size: 3px;
      block-size: calc(4px + 20px * var(--level, 0));
      border-radius: 2px;
      background: var(--ck-accent);
    }
    @media (prefers-reduced-motion: reduce) {
      span {
        block-size: 8px;
        opacity: calc(0.4 + 0.6 * var(--level, 0));
      }
    }
  `;

  static override properties = { recording: { attribute: false } };
  declare recording: Recording | null;

  #timer: ReturnType<typeof setInterval> | undefined;
  #levels: number[] = Array.from({ length: BARS }, () => 0);

  constructor() {
    super();
    this.recording = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("aria-hidden", "true");
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override render(): TemplateResult {
    return html`${this.#levels.map(() => html`<span></span>`)}`;
  }

  #step(): void {
    this.#levels = [...this.#levels.slice(1), this.recording?.level() ?? 0];
    for (const [place, bar] of this.renderRoot.querySelectorAll("span").entries()) {
      bar.style.setProperty("--level", String(this.#levels[place] ?? 0));
    }
  }
}

customElements.define("chatkit-level-meter", LevelMeter);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-level-meter": LevelMeter;
  }
}
