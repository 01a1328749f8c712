/** What there is to say of the thread below its newest item: waiting, notices, errors, a lock. */
import { html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import type { ThreadState } from "../conversation/fold";
import "../icons/icon";
import "../markdown/markdown-text";
import { ApiError } from "../network/errors";
import type { Watched } from "../observable";
import type { NoticeEvent } from "../protocol/events";
import { controls } from "../theme/controls";
import { ChatView } from "./chat-view";
import { styles } from "./thread-status.styles";

const NOTICE_ICONS: Record<NoticeEvent["level"], string> = {
  info: "info",
  warning: "lucide:triangle-alert",
  danger: "lucide:circle-alert",
};

/** Shows what goes on in the chat's thread, or went wrong, and offers another try where one helps. */
export class ThreadStatus extends ChatView {
  static override styles = [controls, styles];

  override watched({ conversation }: Chat): readonly Watched[] {
    return [conversation.thread, conversation.activity, conversation.failure];
  }

  override render(): TemplateResult {
    const thread = this.chat.conversation.thread.value;
    return html`
      ${this.#waiting(thread)} ${thread.answer.notices.map(noticeTemplate)} ${this.#error(thread)}
      ${this.#failure()} ${this.#ended(thread)}
    `;
  }

  #waiting(thread: ThreadState): TemplateResult | typeof nothing {
    const activity = this.chat.conversation.activity.value;
    const { progress } = thread.answer;
    if (activity !== "idle" && progress !== null) {
      return html`<div class="waiting">
        ${progress.icon ? html`<chatkit-icon name=${progress.icon}></chatkit-icon>` : dots}
        <span dir="auto">${progress.text}</span>
      </div>`;
    }
    const isLoading = activity === "loading" && thread.items.length === 0;
    const isSilent = activity === "waiting" || (activity === "answering" && isBetween(thread));
    return isLoading || isSilent ? html`<div class="waiting">${dots}</div>` : nothing;
  }

  #error({ answer: { error }, items }: ThreadState): TemplateResult | typeof nothing {
    if (error === null) return nothing;
    const { conversation } = this.chat;
    const asked = items.findLast(({ type }) => type === "user_message");
    const isOffered = error.allow_retry && asked !== undefined && conversation.takesMessages;
    const retry = isOffered ? () => void conversation.retry(asked.id) : null;
    return this.#problem(error.message ?? this.texts.failedAnswer, retry);
  }

  #failure(): TemplateResult | typeof nothing {
    const failure = this.chat.conversation.failure.value;
    if (failure === null) return nothing;
    const { error, remedy, during } = failure;
    const said = error instanceof ApiError ? error.message : this.texts.failedRequest;
    return this.#problem(during === "load" ? this.texts.failedLoad : said, remedy);
  }

  #ended({ status }: ThreadState): TemplateResult | typeof nothing {
    if (status.type === "active") return nothing;
    return html`<p class="ended">
      <chatkit-icon name="lucide:lock"></chatkit-icon>
      <span
        >${this.texts[status.type]}
        ${status.reason ? html`<bdi>${status.reason}</bdi>` : nothing}</span
      >
    </p>`;
  }

  #problem(text: string, retry: (() => void) | null): TemplateResult {
    return html`<div class="box danger" role="alert">
      <chatkit-icon name=${NOTICE_ICONS.danger}></chatkit-icon>
      <div dir="auto">${text}</div>
      ${
        retry === null
          ? nothing
          : html`<button class="quiet" type="button" @click=${retry}>
              <chatkit-icon name="reload"></chatkit-icon>${this.texts.retry}
            </button>`
      }
    </div>`;
  }
}

const dots = html`<span class="dots"><i></i><i></i><i></i></span>`;

function noticeTemplate({ level, title, message }: NoticeEvent): TemplateResult {
  return html`<div class="box ${level}" role="note">
    <chatkit-icon name=${NOTICE_ICONS[level]}></chatkit-icon>
    <div>
      ${title ? html`<p class="title" dir="auto">${title}</p>` : nothing}
      <chatkit-markdown
        .text=${message}
        .streaming=${false}
        .imageDomains=${[]}
        .annotations=${[]}
      ></chatkit-markdown>
    </div>
  </div>`;
}

/** Whether an answer goes on although nothing of it moves: between items, or before their text. */
function isBetween({ items, open }: ThreadState): boolean {
  const last = items.at(-1);
  if (last?.type === "client_tool_call" && last.status === "pending") return false;
  if (last === undefined || !open.has(last.id)) return true;
  return last.type === "assistant_message" && last.content.every(({ text }) => text === "");
}

customElements.define("chatkit-thread-status", ThreadStatus);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-thread-status": ThreadStatus;
  }
}
