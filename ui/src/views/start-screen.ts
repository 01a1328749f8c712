/** What is shown where a chat begins: a greeting, prompts, and why it did not begin. */
import type { StartScreenPrompt } from "@openai/chatkit";
import { css, html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import { shownAs } from "../conversation/draft";
import { contentOf } from "../conversation/message-content";
import "../icons/icon";
import type { Watched } from "../observable";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { ComposeEvent } from "./compose-event";
import "./thread-status";

/**
 * @fires chatkit-compose A prompt has been sent.
 */
export class StartScreen extends ChatView {
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        align-content: safe center;
        justify-items: center;
        gap: var(--ck-space-5);
        box-sizing: border-box;
        padding: var(--ck-space-4);
        overflow: hidden auto;
        overscroll-behavior: contain;
      }
      h2 {
        margin: 0;
        max-width: var(--ck-column);
        font-size: calc(var(--ck-size-l) * 1.3);
        font-weight: 600;
        line-height: 1.25;
        text-align: center;
        text-wrap: balance;
        overflow-wrap: anywhere;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: var(--ck-space-2);
        box-sizing: border-box;
        inline-size: 100%;
        max-inline-size: calc(var(--ck-column) - 2 * var(--ck-space-4));
        margin: 0;
        padding: 0;
        list-style: none;
      }
      @container (max-width: 30rem) {
        :host {
          padding-inline: var(--ck-space-3);
        }
      }
      li {
        display: grid;
        min-width: 0;
      }
      button {
        display: flex;
        align-items: center;
        gap: var(--ck-space-3);
        padding: var(--ck-space-3) var(--ck-space-4);
        border-color: var(--ck-line);
        border-radius: var(--ck-radius-m);
        line-height: 1.4;
        text-align: start;
        transition: background-color 120ms;
      }
      button:not(:disabled):hover {
        background: var(--ck-hover);
      }
      button span {
        min-width: 0;
        font-size: var(--ck-size-s);
        overflow-wrap: anywhere;
      }
      chatkit-icon {
        font-size: 1.25em;
        color: var(--ck-text-muted);
      }
      chatkit-thread-status {
        inline-size: 100%;
        max-inline-size: calc(var(--ck-column) - 2 * var(--ck-space-4));
      }
    `,
  ];

  override watched({ conversation }: Chat): readonly Watched[] {
    return [conversation.activity, conversation.thread];
  }

  override render(): TemplateResult {
    const { greeting, prompts = [] } = this.options.startScreen;
    return html`
      <h2 dir="auto">${greeting ?? this.texts.greeting}</h2>
      ${
        prompts.length === 0
          ? nothing
          : html`<ul aria-label=${this.texts.suggestions}>
              ${prompts.map((prompt) => this.#prompt(prompt))}
            </ul>`
      }
      <chatkit-thread-status></chatkit-thread-status>
    `;
  }

  #prompt(prompt: StartScreenPrompt): TemplateResult {
    return html`<li>
      <button
        type="button"
        ?disabled=${!this.chat.conversation.takesMessages}
        @click=${() => void this.#send(prompt)}
      >
        ${prompt.icon ? html`<chatkit-icon name=${prompt.icon}></chatkit-icon>` : nothing}
        <span dir="auto">${prompt.label}</span>
      </button>
    </li>`;
  }

  /** Send a prompt; what the server does not take is in the composer, to be sent again. */
  async #send({ prompt }: StartScreenPrompt): Promise<void> {
    const { conversation, draft } = this.chat;
    const { toolId, modelId } = draft.state.value;
    const content = contentOf(prompt);
    const input = {
      content,
      attachments: [],
      quoted_text: null,
      inference_options: { tool_choice: toolId === null ? null : { id: toolId }, model: modelId },
    };
    const taken = conversation.send(input, shownAs(input, []));
    this.dispatchEvent(new ComposeEvent());
    if (!(await taken) && draft.input === null) draft.put({ content });
  }
}

customElements.define("chatkit-start-screen", StartScreen);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-start-screen": StartScreen;
  }
}
