/** Where the user writes: text and tags, files, tools, models, speech. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Chat } from "../chat";
import "../composer/attachment-tile";
import { settled, toolOf } from "../composer/choices";
import { styles } from "../composer/composer.styles";
import { Dictation } from "../composer/dictation";
import { DropZone } from "../composer/drop-zone";
import "../composer/editor";
import type { Editor } from "../composer/editor";
import type { ComposerEvents } from "../composer/events";
import { acceptAttribute, sorted } from "../composer/file-rules";
import "../composer/level-meter";
import "../composer/option-menu";
import { sourcesOf, type BuiltIn } from "../composer/sources";
import type { Sources } from "../composer/suggestions";
import { toolBar } from "../composer/tool-bar";
import { Uploads } from "../composer/uploads";
import { shownAs } from "../conversation/draft";
import "../icons/icon";
import { fileSender } from "../network/uploads";
import type { Watched } from "../observable";
import type { Options } from "../options";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { LostFocus } from "./lost-focus";

/** What one chat's composer works with. */
interface Works {
  chat: Chat;
  uploads: Uploads;
  dictation: Dictation;
}

export class Composer extends ChatView {
  static override styles = [controls, styles];

  static override properties = {
    problems: { state: true },
    hint: { state: true },
    isDropTarget: { state: true },
    hasTextFocus: { state: true },
  };

  /** What went wrong, in words; it goes with the next thing that the user does. */
  declare protected problems: readonly string[];
  /** Why nothing happened, where nothing went wrong. */
  declare protected hint: string | null;
  declare protected isDropTarget: boolean;
  declare protected hasTextFocus: boolean;

  #works: Works | null = null;
  #sources: Sources = {};
  #sourcesOf: Options | null = null;
  #toolId: string | null = null;
  #stopListening: (() => void) | null = null;

