/** What a list and a calendar that open from a button have in common. */
import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";

import "../icons/icon";
import type { Texts } from "../texts";
import { attributes } from "./attributes";
import type { FieldValue } from "./fields";
import { closePopup, openPopup, type Align, type Side } from "./popup";

/** What is chosen, and how it is asked for. */
export interface Choice {
  readonly fieldId: string;
  readonly value: FieldValue;
  /** What it is called, if no label says it. */
  readonly name: string | null;
  readonly labelId: string | null;
  /** Id of what says that the choice is wrong. */
  readonly problemId: string | null;
  readonly placeholder: string;
  readonly clearable: boolean;
  readonly disabled: boolean;
  /** What was chosen is being sent: nothing else can be, and the focus stays. */
  readonly waiting: boolean;
}

/**
 * A button that opens a popup to choose from.
 *
 * It renders into its parent's tree, for labels and messages find a field by ids, which end at the
 * border of a shadow tree. Its styles are in `choosing.styles.ts`, for that tree.
 *
 * @fires chatkit-choose - CustomEvent<{ value: string | null }>, when the user has chosen.
 */
export abstract class Choosing extends LitElement {
  static override properties: PropertyDeclarations = {
    choice: { attribute: false },
    texts: { attribute: false },
    isOpen: { state: true },
  };
  declare choice: Choice;
  declare texts: Texts;
  declare protected isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
  }

  /** What the button shows; null if nothing is chosen. */
  protected abstract readonly chosen: string | null;
  protected abstract readonly icon: string;
  protected abstract readonly role_: "listbox" | "dialog";
  protected abstract popup(): TemplateResult;
  protected readonly side: Side = "bottom";
  protected readonly align: Align = "start";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const { clearable, disabled } = this.choice;
    const isCleared = !clearable || disabled || this.chosen === null;
    return html`${this.#chooser()}${isCleared ? nothing : this.#clear()}
    ${
      this.isOpen
        ? html`<div
            class="popup"
            id=${`popup-${this.choice.fieldId}`}
            popover="manual"
            @keydown=${this.#onKey}
            @focusout=${this.#onFocusOut}
          >
            ${this.popup()}
          </div>`
        : nothing
    }`;
  }

  #chooser(): TemplateResult {
    const { fieldId, name, labelId, problemId, placeholder, disabled, waiting } = this.choice;
    const { chosen, isOpen } = this;
    const isList = this.role_ === "listbox";
    const all = {
      id: fieldId,
      disabled,
      role: isList ? "combobox" : undefined,
      "aria-haspopup": this.role_,
      "aria-expanded": isOpen ? "true" : "false",
      "aria-controls": isOpen ? `popup-${fieldId}` : undefined,
      "aria-labelledby": `${labelId ?? `name-${fieldId}`} value-${fieldId}`,
      "aria-describedby": problemId ?? undefined,
      "aria-invalid": isList && problemId !== null ? "true" : undefined,
      "aria-disabled": waiting ? "true" : undefined,
    };
    return html`<button
      type="button"
      class="chooser"
      ${attributes(all)}
      @click=${() => (isOpen ? this.close() : this.open())}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        this.open();
      }}
    >
      ${labelId === null ? html`<span hidden id=${`name-${fieldId}`}>${name}</span>` : nothing}
      <span class=${chosen === null ? "value none" : "value"} id=${`value-${fieldId}`} dir="auto"
        >${chosen ?? (placeholder || this.texts.selectOne)}</span
      >
      <chatkit-icon name=${this.icon}></chatkit-icon>
    </button>`;
  }

  #clear(): TemplateResult {
    const { clear } = this.texts;
    return html`<button
      type="button"
      class="clear"
      aria-label=${clear}
      title=${clear}
      aria-disabled=${this.choice.waiting ? "true" : nothing}
      @click=${() => {
        this.choose(null);
        this.#button?.focus();
      }}
    >
      <chatkit-icon name="x"></chatkit-icon>
    </button>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("isOpen")) return;
    if (this.isOpen) {
      this.#place();
      this.opened();
    }
  }

  /** The popup is there: it takes the focus. */
  protected abstract opened(): void;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch();
    this.isOpen = false;
  }

  protected open(): void {
    const { disabled, waiting } = this.choice;
    if (disabled || waiting || this.isOpen) return;
    this.isOpen = true;
    addEventListener("pointerdown", this.#onPressElsewhere, true);
    addEventListener("scroll", this.#place, true);
    addEventListener("resize", this.#place);
  }

  protected close(): void {
    if (!this.isOpen) return;
    this.#unwatch();
    const popup = this.#popup;
    if (popup !== null) closePopup(popup);
    this.isOpen = false;
  }

  protected choose(value: string | null): void {
    const had = this.isOpen;
    this.close();
    if (had) this.#button?.focus();
    if (value === this.choice.value || this.choice.waiting) return;
    this.dispatchEvent(new CustomEvent("chatkit-choose", { detail: { value } }));
  }

  get #popup(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".popup");
  }

  get #button(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".chooser");
  }

  #unwatch(): void {
    removeEventListener("pointerdown", this.#onPressElsewhere, true);
    removeEventListener("scroll", this.#place, true);
    removeEventListener("resize", this.#place);
  }

  readonly #place = (event?: Event): void => {
    const popup = this.#popup;
    const button = this.#button;
    if (popup === null || button === null) return;
    // What scrolls within the popup moves nothing.
    if (event?.type === "scroll" && event.composedPath().includes(popup)) return;
    popup.style.minInlineSize = `${button.getBoundingClientRect().width}px`;
    openPopup(popup, button, this.side, this.align);
  };

  readonly #onPressElsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.close();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
    this.#button?.focus();
  };

  readonly #onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !this.contains(relatedTarget)) this.close();
  };
}
