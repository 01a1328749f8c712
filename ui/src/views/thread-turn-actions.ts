/** What can be done with a finished answer: copy it, rate it, have another. */
import { css, html, nothing, type TemplateResult } from "lit";

import { iconButton } from "../icons/icon-button";
import { copyText } from "../markdown/clipboard";
import { plainText } from "../markdown/plain-text";
import type { ThreadItem } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { textOf } from "./thread-announcements";
import type { Turn } from "./thread-turns";

/** How long "Copied" is shown, in milliseconds. */
const COPIED_MS = 2000;

type Rating = "positive" | "negative";

/** Buttons for an answer: those that the options and its text allow. */
export class TurnActions extends ChatView {
  static override properties = {
    turn: { attribute: false },
    locked: { attribute: false },
    copied: { state: true },
    rating: { state: true },
  };
  declare turn: Turn;
  /** The thread takes no new answers. */
  declare locked: boolean;
  declare copied: boolean;
  declare rating: Rating | null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--ck-space-1);
        /* the icons, not their boxes, stand in line with the text */
        margin-inline-start: calc(-1 * var(--ck-space-2));
      }
      button.icon {
        font-size: 1rem;
      }
      .another {
        display: var(--ck-another, contents);
      }
    `,
  ];

  constructor() {
    super();
    this.copied = false;
    this.rating = null;
  }

  override render(): TemplateResult {
    const { threadItemActions } = this.options;
    const { user } = this.turn;
    const text = textOfAnswer(this.turn.items);
    return html`
      ${text === "" ? nothing : this.#copyTemplate()}
      ${
        threadItemActions.feedback
          ? html`${this.#rate("positive", "lucide:thumbs-up", this.texts.goodAnswer)}
            ${this.#rate("negative", "lucide:thumbs-down", this.texts.badAnswer)}`
          : nothing
      }
      ${
        threadItemActions.retry && user !== null && !this.locked
          ? html`<span class="another"
              >${iconButton({
                icon: "reload",
                name: this.texts.retry,
                press: () => void this.chat.conversation.retry(user.id),
              })}</span
            >`
          : nothing
      }
      <span class="visually-hidden" role="status">
        ${this.copied ? this.texts.copied : ""} ${this.rating === null ? "" : this.texts.thanks}
      </span>
    `;
  }

  #copyTemplate(): TemplateResult {
    const { copied, copy } = this.texts;
    return this.copied
      ? iconButton({ icon: "check", name: copied, press: this.#copy })
      : iconButton({ icon: "lucide:copy", name: copy, press: this.#copy });
  }

  #rate(rating: Rating, icon: string, name: string): TemplateResult {
    const press = (): void => void this.#send(rating);
    return iconButton({ icon, name, press, pressed: this.rating === rating });
  }

  readonly #copy = (): void => {
    void this.#copyNow();
  };

  async #copyNow(): Promise<void> {
    this.copied = await copyText(textOfAnswer(this.turn.items));
    setTimeout(() => (this.copied = false), COPIED_MS);
  }

  /** The rating is shown at once; one that the server refuses is taken back. */
  async #send(rating: Rating): Promise<void> {
    const before = this.rating;
    if (before === rating) return;
    this.rating = rating;
    try {
      await this.chat.conversation.rate(
        this.turn.items.map(({ id }) => id),
        rating,
      );
    } catch (error) {
      this.rating = before;
      this.chat.report(error);
    }
  }
}

/** What of an answer can be pasted elsewhere. */
export function textOfAnswer(items: readonly ThreadItem[]): string {
  return items
    .map((item) => {
      if (item.type === "assistant_message") return plainText(textOf(item)).trim();
      return item.type === "widget" ? (item.copy_text ?? "") : "";
    })
    .filter((text) => text !== "")
    .join("\n\n");
}

customElements.define("chatkit-turn-actions", TurnActions);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-turn-actions": TurnActions;
  }
}
