/** Tells a screen reader what happens in the thread: one live region for all of it. */
import { html, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Chat } from "../chat";
import type { Activity } from "../conversation/shown";
import { plainText } from "../markdown/plain-text";
import type { Watched } from "../observable";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { heard, messagesOf, SILENCE } from "./thread-announcements";

/** Milliseconds between two announcements: shorter ones interrupt each other. */
const PAUSE_MS = 1500;
/** Announcements that stay: a reader that is behind finds them. */
const KEPT = 20;

/** Says each sentence of an answer once, and not more often than it can be heard. */
export class ThreadAnnouncer extends ChatView {
  static override styles = [controls];

  #lines: { key: number; text: string }[] = [];
  #count = 0;
  #said = SILENCE;
  #last = 0;
  #activity: Activity = "idle";
  #progress = "";

  override watched({ conversation }: Chat): readonly Watched[] {
    return [conversation.thread, conversation.activity];
  }

  override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const activity = this.chat.conversation.activity.value;
    const before = this.#activity;
    this.#activity = activity;
    if (activity === "waiting" && before !== "waiting") this.#begin();
    else if (activity === "answering") this.#goOn();
    else if (activity === "idle" && before === "answering") this.#end();
    this.#tellProgress();
  }

  override render(): TemplateResult {
    return html`<div
      class="visually-hidden"
      role="log"
      aria-live="polite"
      aria-relevant="additions"
    >
      ${repeat(
        this.#lines,
        ({ key }) => key,
        ({ text }) => html`<p>${text}</p>`,
      )}
    </div>`;
  }

  #begin(): void {
    this.#lines = [];
    this.#said = SILENCE;
    this.#last = Date.now();
    this.#say(this.texts.thinking);
  }

  #goOn(): void {
    if (Date.now() - this.#last < PAUSE_MS) return;
    this.#tell(false);
  }

  #end(): void {
    this.#tell(true);
    this.#say(this.texts.answerComplete);
    this.#said = SILENCE;
  }

  #tell(finished: boolean): void {
    const { items, answer } = this.chat.conversation.thread.value;
    this.#said = heard(messagesOf(items, answer.items), this.#said, finished);
    for (const text of this.#said.news) this.#say(plainText(text));
  }

  #tellProgress(): void {
    const text = this.chat.conversation.thread.value.answer.progress?.text ?? "";
    if (text !== this.#progress && text !== "") this.#say(text);
    this.#progress = text;
  }

  #say(text: string): void {
    this.#last = Date.now();
    this.#count += 1;
    this.#lines = [...this.#lines, { key: this.#count, text }].slice(-KEPT);
  }
}

customElements.define("chatkit-announcer", ThreadAnnouncer);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-announcer": ThreadAnnouncer;
  }
}
