/** A calendar to choose a day from. */
import { html, nothing, type TemplateResult } from "lit";

import {
  dateOf,
  daysLater,
  firstDayOf,
  formatted,
  isWithin,
  monthsLater,
  today,
  weeksOf,
} from "./calendar";
import { Choosing } from "./choosing";
import type { Align, Side } from "./popup";

/** `<chatkit-date-picker>`: a button with the day, and a calendar that opens from it. */
export class DatePicker extends Choosing {
  static override properties = {
    language: { attribute: false },
    min: { attribute: false },
    max: { attribute: false },
    side: { attribute: false },
    align: { attribute: false },
    focused: { state: true },
  };
  declare language: string | undefined;
  /** ISO dates or times between which, both included, a day can be chosen. */
  declare min: string | null;
  declare max: string | null;
  declare side: Side;
  declare align: Align;
  /** The day that the keyboard is at. */
  declare private focused: string;

  constructor() {
    super();
    this.min = null;
    this.max = null;
    this.focused = today();
  }

  protected override readonly icon = "calendar";
  protected override readonly role_ = "dialog";

  protected override get chosen(): string | null {
    const date = dateOf(this.choice.value);
    return date === null ? null : formatted(date, this.language, { dateStyle: "medium" });
  }

  protected override open(): void {
    this.focused = this.#inBounds(dateOf(this.choice.value) ?? today());
    super.open();
  }

  protected override opened(): void {
    this.#focusDay();
  }

  protected override popup(): TemplateResult {
    const { focused, language, texts } = this;
    const firstDay = firstDayOf(language);
    const weeks = weeksOf(focused, firstDay);
    const month = formatted(focused, language, { month: "long", year: "numeric" });
    return html`<div class="calendar" role="dialog" aria-label=${texts.chooseDate}>
      <div class="months">
        ${this.#step(-1, texts.previousMonth, "chevron-left")}
        <span aria-live="polite">${month}</span>
        ${this.#step(1, texts.nextMonth, "chevron-right")}
      </div>
      <table role="grid" aria-label=${month} @keydown=${this.#onKey}>
        <thead>
          <tr>
            ${(weeks[0] ?? []).map(
              (day) =>
                html`<th scope="col" abbr=${formatted(day, language, { weekday: "long" })}>
                  ${formatted(day, language, { weekday: "narrow" })}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${weeks.map(
            (week) =>
              html`<tr>
                ${week.map((day) => this.#day(day))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #step(months: 1 | -1, label: string, icon: string): TemplateResult {
    const next = monthsLater(this.focused, months);
    const first = `${next.slice(0, 7)}-01`;
    const last = daysLater(monthsLater(first, 1), -1);
    const { min, max } = this.#bounds;
    const isOut = (min !== null && last < min) || (max !== null && first > max);
    return html`<button
      type="button"
      class="step"
      aria-label=${label}
      title=${label}
      ?disabled=${isOut}
      @click=${() => (this.focused = this.#inBounds(next))}
    >
      <chatkit-icon name=${icon}></chatkit-icon>
    </button>`;
  }

  #day(day: string): TemplateResult {
    const { min, max } = this.#bounds;
    const isChosen = day === dateOf(this.choice.value);
    const isOther = day.slice(0, 7) !== this.focused.slice(0, 7);
    return html`<td role="gridcell" aria-selected=${isChosen ? "true" : "false"}>
      <button
        type="button"
        class="day ${isOther ? "other" : ""}"
        data-day=${day}
        tabindex=${day === this.focused ? "0" : "-1"}
        aria-label=${formatted(day, this.language, { dateStyle: "full" })}
        aria-current=${day === today() ? "date" : nothing}
        aria-pressed=${isChosen ? "true" : nothing}
        ?disabled=${!isWithin(day, min, max)}
        @click=${() => this.choose(day)}
      >
        ${formatted(day, this.language, { day: "numeric" })}
      </button>
    </td>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const forward = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const months = event.shiftKey ? 12 : 1;
    const next: Partial<Record<string, string>> = {
      ArrowLeft: daysLater(this.focused, -forward),
      ArrowRight: daysLater(this.focused, forward),
      ArrowUp: daysLater(this.focused, -7),
      ArrowDown: daysLater(this.focused, 7),
      PageUp: monthsLater(this.focused, -months),
      PageDown: monthsLater(this.focused, months),
    };
    const day = next[event.key];
    if (day === undefined) return;
    event.preventDefault();
    this.focused = this.#inBounds(day);
    void this.updateComplete.then(() => this.#focusDay());
  };

  get #bounds(): { min: string | null; max: string | null } {
    return { min: dateOf(this.min), max: dateOf(this.max) };
  }

  #inBounds(day: string): string {
    const { min, max } = this.#bounds;
    if (min !== null && day < min) return min;
    return max !== null && day > max ? max : day;
  }

  #focusDay(): void {
    this.querySelector<HTMLElement>(`[data-day="${this.focused}"]`)?.focus();
  }
}

customElements.define("chatkit-date-picker", DatePicker);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-date-picker": DatePicker;
  }
}
