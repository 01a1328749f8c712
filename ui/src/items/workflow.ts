/** The steps of an answer: what the assistant does, or how it thinks, before it speaks. */
import { html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import type { Workflow, WorkflowItem } from "../protocol/items";
import type { Texts } from "../texts";
import { controls } from "../theme/controls";
import { ItemView } from "./item-view";
import { titleOf } from "./task";
import "./task";
import { styles } from "./workflow.styles";

/** The steps of an answer, behind one line that sums them up. */
export class WorkflowView extends ItemView<WorkflowItem> {
  static override properties = {
    open: { attribute: false },
    imageDomains: { attribute: false },
    unfolded: { state: true },
  };
  /** Steps are still to come. */
  declare open: boolean;
  declare imageDomains: readonly string[] | null;
  /** What the user has chosen; null while that is left to the server. */
  declare unfolded: boolean | null;

  static override styles = [controls, styles];

  constructor() {
    super();
    this.unfolded = null;
    this.imageDomains = null;
  }

  override render(): TemplateResult | typeof nothing {
    const { workflow } = this.known;
    const { tasks } = workflow;
    if (tasks.length === 0 && !this.open && !workflow.summary) return nothing;
    const unfolded = this.#isUnfolded && tasks.length > 0;
    return html`
      <button
        type="button"
        aria-expanded=${unfolded}
        ?disabled=${tasks.length === 0}
        @click=${this.#toggle}
      >
        ${icon(workflow)}
        <span class=${this.open ? "shimmer" : ""} dir="auto">
          ${summaryOf(workflow, this.open, this.texts)}
        </span>
        ${
          tasks.length === 0
            ? nothing
            : html`<chatkit-icon class="turn" name="chevron-right"></chatkit-icon>`
        }
      </button>
      ${unfolded ? this.#steps(workflow) : nothing}
    `;
  }

  #steps({ tasks }: Workflow): TemplateResult {
    return html`<ol role="list">
      ${tasks.map(
        (task, place) =>
          html`<li>
            <chatkit-task
              .task=${task}
              .streaming=${this.open && place === tasks.length - 1}
              .imageDomains=${this.imageDomains}
            ></chatkit-task>
          </li>`,
      )}
    </ol>`;
  }

  get #isUnfolded(): boolean {
    return this.unfolded ?? this.known.workflow.expanded ?? false;
  }

  readonly #toggle = (): void => {
    this.unfolded = !this.#isUnfolded;
  };
}

/** The line that stands for a workflow. While it goes on that is its newest step. */
export function summaryOf(workflow: Workflow, open: boolean, texts: Texts): string {
  const { summary, tasks, type } = workflow;
  if (summary && "title" in summary) return summary.title;
  if (summary && !open) return texts.thoughtFor(summary.duration);
  if (type === "reasoning") return open ? texts.thinking : texts.reasoning;
  const newest = tasks.at(-1);
  const title = open && newest !== undefined ? titleOf(newest, texts) : "";
  return title || (open ? texts.working : texts.steps(tasks.length));
}

function icon({ summary }: Workflow): TemplateResult | typeof nothing {
  return summary && "title" in summary && summary.icon
    ? html`<chatkit-icon name=${summary.icon}></chatkit-icon>`
    : nothing;
}

customElements.define("chatkit-workflow", WorkflowView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-workflow": WorkflowView;
  }
}
