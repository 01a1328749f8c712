/** All that is known of one source. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { hostOf, linkable, REL } from "../addresses";
import "../icons/icon";
import type { EntitySource, Source, WidgetRoot } from "../protocol/items";
import { controls } from "../theme/controls";
import { ChatView } from "../views/chat-view";
import "../widgets/widget-root";
import { entityOfSource, previewOf } from "./entity";
import { styles } from "./source-card.styles";

/** A source with its title, where it is from and what it is about; pressed, it leads there. */
export class SourceCard extends ChatView {
  static override properties = {
    source: { attribute: false },
    previews: { attribute: false },
    preview: { state: true },
  };
  declare source: Source;
  /** Whether the page is asked for a preview of an entity. */
  declare previews: boolean;
  declare preview: WidgetRoot | null;

  static override styles = [controls, styles];

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("source")) return;
    this.preview = null;
    if (this.previews && this.source.type === "entity") void this.#ask(this.source);
  }

  override render(): TemplateResult {
    const { source } = this;
    if (this.preview)
      return html`<chatkit-widget-root .root=${this.preview}></chatkit-widget-root>`;
    const inside = html`
      <span class="title" dir="auto">${source.title}</span>
      ${this.#where(source)}
      ${source.description ? html`<span class="more" dir="auto">${source.description}</span>` : nothing}
      ${source.timestamp ? html`<span class="where">${this.#day(source.timestamp)}</span>` : nothing}
    `;
    const href = source.type === "url" ? linkable(source.url) : null;
    if (href !== null) {
      return html`<a class="card" href=${href} target="_blank" rel=${REL}>${inside}</a>`;
    }
    if (source.type === "entity" && source.interactive && this.options.entities.onClick) {
      return html`<button type="button" class="card" @click=${this.#press}>${inside}</button>`;
    }
    return html`<div class="card">${inside}</div>`;
  }

  #where(source: Source): TemplateResult | typeof nothing {
    const [icon, text] = whereOf(source);
    if (text === "" || text === source.title) return nothing;
    return html`<span class="where">
      <chatkit-icon name=${icon}></chatkit-icon><bdi>${text}</bdi>
    </span>`;
  }

  #day(timestamp: string): string {
    const day = new Date(timestamp);
    if (Number.isNaN(day.getTime())) return timestamp;
    return new Intl.DateTimeFormat(this.texts.language, { dateStyle: "medium" }).format(day);
  }

  async #ask(source: EntitySource): Promise<void> {
    const preview = await previewOf(entityOfSource(source), this.chat);
    if (this.source === source) this.preview = preview;
  }

  readonly #press = (): void => {
    if (this.source.type !== "entity") return;
    this.options.entities.onClick?.(entityOfSource(this.source));
  };
}

/** The icon and the words that say where a source is from. */
function whereOf(source: Source): [icon: string, text: string] {
  switch (source.type) {
    case "url":
      return ["globe", source.attribution ?? hostOf(source.url)];
    case "file":
      return ["document", source.filename];
    case "entity":
      return [source.icon ?? "cube", source.label ?? ""];
  }
}

customElements.define("chatkit-source-card", SourceCard);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-source-card": SourceCard;
  }
}
