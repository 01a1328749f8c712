/** The list of chats: open, rename, delete. */
import { css, html, nothing, type TemplateResult } from "lit";
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

/**
 * A dialog over the chat. It has the focus as long as it is there, and gives it back.
 *
 * @fires chatkit-compose A chat has been chosen, or a new one begun.
 */
export class HistoryPanel extends ChatView {
  #before: HTMLElement | null = null;
  #end: IntersectionObserver | null = null;

  static override styles = [
    controls,
    css`
      :host {
        position: absolute;
        inset: 0;
        z-index: 10;
        display: block;
      }
      .scrim {
        position: absolute;
        inset: 0;
        background: rgb(0 0 0 / 40%);
        animation: appear 160ms ease-out;
      }
      .sheet {
        position: absolute;
        inset-block: 0;
        inset-inline-start: 0;
        display: flex;
        flex-direction: column;
        box-sizing: border-box;
        inline-size: min(22rem, 100%);
        background: var(--ck-surface);
        box-shadow: var(--ck-shadow);
        outline: none;
        animation: slide 200ms cubic-bezier(0.2, 0, 0, 1);
      }
      .sheet:dir(rtl) {
        --from: 2rem;
      }
      @container (max-width: 30rem) {
        .sheet {
          inline-size: 100%;
        }
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--ck-space-1);
        padding: var(--ck-space-2) var(--ck-space-3);
        padding-block-start: max(var(--ck-space-2), env(safe-area-inset-top));
      }
      h2 {
        flex: 1;
        min-width: 0;
        margin: 0;
        padding-inline: var(--ck-space-1);
        font-size: var(--ck-size-m);
        font-weight: 600;
        line-height: 1.5;
      }
      .list {
        flex: 1;
        min-height: 0;
        padding: 0 var(--ck-space-2) max(var(--ck-space-4), env(safe-area-inset-bottom));
        overflow: hidden auto;
        overscroll-behavior: contain;
      }
      h3 {
        margin: 0;
        padding: var(--ck-space-3) var(--ck-space-3) var(--ck-space-1);
        color: var(--ck-text-muted);
        font-size: calc(var(--ck-size-s) * 0.9);
        font-weight: 500;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li + li {
        margin-block-start: 2px;
      }
      .state {
        display: grid;
        justify-items: center;
        gap: var(--ck-space-3);
        margin: 0;
        padding: var(--ck-space-5) var(--ck-space-4);
        color: var(--ck-text-muted);
        text-align: center;
      }
      .state p {
        margin: 0;
      }
      .end {
        display: flex;
        justify-content: center;
        padding: var(--ck-space-3);
      }
      .bars {
        display: grid;
        gap: var(--ck-space-4);
        padding: var(--ck-space-4) var(--ck-space-3);
      }
      .bar {
        block-size: 0.8em;
        border-radius: var(--ck-radius-s);
        background: var(--ck-hover);
        animation: breathe 1.4s ease-in-out infinite alternate;
      }
      .bar:nth-child(2n) {
        inline-size: 70%;
      }
      .bar:nth-child(3n) {
        inline-size: 85%;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      @keyframes slide {
        from {
          opacity: 0;
          translate: var(--from, -2rem) 0;
        }
      }
      @keyframes breathe {
        to {
          opacity: 0.4;
        }
      }
    `,
  ];

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
