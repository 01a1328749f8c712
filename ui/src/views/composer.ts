/** Where the user writes: text and tags, files, tools, models, speech. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import { builtInsOf, type BuiltInActions } from "../composer/built-ins";
import { buttonRow, isSingle } from "../composer/button-row";
import { ChatArea } from "../composer/chat-area";
import { settled, toolOf } from "../composer/choices";
import { styles } from "../composer/composer.styles";
import { dictationBar } from "../composer/dictation-bar";
import "../composer/editor";
import type { Editor } from "../composer/editor";
import type { ComposerEvents } from "../composer/events";
import { fileList } from "../composer/file-list";
import { sorted } from "../composer/file-rules";
import { quoteTemplate } from "../composer/quote";
import { sourcesOf } from "../composer/sources";
import { placeholderOf, standingOf, type Standing } from "../composer/standing";
import type { Sources } from "../composer/suggestions";
import { Works } from "../composer/works";
import { shownAs } from "../conversation/draft";
import "../icons/icon";
import type { Watched } from "../observable";
import type { Options } from "../options";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { LostFocus } from "./lost-focus";

/** The composer: what is written in it is the chat's draft until it is sent. */
export class Composer extends ChatView {
  static override styles = [controls, styles];

  static override properties = {
    problems: { state: true },
    hint: { state: true },
    hasTextFocus: { state: true },
  };

  /** What went wrong, in words; it goes with the next thing that the user does. */
  declare protected problems: readonly string[];
  /** Why nothing happened, where nothing went wrong. */
  declare protected hint: string | null;
  declare protected hasTextFocus: boolean;

