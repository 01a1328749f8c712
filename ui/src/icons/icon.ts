/** A small drawing that goes with words. It says nothing of its own. */
import { css, LitElement, nothing, type PropertyValues } from "lit";

import type { Glyph } from "./glyph";
import { loadedGlyph, ownGlyph } from "./lookup";

const SVG = "http://www.w3.org/2000/svg";

/** `name`: one of `ChatKitIcon`, `HeaderIcon`, `WidgetIcon`, or `lucide:…`. Others show nothing. */
export class Icon extends LitElement {
  static override properties = {
    name: { reflect: true },
    glyph: { attribute: false },
  };
  declare name: string;
  /** What is drawn; null until it is there. */
  declare protected glyph: Glyph | null;

  static override styles = css`
    :host {
      display: inline-block;
      flex: none;
      inline-size: 1em;
      block-size: 1em;
      vertical-align: -0.125em;
      line-height: 0;
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      fill: none;
      stroke: currentcolor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    .filled {
      fill: currentcolor;
    }
    .filled :not(:first-child) {
      fill: none;
      stroke: var(--ck-surface);
    }
    .turned {
      rotate: 90deg;
    }
    :host(:dir(rtl)) .mirrored {
      scale: -1 1;
    }
  `;

  constructor() {
    super();
    this.name = "";
    this.glyph = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("aria-hidden", "true");
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("name")) return;
    this.glyph = ownGlyph(this.name);
    if (this.glyph === null && this.name !== "") void this.#load(this.name);
  }

  override render(): SVGElement | typeof nothing {
    return this.glyph === null ? nothing : drawn(this.glyph);
  }

  async #load(name: string): Promise<void> {
    // Without the part (the network is away, say) there is no icon; the words are there.
    const glyph = await loadedGlyph(name).catch(() => null);
    if (this.name === name) this.glyph = glyph;
  }
}

function drawn({ lines, ...looks }: Glyph): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  for (const [look, on] of Object.entries(looks)) if (on) svg.classList.add(look);
  for (const [tag, attributes] of lines) {
    const line = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, String(value));
    svg.append(line);
  }
  return svg;
}

customElements.define("chatkit-icon", Icon);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-icon": Icon;
  }
}
