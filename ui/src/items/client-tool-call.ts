/** A tool of the page that runs for the assistant; there is nothing to see of one that has run. */
import { css, html, type TemplateResult } from "lit";

import type { ClientToolCallItem } from "../protocol/items";
import { ChatView } from "../views/chat-view";

/** Says which of the page's tools is running. */
export class ClientToolCall extends ChatView {
  static override properties = { item: { attribute: false } };
  declare item: ClientToolCallItem;

  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: var(--ck-space-2);
      color: var(--ck-text-muted);
      font-size: var(--ck-size-s);
      overflow-wrap: anywhere;
    }
    .spinner {
      flex: none;
      inline-size: 0.75rem;
      block-size: 0.75rem;
      border: 2px solid var(--ck-line);
      border-block-start-color: var(--ck-accent);
      border-radius: 50%;
      animation: turn 0.8s linear infinite;
    }
    @keyframes turn {
      to {
        rotate: 360deg;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .spinner {
        animation: none;
      }
    }
  `;

  override render(): TemplateResult {
    return html`<span class="spinner"></span><span>${this.texts.usingTool(this.item.name)}</span>`;
  }
}

customElements.define("chatkit-client-tool-call", ClientToolCall);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-client-tool-call": ClientToolCall;
  }
}
