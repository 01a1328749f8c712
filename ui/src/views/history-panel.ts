/** The list of chats: open, rename, delete. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Chat } from "../chat";
import { iconButton } from "../icons/icon-button";
import type { Watched } from "../observable";
import type { Thread } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { ComposeEvent } from "./compose-event";
import { focused, keepWithin } from "./focus";
import { byDay, type Group } from "./history-days";
import "./history-entry";
import type { ChatOpened } from "./history-entry";
import { styles } from "./history-panel.styles";

/**
 * A dialog over the chat. It has the focus as long as it is there, and gives it back.
 *
 * @fires chatkit-compose A chat has been chosen, or a new one begun.
 */
export class HistoryPanel extends ChatView {
  #before: HTMLElement | null = null;
  #end: IntersectionObserver | null = null;

  static override styles = [controls, styles];

  override watched({ history }: Chat): readonly Watched[] {
    return [history.state];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#before = focused();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.disconnect();
    // Only if the focus went with the list: by now it may be in the composer.
    if (focused() === null && this.#before?.isConnected) this.#before.focus();
  }

  override render(): TemplateResult {
    const { history } = this.chat;
    const { threads } = history.state.value;
    return html`
      <div class="scrim" @click=${() => history.hide()}></div>
      <div
        class="sheet"
        role="dialog"
        aria-modal="true"
        aria-labelledby="title"
        tabindex="-1"
        @keydown=${this.#key}
      >
        <header>
          <h2 id="title">${this.texts.history}</h2>
          ${iconButton({
            icon: "compose",
            name: this.texts.newChat,
            press: () => this.#open(null),
          })}
          ${iconButton({
            icon: "close",
            name: this.texts.hideHistory,
            press: () => history.hide(),
          })}
        </header>
        <div class="list">
          ${repeat(
            byDay(threads, this.texts, new Date()),
            (group) => group.threads[0]?.id,
            (group) => this.#group(group),
          )}
          ${this.#rest()}
        </div>
      </div>
    `;
  }

  protected override firstUpdated(): void {
    this.#sheet?.focus();
  }

  protected override updated(): void {
    // The button that had the focus may have given way to what it led to.
    if (focused() === null) this.#sheet?.focus();
    this.#end?.disconnect();
    const end = this.renderRoot.querySelector(".end");
    if (end === null) return;
    // Observed anew after each page, since what stays in sight is told once.
    this.#end ??= new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void this.chat.history.loadMore();
    });
    this.#end.observe(end);
  }

  get #sheet(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".sheet");
  }

  #group({ title, threads }: Group): TemplateResult {
    return html`<section>
      <h3>${title}</h3>
      <ul>
        ${repeat(
          threads,
          (thread) => thread.id,
          (thread) => this.#entry(thread),
        )}
      </ul>
    </section>`;
  }

  #entry(thread: Thread): TemplateResult {
    const place = this.chat.history.state.value.threads.indexOf(thread);
    return html`<li>
      <chatkit-history-entry
        .thread=${thread}
        @chatkit-opened=${(event: ChatOpened) => this.#open(event.threadId)}
        @chatkit-deleted=${() => void this.#focusEntry(place)}
      ></chatkit-history-entry>
    </li>`;
  }

  /** What is below the chats: that more are on their way, or that there are none. */
  #rest(): TemplateResult | typeof nothing {
    const { history } = this.chat;
    const { threads, next, loading, failure } = history.state.value;
    if (failure !== null) {
      return html`<div class="state" role="alert">
        <p>${this.texts.failedChats}</p>
        <button type="button" class="quiet" @click=${() => void history.loadMore()}>
          ${this.texts.retry}
        </button>
      </div>`;
    }
    if (loading) {
      return html`<div class="bars" role="status">
        <span class="visually-hidden">${this.texts.loadingChats}</span>
        ${Array.from({ length: threads.length === 0 ? 6 : 2 }, () => html`<div class="bar"></div>`)}
      </div>`;
    }
    if (next) {
      return html`<div class="end">
        <button type="button" class="quiet" @click=${() => void history.loadMore()}>
          ${this.texts.showMore}
        </button>
      </div>`;
    }
    return threads.length === 0
      ? html`<div class="state"><p>${this.texts.noChats}</p></div>`
      : nothing;
  }

  #open(threadId: string | null): void {
    const { conversation, history } = this.chat;
    // The chat that is open goes on as it is: opening it anew would cut its answer.
    if (threadId === null || threadId !== conversation.thread.value.id) {
      void conversation.open(threadId);
    }
    history.hide();
    this.dispatchEvent(new ComposeEvent());
  }

  /** After an entry has gone, its neighbour has the focus. */
  async #focusEntry(place: number): Promise<void> {
    await this.updateComplete;
    const entries = [...this.renderRoot.querySelectorAll("chatkit-history-entry")];
    const next = entries[Math.min(place, entries.length - 1)] ?? this.#sheet;
    next?.focus();
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.chat.history.hide();
    } else {
      keepWithin(this.renderRoot, event);
    }
  };
}

customElements.define("chatkit-history", HistoryPanel);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-history": HistoryPanel;
  }
}
