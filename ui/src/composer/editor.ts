/** The text field of the composer: text and tags, with suggestions for "@" and "/". */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";

import "../icons/icon";

import { en, type Texts } from "../texts";
import { controls } from "../theme/controls";
import { copy, pasted, unixLines } from "./clipboard";
import { Completion } from "./completion";
import { flat, isSame, lengthOf, slice, spliced, text, type Content } from "./content";
import { EditHistory } from "./edit-history";
import { styles } from "./editor.styles";
import { tell } from "./events";
import { suggestionList, optionId } from "./suggestion-list";
import type { Sources } from "./suggestions";
import { isTidy, read, select, selectionIn, write, type Span } from "./surface";
import type { Sign } from "./trigger";

/**
 * A text field that grows to a bound.
 *
 * @fires chatkit-edit - With each change of the text by the user.
 * @fires chatkit-submit - On Enter.
 * @fires chatkit-files - When files are pasted.
 * @fires chatkit-failure - When the page's search or command fails.
 */
export class Editor extends LitElement {
  static override styles = [controls, styles];

  static override properties = {
    content: { attribute: false },
    sources: { attribute: false },
    texts: { attribute: false },
    placeholder: {},
    disabled: { type: Boolean },
  };

  declare content: Content;
  declare sources: Sources;
  declare texts: Texts;
  declare placeholder: string;
  declare disabled: boolean;

