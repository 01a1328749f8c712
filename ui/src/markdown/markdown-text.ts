/** Markdown of somebody who is not trusted: the model. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";

import type { Annotation } from "../protocol/items";
import type { Texts } from "../texts";
import { controls } from "../theme/controls";
import { ChatView } from "../views/chat-view";
import { Blocks, type Block } from "./blocks";
import type { Deeplink } from "./links";
import { normalized, perBlock, placedIn, Sources, type Placed } from "./sources";
import { styles } from "./styles";
import { blockTemplate, type Scene } from "./tokens-view";

/** A source that the reader asks for. */
export interface SourceDetail {
  annotation: Annotation;
  number: number;
  /** Its button: what is shown about the source belongs beside it. */
  button: HTMLElement;
  by: "click" | "pointer" | "focus";
}

/**
 * Text in Markdown. What is finished of a text that grows keeps its elements.
 *
 * @fires chatkit-source - A citation was clicked, pointed at or focused: `SourceDetail`.
 * @fires chatkit-deeplink - A `chatkit-link://name?data` was followed: `Deeplink`.
 */
export class MarkdownText extends ChatView {
  static override styles = [controls, styles];
  static override properties = {
    text: { attribute: false },
    streaming: { attribute: false },
    imageDomains: { attribute: false },
    annotations: { attribute: false },
    sources: { attribute: false },
  };
  declare text: string;
  /** More text is to come. */
  declare streaming: boolean;
  /** Whose images are shown, `allowed_image_domains` of the thread; null: those of the page's origin. */
  declare imageDomains: readonly string[] | null;
  declare annotations: readonly Annotation[];
  /** Those of the message that the text is a part of, by which it counts; null: its own. */
  declare sources: Sources | null;

  readonly #blocks = new Blocks();
  #scene: Scene | null = null;
  #placed: readonly Placed[] = [];

  constructor() {
    super();
    this.text = "";
    this.streaming = false;
    this.imageDomains = null;
    this.annotations = [];
    this.sources = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (this.#scene?.texts !== this.texts || changed.has("imageDomains")) {
      this.#scene = this.#sceneWith(this.texts);
    }
    if (changed.has("text") || changed.has("annotations") || changed.has("sources")) {
      const sources = this.sources ?? new Sources([this.annotations]);
      this.#placed = placedIn(this.text, this.annotations, sources);
    }
  }

  override render(): TemplateResult | typeof nothing {
    const scene = this.#scene;
    if (scene === null) return nothing;
    const text = normalized(this.text);
    const groups = this.#blocks.update(text, this.streaming);
    const citations = this.#placed.length === 0 ? NONE : perBlock(groups.flat(), this.#placed);
    let index = 0;
    return html`${groups.map((group) => {
      const first = index;
      index += group.length;
      const inGroup = group.map((_, at) => citations.get(first + at) ?? []);
      return guard([group, scene, ...keys(inGroup.flat())], () =>
        group.map((block, at) => this.#block(block, text, inGroup[at] ?? [], scene)),
      );
    })}`;
  }

  #block(block: Block, text: string, citations: readonly Placed[], scene: Scene): unknown {
    return guard([block, scene, ...keys(citations)], () =>
      blockTemplate(block, text.slice(block.start, block.end), citations, scene),
    );
  }

  #sceneWith(texts: Texts): Scene {
    return {
      texts,
      imageDomains: this.imageDomains,
      follow: (deeplink) => this.#emit("chatkit-deeplink", deeplink, this),
      cite: (event, { annotation, number }) => {
        const button = event.currentTarget;
        if (!(button instanceof HTMLElement)) return;
        const by = event.type === "click" ? "click" : event.type === "focus" ? "focus" : "pointer";
        this.#emit("chatkit-source", { annotation, number, button, by }, button);
      },
    };
  }

  #emit<K extends keyof MarkdownEvents>(
    name: K,
    detail: MarkdownEvents[K]["detail"],
    target: HTMLElement,
  ): void {
    target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** What `<chatkit-markdown>` fires. */
export interface MarkdownEvents {
  "chatkit-source": CustomEvent<SourceDetail>;
  "chatkit-deeplink": CustomEvent<Deeplink>;
}

const NONE: ReadonlyMap<number, readonly Placed[]> = new Map();

/** What of citations their templates depend on. */
const keys = (placed: readonly Placed[]): unknown[] =>
  placed.flatMap(({ annotation, at, number }) => [annotation, at, number]);

customElements.define("chatkit-markdown", MarkdownText);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-markdown": MarkdownText;
  }
  interface HTMLElementEventMap {
    "chatkit-source": CustomEvent<SourceDetail>;
    "chatkit-deeplink": CustomEvent<Deeplink>;
  }
}
