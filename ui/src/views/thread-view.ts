/** A thread: its turns in a scroller, and what is going on in it. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Chat } from "../chat";
import type { Activity } from "../conversation/shown";
import "../icons/icon";
import { iconButton } from "../icons/icon-button";
import { isKnown } from "../items";
import type { Watched } from "../observable";
import type { ThreadItem } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { LostFocus } from "./lost-focus";
import { OlderItems, type Shown } from "./older-items";
import "./thread-announcer";
import { ThreadScroll, type Scrolled } from "./thread-scroll";
import "./thread-status";
import "./thread-turn";
import { turnsOf, type Turn } from "./thread-turns";
import { styles } from "./thread-view.styles";

const NONE: ReadonlySet<string> = new Set();

/** The thread that the chat shows, scrolled as its options say; a region that the keyboard scrolls. */
export class ThreadView extends ChatView {
  static override styles = [controls, styles];

  #turns: readonly Turn[] = [];
  #isOpening = true;
  #sentId: string | null = null;
  #activity: Activity = "idle";
  /** Ids of items of unknown types that have been told. */
  readonly #told = new Set<string>();
  #oldest: string | null = null;
  #release: (() => void) | null = null;
  readonly #scroll = new ThreadScroll(
    this,
    () => this.#scrolled,
    () => this.options.thread.autoScroll,
  );

  readonly #older = new OlderItems(
    this,
    () => this.chat,
    () => this.#upperEdge,
  );

  constructor() {
    super();
    new LostFocus(this, () => this.#scrolled?.scroller.focus({ preventScroll: true }));
  }

  override watched({ conversation }: Chat): readonly Watched[] {
    return [conversation.thread, conversation.sent, conversation.activity, conversation.connection];
  }

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { thread, sent } = this.chat.conversation;
    const { items } = thread.value;
    this.#turns = turnsOf(items, sent.value?.item ?? null, this.#turns);
    items.forEach(this.#tellUnknown);
    const oldest = items[0]?.id ?? null;
    const isOlder = oldest !== this.#oldest && items.some(({ id }) => id === this.#oldest);
    if (isOlder) this.#release = this.#scroll.hold(this.#inSight());
    this.#oldest = oldest;
  }

  override render(): TemplateResult {
    const { thread, activity, connection } = this.chat.conversation;
    const isBusy = isAnswering(activity.value);
    const column = activity.value === "idle" ? "column" : "column busy";
    return html`
      <div class="scroller" role="region" aria-label=${this.texts.messages} tabindex="0">
        <div class=${column} @chatkit-quoted=${this.#quoted}>
          ${thread.value.older === null ? nothing : this.#olderTemplate()}
          ${repeat(
            this.#turns,
            ({ key }) => key,
            (turn) => this.#turnTemplate(turn, isBusy),
          )}
          ${this.#turns.length === 0 ? html`<chatkit-thread-status></chatkit-thread-status>` : nothing}
        </div>
      </div>
      <div class="float">
        ${this.#scroll.isAtEnd ? nothing : this.#newestTemplate()}
        ${connection.value === "lost" ? this.#offlineTemplate() : nothing}
      </div>
      <chatkit-announcer></chatkit-announcer>
    `;
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#release?.();
    this.#release = null;
    this.#place();
  }

  #turnTemplate(turn: Turn, isBusy: boolean): TemplateResult {
    const { open, status, allowedImageDomains } = this.chat.conversation.thread.value;
    const isLast = turn === this.#turns.at(-1);
    const hasOpen = open.size > 0 && turn.items.some(({ id }) => open.has(id));
    return html`<chatkit-turn
      .turn=${turn}
      .open=${hasOpen ? open : NONE}
      .busy=${isBusy && (isLast || hasOpen)}
      .locked=${status.type !== "active"}
      .imageDomains=${allowedImageDomains}
      >${isLast ? html`<chatkit-thread-status></chatkit-thread-status>` : nothing}</chatkit-turn
    >`;
  }

  #olderTemplate(): TemplateResult {
    const { isLoading, hasFailed } = this.#older;
    return html`<div class="older">
      <p role="alert">${hasFailed ? this.texts.failedRequest : nothing}</p>
      <button
        class="quiet"
        type="button"
        aria-disabled=${isLoading}
        @click=${() => void this.#older.load()}
      >
        ${this.texts.loadOlder}
      </button>
    </div>`;
  }

  #newestTemplate(): TemplateResult {
    return iconButton({
      icon: "lucide:arrow-down",
      name: this.texts.scrollDown,
      kind: "newest",
      press: () => this.#scroll.toEnd(this.options.thread.autoScroll, true),
    });
  }

  #offlineTemplate(): TemplateResult {
    return html`<p class="offline" role="status">
      <chatkit-icon name="lucide:triangle-alert"></chatkit-icon>${this.texts.offline}
    </p>`;
  }

  /** Bring into sight what this change is about. */
  #place(): void {
    const { sent, activity } = this.chat.conversation;
    const before = this.#activity;
    const sentId = sent.value?.item.id ?? null;
    const isSent = sentId !== null && sentId !== this.#sentId;
    const isAsked = before === "idle" && activity.value === "waiting";
    const isRejoined = before === "loading" && isAnswering(activity.value);
    this.#sentId = sentId;
    this.#activity = activity.value;
    const last = this.renderRoot.querySelector("chatkit-turn:last-of-type");
    if (last === null) {
      this.#isOpening = true;
      return;
    }
    const isAgain = isAsked && this.#turns.at(-1)?.items.length === 0;
    if (isSent || isAgain) this.#showAsked(last);
    else if (this.#isOpening) this.#showNewest();
    else if (isAsked) this.#showWaiting();
    if (isRejoined) this.#showRejoined(last);
    this.#isOpening = false;
  }

  #showNewest(): void {
    this.removeAttribute("roomy");
    this.#scroll.toEnd(true);
  }

  /** A message was sent, or is answered again. */
  #showAsked(turn: Element): void {
    if (this.options.thread.autoScroll) {
      this.#showNewest();
      return;
    }
    this.setAttribute("roomy", "");
    this.#scroll.toTop(turn);
  }

  /** A widget or a form was answered; what comes of it begins below. */
  #showWaiting(): void {
    const { autoScroll } = this.options.thread;
    if (this.#scroll.isAtEnd) this.#scroll.toEnd(autoScroll);
    else this.#scroll.follows &&= autoScroll;
  }

  /** An answer goes on that began before this page was opened: it is read from its beginning. */
  #showRejoined(turn: Element): void {
    if (this.#scroll.follows && !this.options.thread.autoScroll) this.#showAsked(turn);
  }

  /** A turn that stays as it is when items come before it: not the first, which they may join. */
  #inSight(): Element | null {
    const edge = this.getBoundingClientRect().top;
    const turns = [...this.renderRoot.querySelectorAll("chatkit-turn")];
    const first = turns.findIndex((turn) => turn.getBoundingClientRect().bottom > edge);
    return turns[first + 1] ?? turns.at(-1) ?? null;
  }

  readonly #tellUnknown = (item: ThreadItem): void => {
    if (isKnown(item) || this.#told.has(item.id)) return;
    this.#told.add(item.id);
    this.chat.emit("chatkit.log", { name: "item.unknown", data: { id: item.id, type: item.type } });
  };

  readonly #quoted = (): void => {
    const root = this.getRootNode();
    if (root instanceof ShadowRoot) void root.querySelector("chatkit-composer")?.focusInput();
  };

  get #upperEdge(): Shown | null {
    const scroller = this.renderRoot.querySelector<HTMLElement>(".scroller");
    const edge = this.renderRoot.querySelector<HTMLElement>(".older");
    // While a thread is being loaded it has no items, and nothing older than them.
    return scroller && edge && this.#turns.length > 0 ? { scroller, edge } : null;
  }

  get #scrolled(): Scrolled | null {
    const scroller = this.renderRoot.querySelector<HTMLElement>(".scroller");
    const content = this.renderRoot.querySelector<HTMLElement>(".column");
    const end = this.renderRoot.querySelector<HTMLElement>("chatkit-thread-status");
    return scroller && content ? { scroller, content, end } : null;
  }
}

function isAnswering(activity: Activity): boolean {
  return activity === "waiting" || activity === "answering";
}

customElements.define("chatkit-thread", ThreadView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-thread": ThreadView;
  }
}
