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
import { closePopup, openPopup, type Align, type Side } from "./popup";

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
    fieldId: { attribute: false },
    name: { attribute: false },
    labelId: { attribute: false },
    problemId: { attribute: false },
    texts: { attribute: false },
    value: { attribute: false },
    placeholder: { attribute: false },
    clearable: { attribute: false },
    disabled: { attribute: false },
    invalid: { attribute: false },
    isOpen: { state: true },
  };
  declare fieldId: string;
  /** What it is called, if no label says it. */
  declare name: string | null;
  declare labelId: string | null;
  declare problemId: string | null;
  declare texts: Texts;
  declare value: string | null;
  declare placeholder: string;
  declare clearable: boolean;
  declare disabled: boolean;
  declare invalid: boolean;
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
    const { chosen } = this;
    const valueId = `value-${this.fieldId}`;
    return html`<button
        type="button"
        class="chooser"
        id=${this.fieldId}
        aria-haspopup=${this.role_}
        aria-expanded=${this.isOpen ? "true" : "false"}
        aria-labelledby=${`${this.labelId ?? `name-${this.fieldId}`} ${valueId}`}
        aria-describedby=${this.problemId ?? nothing}
        aria-invalid=${this.invalid && this.role_ === "listbox" ? "true" : nothing}
        role=${this.role_ === "listbox" ? "combobox" : nothing}
        aria-controls=${this.isOpen ? `popup-${this.fieldId}` : nothing}
        ?disabled=${this.disabled}
        @click=${() => (this.isOpen ? this.close() : this.open())}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          this.open();
        }}
      >
        ${
          this.labelId === null
            ? html`<span hidden id=${`name-${this.fieldId}`}>${this.name}</span>`
            : nothing
        }
        <span class=${chosen === null ? "value none" : "value"} id=${valueId} dir="auto"
          >${chosen ?? (this.placeholder || this.texts.selectOne)}</span
        >
        <chatkit-icon name=${this.icon}></chatkit-icon>
      </button>
      ${
        this.clearable && chosen !== null && !this.disabled
          ? html`<button
              type="button"
              class="clear"
              aria-label=${this.texts.clear}
              title=${this.texts.clear}
              @click=${() => {
                this.choose(null);
                this.#button?.focus();
              }}
            >
              <chatkit-icon name="x"></chatkit-icon>
            </button>`
          : nothing
      }
      ${
        this.isOpen
          ? html`<div
              class="popup"
              id=${`popup-${this.fieldId}`}
              popover="manual"
              @keydown=${this.#onKey}
              @focusout=${this.#onFocusOut}
            >
              ${this.popup()}
            </div>`
          : nothing
      }`;
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
    if (this.disabled || this.isOpen) return;
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
    if (value === this.value) return;
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
