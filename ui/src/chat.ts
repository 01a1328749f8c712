/** What every view of one element shares. */
import { createContext } from "@lit/context";

import { Conversation, type Surroundings } from "./conversation/conversation";
import type { ToolOutput } from "./conversation/client-tools";
import { Draft } from "./conversation/draft";
import { History } from "./conversation/history";
import type { Emit } from "./conversation/telling";
import { asError } from "./errors";
import { Api } from "./network/api";
import { transportOf, type Transport } from "./network/transport";
import { Observable } from "./observable";
import type { Options } from "./options";
import { en, loadTexts, type Texts } from "./texts";

/** One server, one conversation with it, and how the page wants both to be shown. */
export class Chat {
  readonly options: Observable<Options>;
  /** English until the language has been loaded. */
  readonly texts = new Observable<Texts>(en);
  readonly transport: Transport;
  readonly api: Api;
  readonly conversation: Conversation;
  readonly history: History;
  readonly draft = new Draft();

  /** @param home Address of the element's script: where a session's requests go. */
  constructor(
    options: Options,
    readonly emit: Emit,
    home: string,
  ) {
    this.options = new Observable(options);
    this.transport = transportOf(() => this.options.value.api, home);
    this.api = new Api(this.transport);
    this.history = new History(this.api, this.emit);
    this.conversation = new Conversation(this.api, this.#surroundings());
    void this.#speak(options.locale);
  }

  /** Show things in another way; the server stays the same. */
  show(options: Options): void {
    this.options.value = options;
    if (!options.history.enabled) this.history.hide();
    void this.#speak(options.locale);
  }

  /** Tell the page that something failed. */
  report(error: unknown): void {
    this.emit("chatkit.error", { error: asError(error) });
  }

  async #speak(locale: string | null): Promise<void> {
    try {
      const texts = await loadTexts(locale);
      if (this.options.value.locale === locale) this.texts.value = texts;
    } catch (error) {
      this.emit("chatkit.log", { name: "texts.failed", data: { locale, error: String(error) } });
    }
  }

  #surroundings(): Surroundings {
    return {
      emit: this.emit,
      callTool: async (name, params) => {
        const { onClientTool } = this.options.value;
        if (onClientTool === null) {
          this.report(
            new Error(`The server called ${name}; there is no onClientTool in the options.`),
          );
          return { error: `This page has no client tools; ${name} was not called.` };
        }
        try {
          // The types do not let a tool return nothing; plain JavaScript does.
          const output = (await onClientTool({ name, params })) as ToolOutput | null | undefined;
          return output ?? {};
        } catch (error) {
          this.report(error);
          return { error: `The client tool ${name} failed.` };
        }
      },
    };
  }
}

/** By which a view finds its chat. */
export const chatContext = createContext<Chat>(Symbol("chatkit-chat"));
