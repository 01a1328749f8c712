/** What is shown where a chat begins: a greeting, prompts, and why it did not begin. */
import type { StartScreenPrompt } from "@openai/chatkit";
import { html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import { toolOf } from "../composer/choices";
import { EMPTY, shownAs } from "../conversation/draft";
import { contentOf } from "../conversation/message-content";
import "../icons/icon";
import type { Watched } from "../observable";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { ComposeEvent } from "./compose-event";
import { styles } from "./start-screen.styles";
import "./thread-status";

/**
 * @fires chatkit-compose A prompt has been sent.
 */
export class StartScreen extends ChatView {
  static override styles = [controls, styles];

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
    if (!toolOf(toolId, this.options.composer.tools)?.persistent) draft.put({ toolId: null });
    this.dispatchEvent(new ComposeEvent());
    if (!(await taken)) draft.giveBack({ ...EMPTY, content, toolId });
  }
}

customElements.define("chatkit-start-screen", StartScreen);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-start-screen": StartScreen;
  }
}
