/** A button that opens a list of options, of which at most one is chosen. */
import { html, LitElement, nothing, type TemplateResult } from "lit";

import "../icons/icon";
import { controls } from "../theme/controls";
import { tell } from "./events";
import { styles } from "./option-menu.styles";

/** An entry of the menu. */
export interface MenuOption {
  id: string;
  label: string;
  description?: string;
  icon?: string;
  disabled?: boolean;
}

/**
 * The menu pattern of WAI-ARIA: arrows go round, Home and End jump, letters find, Escape closes.
 *
 * @fires chatkit-choose - When an option is chosen; also when it is chosen already.
 */
export class OptionMenu extends LitElement {
  static override styles = [controls, styles];

  static override properties = {
    label: {},
    caption: {},
    icon: {},
    options: { attribute: false },
    chosen: { attribute: false },
    disabled: { type: Boolean },
    align: { reflect: true },
    isOpen: { state: true },
  };

  /** What the button is called. */
  declare label: string;
  /** What the button shows, if it is more than an icon. */
  declare caption: string | null;
  declare icon: string | null;
  declare options: readonly MenuOption[];
  declare chosen: string | null;
  declare disabled: boolean;
  /** The edge of the button at which the list is. */
  declare align: "start" | "end";
  declare protected isOpen: boolean;

  constructor() {
    super();
    this.label = "";
    this.caption = null;
    this.icon = null;
    this.options = [];
    this.chosen = null;
    this.disabled = false;
    this.align = "start";
    this.isOpen = false;
  }

  override focus(): void {
    this.renderRoot.querySelector("button")?.focus();
  }

  protected override render(): TemplateResult {
    const { caption } = this;
    return html`<button
        class=${caption === null ? "icon" : "quiet"}
        type="button"
        aria-haspopup="menu"
        aria-expanded=${this.isOpen}
        aria-controls=${this.isOpen ? "menu" : nothing}
        aria-label=${caption === null ? this.label : `${this.label}: ${caption}`}
        title=${this.label}
        ?disabled=${this.disabled}
        @click=${this.#toggle}
        @keydown=${this.#buttonKey}
      >
        ${this.icon === null ? nothing : html`<chatkit-icon name=${this.icon}></chatkit-icon>`}
        ${
          caption === null
            ? nothing
            : html`<span class="label">${caption}</span
                ><chatkit-icon name="lucide:chevron-down"></chatkit-icon>`
        }
      </button>
      ${this.isOpen ? this.#menu() : nothing}`;
  }

  #menu(): TemplateResult {
    return html`<div
      id="menu"
      class="menu"
      role="menu"
      aria-label=${this.label}
      @keydown=${this.#menuKey}
      @focusout=${this.#left}
    >
      ${this.options.map((option) => this.#entry(option))}
    </div>`;
  }

  #entry({ id, label, description, icon, disabled = false }: MenuOption): TemplateResult {
    const isChosen = id === this.chosen;
    return html`<div
      role="menuitemradio"
      tabindex="-1"
      data-id=${id}
      aria-checked=${isChosen}
      aria-disabled=${disabled}
      @click=${() => this.#choose(id, disabled)}
    >
      ${icon === undefined ? nothing : html`<chatkit-icon name=${icon}></chatkit-icon>`}
      <span class="words">
        ${label} ${description ? html`<span class="description">${description}</span>` : nothing}
      </span>
      ${isChosen ? html`<chatkit-icon name="check"></chatkit-icon>` : nothing}
    </div>`;
  }

  get #entries(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
  }

  async #open(at: "first" | "last" | "chosen"): Promise<void> {
    this.isOpen = true;
    await this.updateComplete;
    const entries = this.#entries;
    const chosen = entries.find((entry) => entry.dataset["id"] === this.chosen);
    const first = at === "last" ? entries.at(-1) : entries[0];
    (at === "chosen" ? (chosen ?? first) : first)?.focus();
  }

  #close(): void {
    this.isOpen = false;
    this.focus();
  }

  #choose(id: string, disabled: boolean): void {
    if (disabled) return;
    this.#close();
    tell(this, "chatkit-choose", { id });
  }

  readonly #toggle = (): void => {
    if (this.isOpen) this.#close();
    else void this.#open("chosen");
  };

  readonly #buttonKey = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    void this.#open(event.key === "ArrowUp" ? "last" : "first");
  };

  readonly #menuKey = (event: KeyboardEvent): void => {
    const entries = this.#entries;
    const now = entries.findIndex((entry) => entry === this.shadowRoot?.activeElement);
    const goTo = (index: number): void => {
      entries[(index + entries.length) % entries.length]?.focus();
    };
    switch (event.key) {
      case "ArrowDown":
        goTo(now + 1);
        break;
      case "ArrowUp":
        goTo(now - 1);
        break;
      case "Home":
        goTo(0);
        break;
      case "End":
        goTo(-1);
        break;
      case "Enter":
      case " ":
        entries[now]?.click();
        break;
      case "Escape":
        this.#close();
        break;
      case "Tab":
        this.isOpen = false;
        return;
      default:
        if (!this.#find(event, entries, now)) return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** Go to the next entry that begins with a letter. */
  #find({ key, ctrlKey, metaKey }: KeyboardEvent, entries: HTMLElement[], now: number): boolean {
    if (key.length !== 1 || ctrlKey || metaKey) return false;
    const labels = this.options.map(({ label }) => label.toLocaleLowerCase());
    const order = entries.map((_, step) => (now + 1 + step) % entries.length);
    const found = order.find((index) => labels[index]?.startsWith(key.toLocaleLowerCase()));
    if (found !== undefined) entries[found]?.focus();
    return true;
  }

  readonly #left = (event: FocusEvent): void => {
    const { relatedTarget } = event;
    const stays = relatedTarget instanceof Node && this.shadowRoot?.contains(relatedTarget);
    if (!stays) this.isOpen = false;
  };
}

customElements.define("chatkit-option-menu", OptionMenu);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-option-menu": OptionMenu;
  }
}
