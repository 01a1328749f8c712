/** The frame of everything: header, thread or start screen, composer, and the list of chats. */
import { css, html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import type { Watched } from "../observable";
import { directionOf } from "../texts";
import { controls } from "../theme/controls";
import { isBeginning } from "./beginning";
import "./chat-header";
import { ChatView } from "./chat-view";
import "./composer";
import "./disclaimer";
import "./history-panel";
import "./start-screen";
import "./thread-view";

/** All that an element shows: a region with the page's name for it. */
export class Shell extends ChatView {
  static override styles = [
    controls,
    css`
      :host {
        container-type: inline-size;
        position: relative;
        display: grid;
        grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
        height: 100%;
        min-height: 0;
        overflow: hidden;
        color: var(--ck-text);
        background: var(--ck-surface);
        font-family: var(--ck-font);
        font-size: var(--ck-size-m);
        line-height: 1.5;
        -webkit-text-size-adjust: 100%;
        text-size-adjust: 100%;
      }
      chatkit-start-screen,
      chatkit-thread {
        min-height: 0;
      }
      .foot {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--ck-space-2);
        box-sizing: border-box;
        inline-size: 100%;
        max-inline-size: var(--ck-column);
        margin-inline: auto;
        padding: 0 var(--ck-space-4) max(var(--ck-space-3), env(safe-area-inset-bottom));
      }
      @container (max-width: 30rem) {
        .foot {
          padding-inline: var(--ck-space-3);
        }
      }
    `,
  ];

  override watched({ conversation, history }: Chat): readonly Watched[] {
    return [conversation.thread, conversation.sent, conversation.activity, history.state];
  }

  override render(): TemplateResult {
    const { header, history, disclaimer } = this.options;
    const listed = history.enabled && this.chat.history.state.value.open;
    return html`
      <div ?inert=${listed}>
        ${
          header.enabled
            ? html`<chatkit-header @chatkit-compose=${this.#compose}></chatkit-header>`
            : nothing
        }
        ${header.enabled && header.title.enabled ? nothing : this.#heading()}
      </div>
      ${
        isBeginning(this.chat.conversation)
          ? html`<chatkit-start-screen
              ?inert=${listed}
              @chatkit-compose=${this.#compose}
            ></chatkit-start-screen>`
          : html`<chatkit-thread ?inert=${listed}></chatkit-thread>`
      }
      <div class="foot" ?inert=${listed}>
        <chatkit-composer></chatkit-composer>
        ${disclaimer === null ? nothing : html`<chatkit-disclaimer></chatkit-disclaimer>`}
      </div>
      ${
        listed
          ? html`<chatkit-history @chatkit-compose=${this.#compose}></chatkit-history>`
          : nothing
      }
    `;
  }

  protected override updated(): void {
    this.lang = this.texts.language;
    this.dir = directionOf(this.texts);
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", this.#name);
  }

  get #name(): string {
    return this.options.frameTitle ?? this.texts.chat;
  }

  /** Who hears the page finds the chat by its heading, shown or not. */
  #heading(): TemplateResult {
    return html`<h1 class="visually-hidden">${this.#name}</h1>`;
  }

  /** With a finger, the cursor would bring up a keyboard that nobody has asked for. */
  readonly #compose = (): void => {
    if (!window.matchMedia("(pointer: coarse)").matches) void this.focusComposer();
  };

  /** Put the cursor into the composer. */
  async focusComposer(): Promise<void> {
    await this.updateComplete;
    await this.renderRoot.querySelector("chatkit-composer")?.focusInput();
  }

  /** Attach files as if the user had chosen them. */
  async attach(files: readonly File[]): Promise<void> {
    await this.updateComplete;
    await this.renderRoot.querySelector("chatkit-composer")?.attach(files);
  }
}

customElements.define("chatkit-shell", Shell);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-shell": Shell;
  }
}
