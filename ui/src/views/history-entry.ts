/** One chat in the list: open it, rename it, delete it. */
import { html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import "../icons/icon";
import type { Watched } from "../observable";
import type { Thread } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { styles } from "./history-entry.styles";

/** What the user does with the chat at the moment. */
type Doing = "nothing" | "renaming" | "deleting";

/**
 * @fires chatkit-opened The user has chosen the chat.
 * @fires chatkit-deleted The chat is gone.
 */
export class HistoryEntry extends ChatView {
  static override properties = {
    thread: { attribute: false },
    doing: { state: true },
    busy: { state: true },
    failed: { state: true },
  };
  declare thread: Thread;
  declare protected doing: Doing;
  declare protected busy: boolean;
  declare protected failed: boolean;

  static override styles = [controls, styles];

  constructor() {
    super();
    this.doing = "nothing";
    this.busy = false;
    this.failed = false;
  }

  override watched({ conversation }: Chat): readonly Watched[] {
    return [conversation.thread];
  }

  override render(): TemplateResult {
    switch (this.doing) {
      case "renaming":
        return this.#renaming();
      case "deleting":
        return this.#deleting();
      case "nothing":
        return this.#row();
    }
  }

  /** Put the focus on the chat. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".title")?.focus();
  }

  get #title(): string {
    return this.thread.title || this.texts.untitled;
  }

  #row(): TemplateResult {
    const { showRename, showDelete } = this.options.history;
    const current = this.chat.conversation.thread.value.id === this.thread.id;
    return html`<div class=${current ? "row current" : "row"}>
      <button
        type="button"
        class="title"
        id="title"
        dir="auto"
        title=${this.#title}
        aria-current=${current ? "true" : nothing}
        @click=${this.#open}
      >
        ${this.#title}
      </button>
      ${showRename ? this.#option("rename", "pencil", this.texts.rename, "renaming") : nothing}
      ${showDelete ? this.#option("delete", "trash-2", this.texts.delete, "deleting") : nothing}
    </div>`;
  }

  /** Its name is both: what it does and to which chat. */
  #option(id: string, icon: string, name: string, doing: Doing): TemplateResult {
    return html`<button
      type="button"
      class="icon"
      id=${id}
      aria-label=${name}
      aria-labelledby="${id} title"
      title=${name}
      @click=${() => void this.#begin(doing)}
    >
      <chatkit-icon name=${`lucide:${icon}`}></chatkit-icon>
    </button>`;
  }

  #renaming(): TemplateResult {
    return html`<form @submit=${this.#rename} @keydown=${this.#escape}>
      <input
        class="field"
        name="title"
        dir="auto"
        maxlength="200"
        autocomplete="off"
        aria-label=${this.texts.renameChat}
        .value=${this.thread.title ?? ""}
      />
      ${this.#failure()}
      <div class="buttons">
        ${this.#cancel()}
        <button class="primary" ?disabled=${this.busy}>${this.texts.save}</button>
      </div>
    </form>`;
  }

  #deleting(): TemplateResult {
    return html`<div
      class="question"
      role="alertdialog"
      aria-labelledby="what"
      aria-describedby="which warning"
      @keydown=${this.#escape}
    >
      <p class="what" id="what">${this.texts.deleteChat}</p>
      <p id="which" dir="auto">${this.#title}</p>
      <p id="warning">${this.texts.deleteWarning}</p>
      ${this.#failure()}
      <div class="buttons">
        ${this.#cancel()}
        <button
          type="button"
          class="quiet danger"
          ?disabled=${this.busy}
          @click=${() => void this.#delete()}
        >
          ${this.texts.delete}
        </button>
      </div>
    </div>`;
  }

  #cancel(): TemplateResult {
    return html`<button type="button" class="quiet cancel" @click=${() => void this.#leave()}>
      ${this.texts.cancel}
    </button>`;
  }

  #failure(): TemplateResult {
    return html`<p role="alert" class="failure" ?hidden=${!this.failed}>
      ${this.failed ? this.texts.failedRequest : nothing}
    </p>`;
  }

  readonly #open = (): void => {
    this.dispatchEvent(new ChatOpened(this.thread.id));
  };

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // the list stays open
    void this.#leave();
  };

  async #begin(doing: Doing): Promise<void> {
    this.doing = doing;
    this.failed = false;
    await this.updateComplete;
    const input = this.renderRoot.querySelector("input");
    input?.focus();
    input?.select();
    if (doing === "deleting") this.renderRoot.querySelector<HTMLElement>(".cancel")?.focus();
  }

  async #leave(): Promise<void> {
    const option = this.doing === "deleting" ? "#delete" : "#rename";
    this.doing = "nothing";
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(option)?.focus();
  }

  readonly #rename = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { id } = this.thread;
    const title = this.renderRoot.querySelector("input")?.value.trim() ?? "";
    if (title === "" || title === this.thread.title) {
      await this.#leave();
      return;
    }
    const { conversation, history } = this.chat;
    if (!(await this.#done(history.rename(id, title)))) return;
    conversation.thread.update((thread) => (thread.id === id ? { ...thread, title } : thread));
    await this.#leave();
  };

  async #delete(): Promise<void> {
    const { conversation, history } = this.chat;
    const { id } = this.thread;
    if (!(await this.#done(history.delete(id)))) return;
    if (conversation.thread.value.id === id) void conversation.open(null);
    this.dispatchEvent(new ChatDeleted(id));
  }

  /** Whether some work succeeded; the user sees and the page hears if it did not. */
  async #done(work: Promise<void>): Promise<boolean> {
    this.busy = true;
    this.failed = false;
    try {
      await work;
      return true;
    } catch (error) {
      this.failed = true;
      this.chat.report(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** The user has chosen a chat. */
export class ChatOpened extends Event {
  constructor(readonly threadId: string) {
    super("chatkit-opened");
  }
}

/** A chat is gone. */
export class ChatDeleted extends Event {
  constructor(readonly threadId: string) {
    super("chatkit-deleted");
  }
}

customElements.define("chatkit-history-entry", HistoryEntry);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-history-entry": HistoryEntry;
  }
  interface HTMLElementEventMap {
    "chatkit-opened": ChatOpened;
    "chatkit-deleted": ChatDeleted;
  }
}
