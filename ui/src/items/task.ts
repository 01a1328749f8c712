/** One thing that the assistant does or has done: a step of a workflow, or an item of its own. */
import { html, nothing, type TemplateResult } from "lit";

import { hostOf, linkable, REL } from "../addresses";
import "../icons/icon";
import "../markdown/markdown-text";
import type { FileSource, Task, URLSource } from "../protocol/items";
import { isKnownTask } from "../protocol/known";
import type { Texts } from "../texts";
import { controls } from "../theme/controls";
import { ChatView } from "../views/chat-view";
import { styles } from "./task.styles";

/** A task, with what it has found or thought. One of an unknown type is not shown. */
export class TaskView extends ChatView {
  static override properties = {
    task: { attribute: false },
    streaming: { attribute: false },
    imageDomains: { attribute: false },
  };
  declare task: Task;
  /** Its workflow is not finished. */
  declare streaming: boolean;
  declare imageDomains: readonly string[] | null;

  static override styles = [controls, styles];

  override render(): TemplateResult | typeof nothing {
    if (!isKnownTask(this.task)) return nothing;
    const title = titleOf(this.task, this.texts);
    return html`
      <span class="mark">${this.#mark()}</span>
      <div class="body">
        ${title === "" ? nothing : html`<div class="title" dir="auto">${title}</div>`}
        ${this.#content()}
      </div>
    `;
  }

  #mark(): TemplateResult {
    switch (this.task.status_indicator) {
      case "loading":
        return html`<span class="spinner"></span>
          <span class="visually-hidden">${this.texts.working}</span>`;
      case "complete":
        return html`<chatkit-icon name="check-circle"></chatkit-icon>
          <span class="visually-hidden">${this.texts.done}</span>`;
      default: {
        const icon = iconOf(this.task);
        return icon === null
          ? html`<span class="dot"></span>`
          : html`<chatkit-icon name=${icon}></chatkit-icon>`;
      }
    }
  }

  #content(): TemplateResult | typeof nothing {
    const { task } = this;
    switch (task.type) {
      case "custom":
      case "thought":
        return task.content ? this.#markdown(task.content) : nothing;
      case "web_search":
        return html`${chips((task.queries ?? []).map(queryChip))}
        ${chips((task.sources ?? []).map(siteChip))}`;
      case "file":
        return chips((task.sources ?? []).map(fileChip));
      default:
        return nothing;
    }
  }

  #markdown(text: string): TemplateResult {
    return html`<chatkit-markdown
      class="content"
      .text=${text}
      .streaming=${this.streaming}
      .imageDomains=${this.imageDomains}
      .annotations=${[]}
    ></chatkit-markdown>`;
  }
}

/** What a task is called, be it that it does not say so. */
export function titleOf(task: Task, texts: Texts): string {
  if (task.title) return task.title;
  switch (task.type) {
    case "web_search":
      return task.title_query ? texts.searchedFor(task.title_query) : texts.searching;
    case "file":
      return texts.readFiles;
    case "image":
      return texts.image;
    default:
      return "";
  }
}

function iconOf(task: Task): string | null {
  switch (task.type) {
    case "custom":
      return task.icon ?? null;
    case "web_search":
      return "globe";
    case "file":
      return "document";
    case "image":
      return "square-image";
    default:
      return null;
  }
}

function chips(all: readonly TemplateResult[]): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<ul role="list">
    ${all.map((chip) => html`<li>${chip}</li>`)}
  </ul>`;
}

function queryChip(query: string): TemplateResult {
  return html`<span class="chip"
    ><chatkit-icon name="search"></chatkit-icon><bdi>${query}</bdi></span
  >`;
}

function siteChip({ url, title, attribution }: URLSource): TemplateResult {
  const inside = html`<chatkit-icon name="globe"></chatkit-icon
    ><bdi>${attribution ?? (hostOf(url) || title)}</bdi>`;
  const href = linkable(url);
  return href === null
    ? html`<span class="chip" title=${title}>${inside}</span>`
    : html`<a class="chip" href=${href} title=${title} target="_blank" rel=${REL}>${inside}</a>`;
}

function fileChip({ filename, title }: FileSource): TemplateResult {
  return html`<span class="chip" title=${title}>
    <chatkit-icon name="document"></chatkit-icon><bdi>${filename}</bdi>
  </span>`;
}

customElements.define("chatkit-task", TaskView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-task": TaskView;
  }
}