  #works: Works | null = null;
  #sources: Sources = {};
  #sourcesOf: Options | null = null;
  #toolId: string | null = null;
  readonly #area = new ChatArea(this, {
    takesFiles: () => this.#standing.takesFiles,
    drop: (files) => void this.attach(files),
    escape: () => this.#escape(),
  });

  constructor() {
    super();
    new LostFocus(this, () => this.#focusNext());
    this.problems = [];
    this.hint = null;
    this.hasTextFocus = false;
  }

  override watched(chat: Chat): readonly Watched[] {
    const { conversation, draft } = chat;
    const { dictation } = this.#worksOf(chat);
    return [draft.state, conversation.activity, conversation.thread, dictation.state];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A move in the page disconnects and connects again; only then is there nothing to let go of.
    queueMicrotask(() => {
      if (!this.isConnected) this.#works?.stop();
    });
  }

  /** Put the cursor into the text. */
  async focusInput(): Promise<void> {
    await this.updateComplete;
    const editor = this.#editor;
    await editor?.updateComplete;
    editor?.focus();
  }

  /** Begin to upload files; those that the page does not take are named to the user. */
  attach(files: readonly File[]): Promise<void> {
    const rules = this.options.composer.attachments;
    if (!rules?.enabled) {
      this.chat.report(
        new Error("Files need composer.attachments: { enabled: true } in the options."),
      );
      return Promise.resolve();
    }
    const present = this.chat.draft.state.value.attachments.length;
    const { taken, refusals } = sorted(files, present, rules, this.texts);
    this.problems = refusals;
    if (taken.length > 0) this.#worksOf(this.chat).uploads.add(taken);
    return Promise.resolve();
  }

  protected override willUpdate(): void {
    const { options } = this;
    if (this.#sourcesOf !== options) {
      this.#sourcesOf = options;
      this.#sources = sourcesOf(options, () =>
        builtInsOf(options, this.texts, {
          ...this.#actions,
          // After the command's own text has gone.
          mention: () => queueMicrotask(this.#actions.mention),
        }),
      );
    }
    const { draft } = this.chat;
    const { toolId, modelId } = settled(draft.state.value, options.composer);
    if (toolId !== draft.state.value.toolId || modelId !== draft.state.value.modelId) {
      draft.put({ toolId, modelId });
    }
    this.#worksOf(this.chat).uploads.tidy();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { toolId } = this.chat.draft.state.value;
    if (toolId === this.#toolId) return;
    this.#toolId = toolId;
    this.chat.emit("chatkit.tool.change", { toolId });
  }

  protected override render(): TemplateResult {
    const { content } = this.chat.draft.state.value;
    const works = this.#worksOf(this.chat);
    const standing = this.#standing;
    const isSpeaking = works.dictation.state.value.step !== "off";
    const hint = standing.isAnswering ? this.hint : null;
    const classes = [
      isSingle(this.options) && !isSpeaking && "single",
      this.hasTextFocus && "has-text-focus",
      !standing.isActive && "closed",
    ];
    return html`
      <div class="problems" role="alert">
        ${this.problems.map((words) => html`<p>${words}</p>`)}
      </div>
      <div class="hint" role="status">${hint === null ? nothing : html`<p>${hint}</p>`}</div>
      <div class="box ${classes.filter(Boolean).join(" ")}" @click=${this.#boxClick}>
        <div class="top">${this.#top()}</div>
        <chatkit-editor
          .content=${content}
          .sources=${this.#sources}
          .texts=${this.texts}
          .placeholder=${placeholderOf(this.chat)}
          ?disabled=${!standing.isActive}
          @focusin=${() => (this.hasTextFocus = true)}
          @focusout=${() => (this.hasTextFocus = false)}
          @chatkit-edit=${this.#edit}
          @chatkit-submit=${this.#submit}
          @chatkit-files=${this.#pasted}
          @chatkit-failure=${this.#failure}
        ></chatkit-editor>
        ${isSpeaking ? this.#dictationBar(works) : this.#buttons(standing)}
      </div>
      ${
        this.#area.isDropTarget
          ? html`<div class="drop" role="status">
              <chatkit-icon name="lucide:paperclip"></chatkit-icon>${this.texts.dropFiles}
            </div>`
          : nothing
      }
    `;
  }

  #top(): TemplateResult {
    const { texts } = this;
    const { quote, attachments } = this.chat.draft.state.value;
    const { uploads } = this.#worksOf(this.chat);
    return html`${quoteTemplate(quote, texts, () => this.chat.draft.put({ quote: null }))}
    ${fileList({
      files: attachments,
      texts,
      remove: (key) => {
        this.problems = [];
        uploads.remove(key);
        void this.focusInput();
      },
      retry: (key) => uploads.retry(key),
    })}`;
  }

  #dictationBar({ dictation }: Works): TemplateResult {
    return dictationBar({
      state: dictation.state.value,
      texts: this.texts,
      stop: () => void dictation.stop(),
      cancel: () => {
        dictation.cancel();
        void this.focusInput();
      },
    });
  }

  #buttons(standing: Standing): TemplateResult {
    const { draft } = this.chat;
    return buttonRow({
      options: this.options,
      draft: draft.state.value,
      standing,
      texts: this.texts,
      actions: {
        ...this.#actions,
        chooseTool: (id) => this.#chooseTool(id),
        chooseModel: (modelId) => draft.put({ modelId }),
        picked: (files) => {
          void this.attach(files);
          void this.focusInput();
        },
        send: this.#submit,
        stop: this.#stop,
      },
    });
  }

  /** What the buttons and the entries of the command menu do. */
  readonly #actions: BuiltInActions = {
    attach: () => this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click(),
    mention: () => this.#editor?.suggest("@"),
    dictate: () => {
      this.problems = [];
      void this.#worksOf(this.chat).dictation.start();
    },
    chooseTool: (id) => this.#chooseTool(id),
  };

  #worksOf(chat: Chat): Works {
    if (this.#works?.chat === chat) return this.#works;
    this.#works?.stop();
    this.#works = new Works(chat, {
      heard: (words) => {
        this.#editor?.insertWords(words);
        void this.focusInput();
      },
      failed: (words) => (this.problems = [words]),
    });
    return this.#works;
  }

  get #editor(): Editor | null {
    return this.renderRoot.querySelector("chatkit-editor");
  }

  get #standing(): Standing {
    return standingOf(this.chat);
  }

  /** Where the focus goes when what has it goes: while the user speaks, to the end of that. */
  #focusNext(): void {
    const stop = this.renderRoot.querySelector<HTMLElement>(".dictation .primary");
    if (stop === null) void this.focusInput();
    else stop.focus();
  }

  #chooseTool(toolId: string | null): void {
    this.chat.draft.put({ toolId });
    void this.focusInput();
  }

  readonly #pasted = ({ detail }: ComposerEvents["chatkit-files"]): void => {
    if (this.#standing.takesFiles) void this.attach(detail.files);
  };

  readonly #edit = ({ detail }: ComposerEvents["chatkit-edit"]): void => {
    this.problems = [];
    this.chat.draft.put({ content: detail.content });
  };

  readonly #failure = ({ detail }: ComposerEvents["chatkit-failure"]): void => {
    this.chat.report(detail.error);
  };

  /** A press beside the text means the text. */
  readonly #boxClick = (event: Event): void => {
    const [target] = event.composedPath();
    if (target instanceof Element && target.matches(".box, .top, .start, .end")) {
      void this.focusInput();
    }
  };

  readonly #stop = (): void => {
    if (this.#standing.canStop) void this.chat.conversation.stop();
  };

  /** Wherever the focus is, Escape ends what is spoken, or else the answer. */
  #escape(): void {
    const { dictation } = this.#worksOf(this.chat);
    if (dictation.state.value.step === "off") {
      this.#stop();
      return;
    }
    dictation.cancel();
    void this.focusInput();
  }

  /** Send the draft. While there is an answer nothing happens: what is written stays. */
  readonly #submit = (): void => {
    const { conversation, draft } = this.chat;
    const { input } = draft;
    const { canSend, isAnswering } = this.#standing;
    if (!canSend || input === null) {
      if (isAnswering && input !== null) this.hint = this.texts.waitForAnswer;
      return;
    }
    const before = draft.state.value;
    const tool = toolOf(before.toolId, this.options.composer.tools);
    const attachments = before.attachments.flatMap(({ attachment }) => attachment ?? []);
    this.problems = [];
    this.hint = null;
    const sending = conversation.send(input, shownAs(input, attachments));
    draft.clear(tool?.persistent ?? false);
    void sending.then((taken) => {
      if (!taken) draft.giveBack(before);
    });
  };
}

customElements.define("chatkit-composer", Composer);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-composer": Composer;
  }
}