  /** What the surface shows; `content` is another when the page has put something in. */
  #shown: Content = [];
  /** The last selection: a button that inserts something takes the focus away. */
  #span: Span = { from: 0, to: 0 };
  readonly #history = new EditHistory({ content: [], cursor: 0 });
  readonly #completion = new Completion({
    content: () => this.#shown,
    replace: (content, span) => this.#replace(content, span ?? this.#span),
    changed: () => this.requestUpdate(),
    failed: (error) => tell(this, "chatkit-failure", { error }),
  });
  readonly #suggestions = this.#completion.suggestions;

  constructor() {
    super();
    this.content = [];
    this.sources = {};
    this.texts = en;
    this.placeholder = "";
    this.disabled = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("selectionchange", this.#selected);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("selectionchange", this.#selected);
    this.#suggestions.close();
  }

  override focus(): void {
    const { surface } = this;
    if (surface === null || this.disabled) return;
    surface.focus({ preventScroll: true });
    select(surface, this.#span);
  }

  /** Put content where the cursor is, or in the place of what is selected. */
  insert(content: Content): void {
    this.#replace(content, this.#span);
  }

  /** Put words where the cursor is, apart from the words beside it. */
  insertWords(words: string): void {
    const { from, to } = this.#span;
    const all = flat(this.#shown);
    const before = from > 0 && !/\s/.test(all.charAt(from - 1)) ? " " : "";
    const after = to < all.length && !/\s/.test(all.charAt(to)) ? " " : "";
    this.insert([text(before + words + after)]);
  }

  /** Ask for suggestions, as if the user had typed the sign. */
  suggest(sign: Sign): void {
    this.focus();
    if (sign === "@") this.insertWords("@");
    else this.insert([text(sign)]);
    this.#look();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sources")) this.#suggestions.sources = this.sources;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("content") && this.content !== this.#shown) this.#adopt(this.content);
    const { open } = this.#suggestions;
    if (open !== null) {
      this.renderRoot
        .querySelector(`#${optionId(open.active)}`)
        ?.scrollIntoView({ block: "nearest" });
    }
  }

  protected override render(): TemplateResult {
    const { open } = this.#suggestions;
    const isEmpty = this.#isEmpty;
    const role = open === null ? "textbox" : "combobox";
    const active = open !== null && open.list.length > 0 ? optionId(open.active) : undefined;
    return html`
      <div class="field-box">
        <div
          id="text"
          contenteditable=${this.disabled ? "false" : "true"}
          role=${role}
          aria-label=${this.placeholder}
          aria-multiline=${open === null ? "true" : nothing}
          aria-autocomplete="list"
          aria-expanded=${open === null ? nothing : "true"}
          aria-haspopup=${open === null ? nothing : "listbox"}
          aria-controls=${open === null ? nothing : "suggestions"}
          aria-activedescendant=${ifDefined(active)}
          aria-disabled=${this.disabled ? "true" : "false"}
          enterkeyhint="send"
          @beforeinput=${this.#before}
          @input=${this.#input}
          @compositionend=${this.#composed}
          @keydown=${this.#key}
          @paste=${this.#paste}
          @copy=${this.#copy}
          @cut=${this.#cut}
          @blur=${this.#blur}
        ></div>
        ${isEmpty ? html`<div class="placeholder" aria-hidden="true">${this.placeholder}</div>` : nothing}
      </div>
      ${
        open === null
          ? nothing
          : suggestionList(open, this.texts, {
              activate: (index) => this.#suggestions.activate(index),
              choose: (suggestion) => void this.#completion.choose(suggestion),
            })
      }
      <div class="visually-hidden" role="status">${this.#said}</div>
    `;
  }

  /** The element that is edited; null before it has rendered. */
  get surface(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>("#text");
  }

  get #isEmpty(): boolean {
    return this.content.every((part) => part.type === "input_text" && part.text === "");
  }

  /** What a screen reader is told of the list. */
  get #said(): string {
    const { open } = this.#suggestions;
    if (open === null || open.isLoading) return "";
    return open.list.length === 0 ? this.texts.noMatches : this.texts.matches(open.list.length);
  }

  /** Show what the page has put in, with the cursor behind it. */
  #adopt(content: Content): void {
    const end = lengthOf(content);
    this.#shown = content;
    this.#span = { from: end, to: end };
    const { surface } = this;
    if (surface !== null && !isSame(read(surface), content)) {
      write(surface, content);
      if (this.#hasFocus) select(surface, this.#span);
    }
    if (end === 0) this.#history.restart({ content, cursor: 0 });
    else this.#history.add({ content, cursor: end }, false);
    this.#suggestions.close();
  }

  /** Put content in the place of a part of the text, in one step that can be undone. */
  #replace(put: Content, { from, to }: Span): void {
    const content = spliced(this.#shown, from, to, put);
    const cursor = from + lengthOf(put);
    this.#history.add({ content, cursor }, false);
    this.#show(content, cursor);
  }

  #show(content: Content, cursor: number): void {
    const { surface } = this;
    if (surface === null) return;
    write(surface, content);
    this.#span = { from: cursor, to: cursor };
    if (this.#hasFocus) select(surface, this.#span);
    this.#told(content);
    this.#look();
  }

  #told(content: Content): void {
    this.#shown = content;
    this.content = content;
    tell(this, "chatkit-edit", { content });
  }

  get #hasFocus(): boolean {
    return this.shadowRoot?.activeElement === this.surface;
  }

  /** Suggest something for what is before the cursor. */
  #look(): void {
    const { from, to } = this.#span;
    this.#suggestions.follow(flat(this.#shown), from === to ? to : null);
  }

  readonly #selected = (): void => {
    const { surface } = this;
    if (surface === null || !this.#hasFocus) return;
    const span = selectionIn(surface);
    if (span === null || (span.from === this.#span.from && span.to === this.#span.to)) return;
    this.#span = span;
    this.#look();
  };

  /** The browser's own editing serves for characters; what makes elements is done here. */
  readonly #before = (event: InputEvent): void => {
    const { inputType } = event;
    if (event.isComposing) return;
    this.#selected();
    if (inputType === "insertParagraph" || inputType === "insertLineBreak") {
      event.preventDefault();
      this.insert([text("\n")]);
    } else if (inputType === "insertText" && event.data?.includes("\n")) {
      event.preventDefault();
      this.insert([text(unixLines(event.data))]);
    } else if (inputType === "historyUndo" || inputType === "historyRedo") {
      event.preventDefault();
      this.#travel(inputType === "historyUndo");
    } else if (inputType === "insertFromDrop" || inputType === "insertFromPaste") {
      event.preventDefault();
      const dropped = event.dataTransfer?.getData("text/plain") ?? event.data ?? "";
      if (dropped !== "") this.insert([text(unixLines(dropped))]);
    } else if (inputType.startsWith("format")) {
      event.preventDefault();
    } else if (inputType.startsWith("delete") && this.#deletesTag(inputType)) {
      event.preventDefault();
    }
  };

  /** Remove the tag beside the cursor as a whole; false if there is none. */
  #deletesTag(inputType: string): boolean {
    const { from, to } = this.#span;
    if (from !== to) return false;
    const at = inputType.endsWith("Backward") ? from - 1 : from;
    if (at < 0 || slice(this.#shown, at, at + 1)[0]?.type !== "input_tag") return false;
    this.#replace([], { from: at, to: at + 1 });
    return true;
  }

  readonly #input = (event: Event): void => {
    this.#typed(event instanceof InputEvent && event.isComposing);
  };

  readonly #composed = (): void => this.#typed(false);

  /** Take over what the browser has done. */
  #typed(isComposing: boolean): void {
    const { surface } = this;
    if (surface === null) return;
    const content = read(surface);
    this.#span = selectionIn(surface) ?? this.#span;
    const cursor = this.#span.to;
    if (!isComposing && !isTidy(surface)) {
      write(surface, content);
      select(surface, this.#span);
    }
    if (!isSame(content, this.#shown)) {
      this.#history.add({ content, cursor }, true);
      this.#told(content);
    }
    this.#look();
  }

  readonly #key = (event: KeyboardEvent): void => {
    // A tag that has the focus is a button with keys of its own.
    if (!this.#hasFocus || isOfComposition(event)) return;
    if (this.#completion.takes(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      tell(this, "chatkit-submit", undefined);
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      this.#travel(key === "z" && !event.shiftKey);
    }
  };

  /** Undo, or redo. */
  #travel(back: boolean): void {
    const moment = back ? this.#history.undo() : this.#history.redo();
    if (moment !== null) this.#show(moment.content, moment.cursor);
  }

  readonly #paste = (event: ClipboardEvent): void => {
    event.preventDefault();
    this.#selected();
    const what = pasted(event);
    if (typeof what === "string") this.insert([text(what)]);
    else if (what.length > 0) tell(this, "chatkit-files", { files: what });
  };

  readonly #copy = (event: ClipboardEvent): void => {
    this.#selected();
    const { from, to } = this.#span;
    if (from < to && this.#hasFocus) copy(event, slice(this.#shown, from, to));
  };

  readonly #cut = (event: ClipboardEvent): void => {
    this.#copy(event);
    if (event.defaultPrevented) this.insert([]);
  };

  readonly #blur = (): void => this.#suggestions.close();
}

function isOfComposition(event: KeyboardEvent): boolean {
  // Safari ends a composition before the Enter that ended it; only the old code tells.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  return event.isComposing || event.keyCode === 229;
}

customElements.define("chatkit-editor", Editor);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-editor": Editor;
  }
}
