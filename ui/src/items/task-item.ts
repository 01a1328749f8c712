/** A task that is an item of its own, and no step of a workflow. */
import { css, html, type TemplateResult } from "lit";

import type { TaskItem } from "../protocol/items";
import { ItemView } from "./item-view";
import "./task";

/** Shows the task of an item. */
export class TaskItemView extends ItemView<TaskItem> {
  static override properties = { open: { attribute: false }, imageDomains: { attribute: false } };
  /** It is not finished. */
  declare open: boolean;
  declare imageDomains: readonly string[] | null;

  static override styles = css`
    :host {
      display: block;
    }
  `;

  override render(): TemplateResult {
    return html`<chatkit-task
      .task=${this.known.task}
      .streaming=${this.open}
      .imageDomains=${this.imageDomains}
    ></chatkit-task>`;
  }
}

customElements.define("chatkit-task-item", TaskItemView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-task-item": TaskItemView;
  }
}
