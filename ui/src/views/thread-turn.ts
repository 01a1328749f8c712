/** One turn of a thread: the user's message, the answer's items, and what can be done with them. */
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { itemTemplate } from "../items";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import "./thread-turn-actions";
import type { Turn } from "./thread-turns";

/** A turn; what is put into it (the thread's status) stands at its end. */
export class TurnView extends ChatView {
  static override properties = {
    turn: { attribute: false },
    open: { attribute: false },
    busy: { attribute: false },
    locked: { attribute: false },
    imageDomains: { attribute: false },
  };
  declare turn: Turn;
  /** Ids of items that are not finished. */
  declare open: ReadonlySet<string>;
  /** The answer is still being written. */
  declare busy: boolean;
  declare locked: boolean;
  declare imageDomains: readonly string[] | null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--ck-space-4);
        box-sizing: border-box;
        padding-block: var(--ck-space-3);
        /* Turns that are out of sight cost no layout; their size is remembered once it is known. */
        content-visibility: auto;
        contain-intrinsic-block-size: auto 16rem;
        container-type: inline-size;
      }
      /* Containment clips: room for the focus rings at the edges. */
      :host {
        margin-inline: calc(-1 * var(--ck-space-2));
        padding-inline: var(--ck-space-2);
      }
      chatkit-turn-actions {
        margin-block-start: calc(-1 * var(--ck-space-3));
      }
    `,
  ];

  override render(): TemplateResult {
    const { user, items } = this.turn;
    const showing = { open: false, imageDomains: this.imageDomains };
    return html`
      ${
        user === null
          ? nothing
          : html`<h2 class="visually-hidden">${this.texts.youSaid}</h2>
              ${itemTemplate(user, showing)}`
      }
      ${items.length === 0 ? nothing : html`<h2 class="visually-hidden">${this.texts.assistantSaid}</h2>`}
      ${repeat(
        items,
        ({ id }) => id,
        (item) => itemTemplate(item, { ...showing, open: this.open.has(item.id) }),
      )}
      ${
        this.busy || items.length === 0
          ? nothing
          : html`<chatkit-turn-actions
              .turn=${this.turn}
              .locked=${this.locked}
            ></chatkit-turn-actions>`
      }
      <slot></slot>
    `;
  }
}

customElements.define("chatkit-turn", TurnView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-turn": TurnView;
  }
}