  constructor() {
    super();
    new LostFocus(this, () => this.#focusNext());
    this.problems = [];
    this.hint = null;
    this.isDropTarget = false;
    this.hasTextFocus = false;
  }

  override watched(chat: Chat): readonly Watched[] {
    const { conversation, draft } = chat;
    const { dictation } = this.#worksOf(chat);
    return [draft.state, conversation.activity, conversation.thread, dictation.state];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const tree = this.getRootNode();
    const area: HTMLElement =
      tree instanceof ShadowRoot && tree.host instanceof HTMLElement ? tree.host : this;
    const zone = new DropZone(area, {
      isOpen: () => this.#takesFiles,
      hover: (isOver) => (this.isDropTarget = isOver),
      drop: (files) => void this.attach(files),
    });
    area.addEventListener("keydown", this.#key);
    this.#stopListening = () => {
      zone.stop();
      area.removeEventListener("keydown", this.#key);
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    // A move in the page disconnects and connects again; only then is there nothing to let go of.
    queueMicrotask(() => {
      if (!this.isConnected) this.#letGo();
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
      const error = new Error("Files need composer.attachments: { enabled: true } in the options.");
      this.chat.emit("chatkit.error", { error });
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
      this.#sources = sourcesOf(options, () => this.#builtIns());
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
    const draft = this.chat.draft.state.value;
    const { dictation } = this.#worksOf(this.chat);
    const isSpeaking = dictation.state.value.step !== "off";
    const classes = [
      this.#isSingle && !isSpeaking && "single",
      this.hasTextFocus && "has-text-focus",
      !this.#isActive && "closed",
    ];
    return html`
      <div class="problems" role="alert">
        ${this.problems.map((words) => html`<p>${words}</p>`)}
      </div>
      <div class="hint" role="status">${this.#hintShown}</div>
      <div class="box ${classes.filter(Boolean).join(" ")}" @click=${this.#boxClick}>
        <div class="top">${this.#quote(draft.quote)} ${this.#files()}</div>
        <chatkit-editor
          .content=${draft.content}
          .sources=${this.#sources}
          .texts=${this.texts}
          .placeholder=${this.#placeholder}
          ?disabled=${!this.#isActive}
          @focusin=${() => (this.hasTextFocus = true)}
          @focusout=${() => (this.hasTextFocus = false)}
          @chatkit-edit=${this.#edit}
          @chatkit-submit=${this.#submit}
          @chatkit-files=${this.#pasted}
          @chatkit-failure=${this.#failure}
        ></chatkit-editor>
        ${isSpeaking ? this.#dictating(dictation) : this.#buttons()}
      </div>
      ${
        this.isDropTarget
          ? html`<div class="drop" role="status">
              <chatkit-icon name="lucide:paperclip"></chatkit-icon>${this.texts.dropFiles}
            </div>`
          : nothing
      }
    `;
  }

  #quote(quote: string | null): TemplateResult | typeof nothing {
    if (quote === null) return nothing;
    return html`<div class="quote" role="group" aria-label=${this.texts.quoted}>
      <chatkit-icon name="lucide:text-quote"></chatkit-icon>
      <blockquote>${quote}</blockquote>
      <button
        class="icon"
        type="button"
        aria-label=${this.texts.removeQuote}
        title=${this.texts.removeQuote}
        @click=${() => this.chat.draft.put({ quote: null })}
      >
        <chatkit-icon name="lucide:x"></chatkit-icon>
      </button>
    </div>`;
  }

  #files(): TemplateResult | typeof nothing {
    const { attachments } = this.chat.draft.state.value;
    const { uploads } = this.#worksOf(this.chat);
    if (attachments.length === 0) return nothing;
    return html`<ul class="files" aria-label=${this.texts.attachments}>
      ${repeat(
        attachments,
        ({ key }) => key,
        (file) =>
          html`<li>
            <chatkit-draft-attachment
              .file=${file}
              .texts=${this.texts}
              @chatkit-remove=${({ detail }: ComposerEvents["chatkit-remove"]) => {
                this.problems = [];
                uploads.remove(detail.key);
                void this.focusInput();
              }}
              @chatkit-retry=${({ detail }: ComposerEvents["chatkit-retry"]) =>
                uploads.retry(detail.key)}
            ></chatkit-draft-attachment>
          </li>`,
      )}
    </ul>`;
  }

  #buttons(): TemplateResult {
    const { composer, entities } = this.options;
    const { texts } = this;
    const disabled = !this.#isActive;
    return html`<div class="start">
        ${composer.attachments?.enabled ? this.#attachButton() : nothing}
        ${
          entities.onTagSearch && entities.showComposerMenu
            ? this.#iconButton(texts.mention, "lucide:at-sign", () => this.#editor?.suggest("@"))
            : nothing
        }
        ${toolBar({
          tools: composer.tools ?? [],
          chosen: this.chat.draft.state.value.toolId,
          disabled,
          texts,
          choose: (toolId) => this.#chooseTool(toolId),
        })}
      </div>
      <div class="end">
        ${this.#models()}
        ${
          composer.dictation?.enabled
            ? this.#iconButton(texts.dictate, "lucide:mic", () => void this.#dictate())
            : nothing
        }
        ${this.#sendButton()}
      </div>`;
  }

  #iconButton(label: string, icon: string, press: () => void): TemplateResult {
    return html`<button
      class="icon"
      type="button"
      aria-label=${label}
      title=${label}
      ?disabled=${!this.#isActive}
      @click=${press}
    >
      <chatkit-icon name=${icon}></chatkit-icon>
    </button>`;
  }

  #attachButton(): TemplateResult {
    const accept = acceptAttribute(this.options.composer.attachments?.accept);
    return html`${this.#iconButton(this.texts.attach, "lucide:paperclip", () => this.#pick())}<input
        type="file"
        hidden
        multiple
        accept=${accept === "" ? nothing : accept}
        aria-label=${this.texts.attach}
        @change=${this.#picked}
      />`;
  }

