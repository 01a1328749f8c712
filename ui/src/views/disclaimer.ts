/** A line of Markdown below the composer. */
import { css, html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";

import "../markdown/markdown-text";
import { ChatView } from "./chat-view";

/** The page's words below the composer, as Markdown without images of other sites. */
export class Disclaimer extends ChatView {
  static override styles = css`
    :host {
      display: block;
    }
    div {
      color: var(--ck-text-muted);
      font-size: calc(var(--ck-size-s) * 0.9);
      line-height: 1.4;
      text-align: center;
      text-wrap: balance;
    }
    .high-contrast {
      color: var(--ck-text);
    }
    chatkit-markdown {
      display: block;
    }
  `;

  override render(): TemplateResult | typeof nothing {
    const { disclaimer } = this.options;
    if (disclaimer === null) return nothing;
    return html`<div
      dir="auto"
      class=${classMap({ "high-contrast": disclaimer.highContrast ?? false })}
    >
      <chatkit-markdown
        .text=${disclaimer.text}
        .streaming=${false}
        .imageDomains=${[]}
      ></chatkit-markdown>
    </div>`;
  }
}

customElements.define("chatkit-disclaimer", Disclaimer);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-disclaimer": Disclaimer;
  }
}
