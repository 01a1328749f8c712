/** The line at the top: title, actions of the page, new chat, list of chats. */
import type { HeaderOption } from "@openai/chatkit";
import { css, html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import "../icons/icon";
import { iconButton } from "../icons/icon-button";
import type { Watched } from "../observable";
import { controls } from "../theme/controls";
import { isBeginning } from "./beginning";
import { ChatView } from "./chat-view";
import { ComposeEvent } from "./compose-event";
import { nameOf } from "./header-names";

type Action = HeaderOption["leftAction"] | null;

/**
 * @fires chatkit-compose A new chat has been begun.
 */
export class ChatHeader extends ChatView {
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--ck-space-1);
        box-sizing: border-box;
        min-width: 0;
        padding: var(--ck-space-2) var(--ck-space-3);
        padding-block-start: max(var(--ck-space-2), env(safe-area-inset-top));
      }
      h1 {
        flex: 1;
        min-width: 0;
        margin: 0;
        padding-inline: var(--ck-space-1);
        overflow: hidden;
        font-size: var(--ck-size-m);
        font-weight: 600;
        line-height: 1.5;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      /* A title has a direction of its own, in which it is cut; it begins where the line does. */
      :host(:dir(ltr)) h1 {
        text-align: left;
      }
      :host(:dir(rtl)) h1 {
        text-align: right;
      }
      .space {
        flex: 1;
      }
    `,
  ];

  override watched({ conversation, history }: Chat): readonly Watched[] {
    return [conversation.thread, conversation.sent, conversation.activity, history.state];
  }

  override render(): TemplateResult {
    const { header, history } = this.options;
    return html`
      ${this.#action(header.leftAction)} ${this.#title()}
      ${isBeginning(this.chat.conversation) ? nothing : this.#newChat()}
      ${history.enabled ? this.#history() : nothing} ${this.#action(header.rightAction)}
    `;
  }

  #title(): TemplateResult {
    const { title } = this.options.header;
    const { thread, activity } = this.chat.conversation;
    const known = title.text ?? thread.value.title;
    // A thread that is being loaded has a title that we do not know yet.
    const isComing = thread.value.id !== null && activity.value === "loading" && !known;
    if (!title.enabled || isComing) return html`<span class="space"></span>`;
    const text = known || this.texts.newChat;
    return html`<h1 dir="auto" title=${text}>${text}</h1>`;
  }

  #newChat(): TemplateResult {
    return iconButton({ icon: "compose", name: this.texts.newChat, press: this.#begin });
  }

  #history(): TemplateResult {
    const name = this.texts.showHistory;
    return html`<button
      type="button"
      class="icon"
      aria-label=${name}
      title=${name}
      aria-haspopup="dialog"
      aria-expanded=${this.chat.history.state.value.open}
      @click=${() => void this.chat.history.show()}
    >
      <chatkit-icon name="history"></chatkit-icon>
    </button>`;
  }

  #action(action: Action): TemplateResult | typeof nothing {
    if (!action) return nothing;
    const { icon, onClick } = action;
    return iconButton({ icon, name: nameOf(icon, this.texts), press: () => onClick() });
  }

  readonly #begin = (): void => {
    void this.chat.conversation.open(null);
    this.dispatchEvent(new ComposeEvent());
  };
}

customElements.define("chatkit-header", ChatHeader);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-header": ChatHeader;
  }
}
