/** The element: options in, methods, events out. What it shows is in `views/`. */
import type { ChatKitEvents, ChatKitOptions, EventHandler, OpenAIChatKit } from "@openai/chatkit";
import { ContextProvider } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";

import { Chat, chatContext } from "./chat";
import { shownAs } from "./conversation/draft";
import { contentOf } from "./conversation/message-content";
import { read, type Options } from "./options";
import type { Attachment } from "./protocol/items";
import { applyTheme } from "./theme/theme";
import { tokens } from "./theme/tokens";
import "./views/shell";

type Params<M extends "sendUserMessage" | "setComposerValue"> = Parameters<OpenAIChatKit[M]>[0];

/**
 * `<openai-chatkit>`, with the interface of the types in `@openai/chatkit`.
 *
 * @fires chatkit.ready and all the others of `ChatKitEvents`; they bubble no further than the element.
 */
export class ChatKitElement extends LitElement implements OpenAIChatKit {
  static override styles = tokens;

  /** Address of the script: the server of sessions (`getClientSecret`) is where it comes from. */
  static home = document.baseURI;

  readonly #provider = new ContextProvider(this, { context: chatContext });
  #chat: Chat | null = null;
  /** Taken out of the page: what went on is not followed any more. */
  #isClosed = false;

  constructor() {
    super();
    super.addEventListener("chatkit-deeplink", (event) =>
      this.#emit("chatkit.deeplink", event.detail),
    );
  }

  /** Show a chat with these options. Others of the same server change nothing but the looks. */
  setOptions(given: ChatKitOptions): void {
    const options = read(given);
    if (this.#chat !== null && sameServer(this.#chat.options.value, options)) {
      this.#chat.show(options);
      applyTheme(this, options.theme);
      return;
    }
    this.#chat?.conversation.close();
    this.#chat = new Chat(options, this.#emit, ChatKitElement.home);
    this.#provider.setValue(this.#chat);
    applyTheme(this, options.theme);
    this.requestUpdate();
    void this.#begin(this.#chat);
  }

  async focusComposer(): Promise<void> {
    await this.updateComplete;
    await this.renderRoot.querySelector("chatkit-shell")?.focusComposer();
  }

  async setThreadId(threadId: string | null): Promise<void> {
    await this.#required.conversation.open(threadId);
  }

  async sendCustomAction(
    action: { type: string; payload?: Record<string, unknown> },
    itemId?: string,
  ): Promise<void> {
    await this.#required.conversation.act(action, itemId);
  }

  async sendUserMessage(params: Params<"sendUserMessage">): Promise<void> {
    const { text, content, reply, attachments = [], newThread, toolChoice, model } = params;
    const input = {
      content: contentOf(content ?? text ?? ""),
      attachments: attachments.map(({ id }) => id),
      quoted_text: reply ?? null,
      inference_options: { tool_choice: toolChoice ?? null, model: model ?? null },
    };
    const shown = shownAs(input, attachments satisfies Attachment[]);
    await this.#required.conversation.deliver(input, shown, newThread);
  }

  async setComposerValue(params: Params<"setComposerValue">): Promise<void> {
    this.#required.draft.set(params);
    await this.updateComplete;
    if (params.files?.length) {
      await this.renderRoot.querySelector("chatkit-shell")?.attach(params.files);
    }
  }

  async showHistory(): Promise<void> {
    const { history, options } = this.#required;
    if (!options.value.history.enabled) return;
    await history.show();
  }

  hideHistory(): Promise<void> {
    this.#required.history.hide();
    return Promise.resolve();
  }

  async fetchUpdates(): Promise<void> {
    await this.#required.conversation.refresh();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#isClosed) void this.#chat?.conversation.refresh();
    this.#isClosed = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A move in the page disconnects and connects again; only then is there nothing to close.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#isClosed = true;
      this.#chat?.conversation.close();
    });
  }

  override render(): TemplateResult | typeof nothing {
    return this.#chat === null ? nothing : html`<chatkit-shell></chatkit-shell>`;
  }

  declare addEventListener: OpenAIChatKit["addEventListener"];
  declare removeEventListener: OpenAIChatKit["removeEventListener"];

  async #begin(chat: Chat): Promise<void> {
    await this.updateComplete;
    await painted();
    if (this.#chat !== chat) return;
    this.#emit("chatkit.ready", undefined);
    const { initialThread } = chat.options.value;
    // The page may have opened another thread, or sent a message, by now.
    if (initialThread !== null && chat.conversation.isUntouched) {
      await chat.conversation.open(initialThread);
    }
  }

  get #required(): Chat {
    if (this.#chat === null) {
      throw new Error("openai-chatkit has no options yet; call setOptions({ api: … }) first");
    }
    return this.#chat;
  }

  readonly #emit = <K extends keyof ChatKitEvents>(
    name: K,
    detail: ChatKitEvents[K]["detail"],
  ): void => {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  };
}

/** How long a page that is not painted, in a tab in the background, counts as painted. */
const UNPAINTED_MS = 100;

/**
 * The page has been painted once more. A page that gives its options while it is laid out adds its
 * listeners after that (React: layout effects, then effects), and is to hear of the first events.
 */
async function painted(): Promise<void> {
  await new Promise<void>((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, UNPAINTED_MS);
  });
}

/** Whether two options mean the same server and session: then a conversation goes on. */
function sameServer({ api: one }: Options, { api: other }: Options): boolean {
  return "url" in one && "url" in other
    ? one.url === other.url
    : "getClientSecret" in one && "getClientSecret" in other;
}

export type { EventHandler };
