/** What every view has: the chat that it shows, and a new look at it when something changes. */
import { ContextConsumer } from "@lit/context";
import { LitElement } from "lit";

import { chatContext, type Chat } from "../chat";
import type { Watched } from "../observable";
import type { Options } from "../options";
import type { Texts } from "../texts";

/** A view within `<openai-chatkit>`. It renders nothing before it has a chat. */
export abstract class ChatView extends LitElement {
  #chat: Chat | null = null;
  #stop: (() => void)[] = [];

  constructor() {
    super();
    new ContextConsumer(this, {
      context: chatContext,
      subscribe: true,
      callback: (chat: Chat | undefined) => {
        this.#chat = chat ?? null;
        this.#watch();
        this.requestUpdate();
      },
    });
  }

  /** The chat; there is one whenever the view renders. */
  protected get chat(): Chat {
    if (this.#chat === null) throw new Error(`<${this.localName}> is not in an <openai-chatkit>`);
    return this.#chat;
  }

  protected get options(): Options {
    return this.chat.options.value;
  }

  protected get texts(): Texts {
    return this.chat.texts.value;
  }

  /** What the view shows, besides options and texts: a change of it renders anew. */
  protected watched(_chat: Chat): readonly Watched[] {
    return [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  protected override shouldUpdate(): boolean {
    return this.#chat !== null;
  }

  #watch(): void {
    this.#leave();
    const chat = this.#chat;
    if (chat === null || !this.isConnected) return;
    const all: readonly Watched[] = [chat.options, chat.texts, ...this.watched(chat)];
    this.#stop = all.map((one) => one.subscribe(() => this.requestUpdate()));
  }

  #leave(): void {
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }
}
