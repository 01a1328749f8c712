/** A list to choose one entry from. */
import { html, nothing, type TemplateResult } from "lit";

import { Choosing } from "./choosing";
import { shown, type SelectOption } from "./components";

/** Longer lists can be searched, unless they say otherwise. */
const SEARCHED_FROM = 16;
/** Letters that follow each other faster are one word. */
const TYPING_MS = 700;

/** `<chatkit-select>`: a button with what is chosen, and a list that opens from it. */
export class Select extends Choosing {
  static override properties = {
    options: { attribute: false },
    searchable: { attribute: false },
    search: { state: true },
    active: { state: true },
  };
  declare options: readonly SelectOption[];
  /** Null: as the list's length has it. */
  declare searchable: boolean | null;
  declare private search: string;
  declare private active: number;
  #typed = "";
  #typedAt = 0;

  constructor() {
    super();
    this.options = [];
    this.searchable = null;
    this.search = "";
    this.active = -1;
  }

  protected override readonly icon = "chevron-down";
  protected override readonly role_ = "listbox";

  protected override get chosen(): string | null {
    const option = this.options.find(({ value }) => value === this.choice.value);
    return option === undefined ? null : shown(option.label);
  }

  get #isSearched(): boolean {
    return this.searchable ?? this.options.length >= SEARCHED_FROM;
  }

  get #found(): readonly SelectOption[] {
    const wanted = this.search.trim().toLocaleLowerCase();
    if (wanted === "") return this.options;
    return this.options.filter(({ label, description }) =>
      `${shown(label)} ${shown(description)}`.toLocaleLowerCase().includes(wanted),
    );
  }

  protected override open(): void {
    this.search = "";
    const chosen = this.options.findIndex(({ value }) => value === this.choice.value);
    this.active = chosen >= 0 ? chosen : this.#next(-1, 1);
    super.open();
  }

  protected override opened(): void {
    this.querySelector<HTMLElement>(this.#isSearched ? ".search" : "[role=listbox]")?.focus();
    this.#showActive();
  }

  protected override popup(): TemplateResult {
    const found = this.#found;
    const listId = `list-${this.choice.fieldId}`;
    const activeId = found[this.active] === undefined ? nothing : `${listId}-${this.active}`;
    return html`${
        this.#isSearched
          ? html`<input
              class="search"
              type="text"
              role="combobox"
              aria-expanded="true"
              aria-autocomplete="list"
              aria-controls=${listId}
              aria-activedescendant=${activeId}
              aria-label=${this.texts.search}
              placeholder=${this.texts.search}
              autocomplete="off"
              .value=${this.search}
              @input=${(event: InputEvent) => {
                event.stopPropagation();
                this.search = (event.target as HTMLInputElement).value;
                this.active = this.#next(-1, 1);
              }}
              @keydown=${this.#onKey}
            />`
          : nothing
      }
      <div
        class="list"
        role="listbox"
        id=${listId}
        tabindex=${this.#isSearched ? "-1" : "0"}
        aria-label=${this.choice.name ?? nothing}
        aria-labelledby=${this.choice.labelId ?? nothing}
        aria-activedescendant=${this.#isSearched ? nothing : activeId}
        @keydown=${this.#onKey}
      >
        ${found.map((option, place) => this.#option(option, place, listId))}
      </div>
      ${found.length === 0 ? html`<p class="none" role="status">${this.texts.noMatches}</p>` : nothing}`;
  }

  #option(option: SelectOption, place: number, listId: string): TemplateResult {
    const isChosen = option.value === this.choice.value;
    return html`<div
      role="option"
      id=${`${listId}-${place}`}
      class=${place === this.active ? "option active" : "option"}
      aria-selected=${isChosen ? "true" : "false"}
      aria-disabled=${option.disabled ? "true" : nothing}
      @pointermove=${() => {
        if (!option.disabled) this.active = place;
      }}
      @click=${() => {
        if (!option.disabled) this.choose(option.value);
      }}
    >
      <span class="words" dir="auto"
        ><span>${shown(option.label)}</span>${
          option.description
            ? html`<span class="description">${shown(option.description)}</span>`
            : nothing
        }</span
      >
      ${isChosen ? html`<chatkit-icon name="check"></chatkit-icon>` : nothing}
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const found = this.#found;
    const steps: Partial<Record<string, () => number>> = {
      ArrowDown: () => this.#next(this.active, 1),
      ArrowUp: () => this.#next(this.active, -1),
      Home: () => this.#next(-1, 1),
      End: () => this.#next(found.length, -1),
    };
    const step = this.#isSearched && /Home|End/.test(event.key) ? undefined : steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.active = step();
      void this.updateComplete.then(() => this.#showActive());
    } else if (event.key === "Enter" || (event.key === " " && !this.#isTyping(event))) {
      event.preventDefault();
      const option = found[this.active];
      if (option !== undefined && !option.disabled) this.choose(option.value);
    } else if (event.key === "Tab") this.close();
    else if (!this.#isSearched && event.key.length === 1) this.#type(event);
  };

  /** Whether a blank belongs to what is being typed. */
  #isTyping({ timeStamp }: KeyboardEvent): boolean {
    return this.#isSearched || (this.#typed !== "" && timeStamp - this.#typedAt < TYPING_MS);
  }

  /** Letters lead to the next entry that begins with them. */
  #type({ key, timeStamp }: KeyboardEvent): void {
    this.#typed = timeStamp - this.#typedAt < TYPING_MS ? this.#typed + key : key;
    this.#typedAt = timeStamp;
    const wanted = this.#typed.toLocaleLowerCase();
    const place = this.options.findIndex(
      ({ label, disabled }) => !disabled && shown(label).toLocaleLowerCase().startsWith(wanted),
    );
    if (place >= 0) this.active = place;
    void this.updateComplete.then(() => this.#showActive());
  }

  /** The next entry that can be chosen. */
  #next(from: number, step: 1 | -1): number {
    const found = this.#found;
    for (let place = from + step; place >= 0 && place < found.length; place += step) {
      if (!found[place]?.disabled) return place;
    }
    return from >= 0 && from < found.length ? from : -1;
  }

  #showActive(): void {
    this.querySelector(".option.active")?.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("chatkit-select", Select);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-select": Select;
  }
}