  #models(): TemplateResult | typeof nothing {
    const models = this.options.composer.models ?? [];
    if (models.length === 0) return nothing;
    const { modelId } = this.chat.draft.state.value;
    const chosen = models.find(({ id }) => id === modelId);
    return html`<chatkit-option-menu
      align="end"
      .label=${this.texts.model}
      .caption=${chosen?.label ?? this.texts.model}
      .options=${models}
      .chosen=${modelId}
      ?disabled=${!this.#isActive}
      @chatkit-choose=${({ detail }: ComposerEvents["chatkit-choose"]) =>
        this.chat.draft.put({ modelId: detail.id })}
    ></chatkit-option-menu>`;
  }

  /** Send, or while there is an answer stop: one button, so that the focus stays on it. */
  #sendButton(): TemplateResult {
    const isStop = this.#isAnswering;
    const isOff = isStop ? !this.#canStop : !this.#canSend;
    const label = isStop ? this.texts.stop : this.texts.send;
    return html`<button
      class="icon primary ${isStop ? "stop" : ""}"
      type="button"
      aria-label=${label}
      title=${label}
      aria-disabled=${isOff}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${isStop ? this.#stop : this.#submit}
    >
      <chatkit-icon name=${isStop ? "lucide:square-filled" : "lucide:arrow-up"}></chatkit-icon>
    </button>`;
  }

  #dictating(dictation: Dictation): TemplateResult {
    const state = dictation.state.value;
    const { texts } = this;
    const isRecording = state.step === "recording";
    return html`<div class="dictation">
      <button
        class="icon"
        type="button"
        aria-label=${texts.cancel}
        title=${texts.cancel}
        @click=${() => {
          dictation.cancel();
          void this.focusInput();
        }}
      >
        <chatkit-icon name="lucide:x"></chatkit-icon>
      </button>
      ${
        isRecording
          ? html`<chatkit-level-meter .recording=${state.recording}></chatkit-level-meter>`
          : html`<span class="says"
              >${state.step === "transcribing" ? texts.transcribing : ""}</span
            >`
      }
      <span class="visually-hidden" role="status"
        >${isRecording ? texts.dictating : state.step === "transcribing" ? texts.transcribing : ""}</span
      >
      <button
        class="icon primary"
        type="button"
        aria-label=${texts.stopDictating}
        title=${texts.stopDictating}
        aria-disabled=${!isRecording}
        @click=${() => void dictation.stop()}
      >
        <chatkit-icon
          class=${isRecording ? "" : "spinner"}
          name=${isRecording ? "check" : "lucide:loader"}
        ></chatkit-icon>
      </button>
    </div>`;
  }

  #worksOf(chat: Chat): Works {
    if (this.#works?.chat === chat) return this.#works;
    this.#letGo();
    this.#works = {
      chat,
      uploads: new Uploads(chat.draft, {
        send: (file, sending) =>
          fileSender(chat.options.value.api, chat.transport, chat.api)(file, sending),
        discard: async (id) => {
          await chat.api.request("attachments.delete", { attachment_id: id });
        },
        failed: (name, error) => {
          this.#report(error);
          return this.texts.uploadFailed(name);
        },
      }),
      dictation: new Dictation(chat.api, {
        heard: (words) => {
          this.#editor?.insertWords(words);
          void this.focusInput();
        },
        failed: (why, error) => {
          this.#report(error);
          this.problems = [
            why === "microphone" ? this.texts.microphoneRefused : this.texts.transcriptionFailed,
          ];
        },
      }),
    };
    return this.#works;
  }

  /** Nobody speaks or waits for files any more. */
  #letGo(): void {
    this.#works?.dictation.cancel();
    this.#works?.uploads.stop();
  }

  /** What the composer itself offers in the command menu. */
  #builtIns(): BuiltIn[] {
    const { composer, entities } = this.options;
    const { texts } = this;
    const all: (BuiltIn | false)[] = [
      composer.attachments?.enabled === true && {
        key: "attach",
        title: texts.attach,
        icon: "lucide:paperclip",
        group: texts.actions,
        run: () => this.#pick(),
      },
      entities.onTagSearch !== undefined && {
        key: "mention",
        title: texts.mention,
        icon: "lucide:at-sign",
        group: texts.actions,
        // After the command's own text has gone.
        run: () => queueMicrotask(() => this.#editor?.suggest("@")),
      },
      composer.dictation?.enabled === true && {
        key: "dictate",
        title: texts.dictate,
        icon: "lucide:mic",
        group: texts.actions,
        run: () => void this.#dictate(),
      },
      ...(composer.tools ?? []).map(({ id, label, icon }) => ({
        key: `tool-${id}`,
        title: label,
        icon,
        group: texts.tools,
        run: () => this.#chooseTool(id),
      })),
    ];
    return all.filter((one) => one !== false);
  }

  get #editor(): Editor | null {
    return this.renderRoot.querySelector("chatkit-editor");
  }

  get #isActive(): boolean {
    return this.chat.conversation.thread.value.status.type === "active";
  }

  get #isAnswering(): boolean {
    const { value } = this.chat.conversation.activity;
    return value === "waiting" || value === "answering";
  }

  get #canStop(): boolean {
    return this.#isAnswering && this.chat.conversation.thread.value.answer.allowCancel;
  }

  get #canSend(): boolean {
    return this.chat.conversation.takesMessages && this.chat.draft.input !== null;
  }

  get #takesFiles(): boolean {
    return this.#isActive && this.options.composer.attachments?.enabled === true;
  }

  /** Whether everything is on one line with the text. */
  get #isSingle(): boolean {
    const { composer, entities } = this.options;
    const hasMore = [composer.tools?.length, composer.models?.length, entities.showComposerMenu];
    return !hasMore.some(Boolean);
  }

  get #hintShown(): TemplateResult | typeof nothing {
    return this.hint === null || !this.#isAnswering ? nothing : html`<p>${this.hint}</p>`;
  }

  get #placeholder(): string {
    const { composer } = this.options;
    const { texts } = this;
    const { type } = this.chat.conversation.thread.value.status;
    if (type !== "active") return type === "locked" ? texts.locked : texts.closed;
    const tool = toolOf(this.chat.draft.state.value.toolId, composer.tools);
    return tool?.placeholderOverride ?? composer.placeholder ?? texts.placeholder;
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

  #pick(): void {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  }

  async #dictate(): Promise<void> {
    this.problems = [];
    await this.#worksOf(this.chat).dictation.start();
  }

  #report(error: unknown): void {
    this.chat.emit("chatkit.error", {
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }

  readonly #picked = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const files = [...(event.target.files ?? [])];
    // The same file can be chosen again.
    event.target.value = "";
    void this.attach(files);
    void this.focusInput();
  };

  readonly #pasted = ({ detail }: ComposerEvents["chatkit-files"]): void => {
    if (this.#takesFiles) void this.attach(detail.files);
  };

  readonly #edit = ({ detail }: ComposerEvents["chatkit-edit"]): void => {
    this.problems = [];
    this.chat.draft.put({ content: detail.content });
  };

  readonly #failure = ({ detail }: ComposerEvents["chatkit-failure"]): void => {
    this.#report(detail.error);
  };

  /** A press beside the text means the text. */
  readonly #boxClick = (event: Event): void => {
    const [target] = event.composedPath();
    if (target instanceof Element && target.matches(".box, .top, .start, .end")) {
      void this.focusInput();
    }
  };

  readonly #stop = (): void => {
    if (this.#canStop) void this.chat.conversation.stop();
  };

  /** Escape stops the answer from wherever the focus is, unless something there takes it. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    const within = event.composedPath();
    const isTaken = within.some(
      (node) => node instanceof Element && node.matches("dialog, [role=dialog], :popover-open"),
    );
    if (isTaken) return;
    const { dictation } = this.#worksOf(this.chat);
    if (dictation.state.value.step !== "off") {
      dictation.cancel();
      void this.focusInput();
    } else {
      this.#stop();
    }
  };

  /** Send the draft. While there is an answer nothing happens: what is written stays. */
  readonly #submit = (): void => {
    const { conversation, draft } = this.chat;
    const { input } = draft;
    if (!this.#canSend || input === null) {
      if (this.#isAnswering && input !== null) this.hint = this.texts.waitForAnswer;
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
