/** The sources of a message, behind a button. */
import { html, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import type { Source } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "../views/chat-view";
import "./source-card";
import { styles } from "./source-list.styles";

interface Group {
  name: string | null;
  /** The sources with their numbers in the message. */
  entries: { number: number; source: Source }[];
}

/** The sources by group; those of a group stand where its first one does. */
export function grouped(sources: readonly Source[]): Group[] {
  const groups = new Map<string | null, Group>();
  sources.forEach((source, place) => {
    const name = source.group ?? null;
    const group = groups.get(name) ?? { name, entries: [] };
    group.entries.push({ number: place + 1, source });
    groups.set(name, group);
  });
  return [...groups.values()];
}

/** The number of a message's sources, and when it is pressed, their cards by group. */
export class SourceList extends ChatView {
  static override properties = { sources: { attribute: false }, open: { state: true } };
  declare sources: readonly Source[];
  declare open: boolean;

  static override styles = [controls, styles];

  constructor() {
    super();
    this.open = false;
  }

  override render(): TemplateResult {
    return html`
      <button class="quiet" type="button" aria-expanded=${this.open} @click=${this.#toggle}>
        ${this.texts.sources} <span class="count">${this.sources.length}</span>
        <chatkit-icon class="turn" name="chevron-right"></chatkit-icon>
      </button>
      ${this.open ? html`<div class="list">${grouped(this.sources).map(group)}</div>` : nothing}
    `;
  }

  readonly #toggle = (): void => {
    this.open = !this.open;
  };
}

function group({ name, entries }: Group): TemplateResult {
  return html`
    ${name === null ? nothing : html`<h3 dir="auto">${name}</h3>`}
    <ul role="list">
      ${entries.map(
        ({ number, source }) =>
          html`<li>
            <span class="number" aria-hidden="true">${number}</span>
            <chatkit-source-card .source=${source}></chatkit-source-card>
          </li>`,
      )}
    </ul>
  `;
}

customElements.define("chatkit-source-list", SourceList);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-source-list": SourceList;
  }
}
